"""1,000 invoices as PDF by our renderers, against WeasyPrint's plain ``write_pdf``.

    ./lunas bench pdf --papers 1000

The yardstick is one process that gives each filled template to ``write_pdf``, with stylesheet and
fonts read once and kept; ours take the papers as they are stored, fill the templates, draw the QR
and print, in a warm pool of two. Both do the same papers in turn, in rounds of the same run. The
program ends with code 1 unless both say and show the same; speed decides nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pydyf
import weasyprint
from callback_parts import usage
from pdf_parts.invoices import invoices
from pdf_parts.looking import same_look
from pdf_parts.yardstick import Plain

from reporting.paper.page import Press
from reporting.paper.printer import Limits, Printer

GOAL = 0.35
PROCESSES = 2
_LOOKED_AT = 3

Papers = Sequence[dict[str, Any]]


@dataclass
class Taken:
    """What a subject's rounds took, in seconds."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def note(self, wall: float, cpu: float) -> None:
        self.wall.append(wall)
        self.cpu.append(cpu)


@dataclass
class Measured:
    """Both subjects, and what looked different."""

    ours: Taken = field(default_factory=Taken)
    plain: Taken = field(default_factory=Taken)
    looked_at: int = 0
    differences: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--papers", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--afresh", type=int, default=40, help="papers without anything kept")
    given = parser.parse_args()
    measured = asyncio.run(measure(given.papers // given.rounds, given.rounds))
    afresh = _afresh(given.afresh) if given.afresh else None
    _tell(measured, given.papers // given.rounds, afresh)
    return _judge(measured)


async def measure(count: int, rounds: int) -> Measured:
    press, measured = Press(), Measured()
    printer = Printer(Limits(processes=PROCESSES, seconds=60, waiting=count + PROCESSES))
    with Plain() as plain:
        try:
            await _print(printer, invoices(0, PROCESSES * 4))
            plain.print([(paper["number"], press.markup(paper)) for paper in invoices(0, 4)])
            for number in range(rounds):
                papers = invoices(number * count, count)
                turns = [_our_turn, _plain_turn] if number % 2 else [_plain_turn, _our_turn]
                pdfs = [await turn(measured, papers, printer, plain, press) for turn in turns]
                for one, other in zip(*pdfs, strict=True):
                    measured.looked_at += 1
                    measured.differences += same_look(one, other)
        finally:
            await printer.closed()
    return measured


async def _our_turn(
    measured: Measured, papers: Papers, printer: Printer, *_: object
) -> list[bytes]:
    before, wall = _cpu(printer), time.perf_counter()
    pdfs = await _print(printer, papers)
    measured.ours.note(time.perf_counter() - wall, _cpu(printer) - before)
    return pdfs[:_LOOKED_AT]


async def _plain_turn(
    measured: Measured, papers: Papers, _printer: Printer, plain: Plain, press: Press
) -> list[bytes]:
    filled = [(paper["number"], press.markup(paper)) for paper in papers]
    answer = await asyncio.to_thread(plain.print, filled, _LOOKED_AT)
    measured.plain.note(answer.wall, answer.cpu)
    return answer.pdfs


async def _print(printer: Printer, papers: Papers) -> list[bytes]:
    return await asyncio.gather(*(printer.print(paper) for paper in papers))


def _cpu(printer: Printer) -> float:
    return sum(usage.seconds(process.pid) for process in printer._idle)


def _afresh(count: int) -> float:
    press = Press()
    with Plain("--afresh") as plain:
        filled = [(paper["number"], press.markup(paper)) for paper in invoices(0, count)]
        return plain.print(filled).cpu / count


def _tell(measured: Measured, count: int, afresh: float | None) -> None:
    ours, plain = measured.ours, measured.plain
    ratios = [o / p for o, p in zip(ours.wall, plain.wall, strict=True)]
    print(
        f"Python {platform.python_version()}, WeasyPrint {weasyprint.__version__},"
        f" pydyf {pydyf.__version__}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    print("              papers/s  wall ms (least, most)      processor ms")
    for name, taken in (("ours", ours), ("write_pdf", plain)):
        each = [1000 * wall / count for wall in taken.wall]
        cpu = 1000 * statistics.median(taken.cpu) / count
        spread = f"({min(each):.1f}, {max(each):.1f})"
        middle = statistics.median(each)
        print(f"{name:<12} {1000 / middle:>9.1f} {middle:>8.1f} {spread:<18} {cpu:>10.1f}")
    print(
        f"wall, ours to write_pdf: {statistics.median(ratios):.2f}"
        f" ({min(ratios):.2f}, {max(ratios):.2f}), goal {GOAL};"
        f" processor: {sum(ours.cpu) / sum(plain.cpu):.2f}"
    )
    if afresh is not None:
        print(f"write_pdf with nothing kept: {1000 * afresh:.1f} ms of processor a paper")


def _judge(measured: Measured) -> int:
    if measured.differences:
        print("\n".join(measured.differences))
        return 1
    print(f"same text and same pictures: {measured.looked_at} of {measured.looked_at} papers")
    return 0


if __name__ == "__main__":
    sys.exit(main())
