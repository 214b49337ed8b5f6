"""WeasyPrint as its manual shows it: one process, ``write_pdf`` per document.

Reads rounds of filled templates as JSON lines, and answers each with the seconds that the rounds'
documents took and the PDFs of the first few. Stylesheet and fonts are read once and kept, unless
``--afresh`` asks for the shortest program there is, which reads both for every document.
"""

from __future__ import annotations

import base64
import json
import logging
import sys
import time

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from reporting.paper.page import FOLDER

SHEET = FOLDER / "print.css"
SAME_LOOK = "* { margin: 0; padding: 0 }"
"""The papers' sheet is written for elements without margins, the built-in one gives them some."""


def main() -> None:
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    afresh = "--afresh" in sys.argv
    fonts = FontConfiguration()
    sheet = weasyprint.CSS(filename=SHEET, font_config=fonts)
    reset = weasyprint.CSS(string=SAME_LOOK)
    for line in sys.stdin:
        given = json.loads(line)
        pdfs = []
        wall, cpu = time.perf_counter(), time.process_time()
        for number, markup in given["papers"]:
            if afresh:
                fonts = FontConfiguration()
                sheet = weasyprint.CSS(filename=SHEET, font_config=fonts)
            page = weasyprint.HTML(string=markup)
            pdf = page.write_pdf(
                stylesheets=[reset, sheet],
                font_config=fonts,
                pdf_variant="pdf/a-3a",
                pdf_identifier=number.encode(),
            )
            pdfs.append(pdf)
        seconds = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        kept = [base64.b64encode(pdf).decode() for pdf in pdfs[: given["keep"]]]
        print(json.dumps({"seconds": seconds, "pdfs": kept}), flush=True)


if __name__ == "__main__":
    main()
