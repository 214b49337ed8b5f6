"""ADR-0011: kept styles and streams written once change the time, not one byte."""

from __future__ import annotations

import json
import subprocess
import sys

from reporting.domain.papers.base import snapshot
from reporting.domain.papers.invoice import Bill, invoice_paper

SCRIPT = """
import hashlib, json, sys
from weasyprint import css
plain = css.StyleFor.__init__
from reporting.paper import page
from reporting.paper.page import Press
papers, press = json.load(sys.stdin), Press()
kept = [hashlib.sha256(press.print(paper)).hexdigest() for paper in papers]
assert css.StyleFor.__init__ is not plain
css.StyleFor.__init__ = plain
page._serialise_once = None
print(json.dumps([kept, [hashlib.sha256(press.print(paper)).hexdigest() for paper in papers]]))
"""


def test_papers_are_the_same_to_the_byte_without_what_makes_them_fast(sample) -> None:
    papers = []
    for number in (3, 4, 3):
        invoice = sample.invoice(number)
        position = sample.recap(invoice).position
        bill = Bill(invoice, sample.customer, position)
        papers.append(snapshot(invoice_paper(bill, sample.imprint(f"INV/2026/12/00000{number}"))))

    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT],
        input=json.dumps(papers),
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    kept, plain = json.loads(run.stdout)
    assert kept == plain
    assert kept[0] == kept[2] != kept[1]
