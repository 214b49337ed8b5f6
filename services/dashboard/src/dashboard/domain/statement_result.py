"""What an import did, as the last step of its wizard shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.domain import wording
from dashboard.domain.answers.closes import Figure
from dashboard.domain.answers.statements import Outcome, StatementDetail
from dashboard.domain.closing import EXCEPTIONS
from dashboard.domain.status import Mark

BY_ITSELF = {
    "confirmed": ("Membuktikan pembayaran yang baru dikabarkan callback", "check-check"),
    "joined": ("Sama dengan pembayaran yang sudah dikonfirmasi bank", "check-check"),
    "posted": ("Pembayaran VA yang belum dikabarkan, kini tercatat", "plus"),
    "fee": ("Biaya bank, dicatat menurut aturan", "landmark"),
}
"""Fates that needed nobody: what each says, and its icon."""


@dataclass(frozen=True, slots=True)
class Row:
    """One way in which lines ended."""

    mark: Mark
    figure: Figure


@dataclass(frozen=True, slots=True)
class Matter:
    """What needs a person, with the part of the inbox that shows it."""

    word: str
    figure: Figure
    address: str


@dataclass(frozen=True, slots=True)
class Result:
    """The last step: how far it is, what went by itself, what needs a person."""

    sentence: str
    running: bool
    taken: int
    total: int
    rows: tuple[Row, ...]
    matters: tuple[Matter, ...]


def result_of(statement: StatementDetail) -> Result:
    """Say what became of a statement."""
    outcome, total = statement.outcome, statement.added_count
    taken = total - _count(outcome, "pending")
    return Result(
        sentence=_sentence(outcome, taken, total),
        running=not outcome.compared,
        taken=taken,
        total=total,
        rows=tuple(_rows(outcome, statement.known_count)),
        matters=tuple(
            Matter(EXCEPTIONS.get(kind, "Hal lain"), figure, f"/exceptions?kind={kind}")
            for kind, figure in outcome.open.items()
        ),
    )


def _sentence(outcome: Outcome, taken: int, total: int) -> str:
    if not outcome.compared:
        if taken == total:
            return "Semua baris sudah dicocokkan; mencari pembayaran yang tidak ada di mutasi"
        return f"Sedang dicocokkan: {wording.grouped(taken)} dari {wording.grouped(total)} baris"
    alone = wording.grouped(sum(_count(outcome, fate) for fate in BY_ITSELF))
    waits = sum(figure.count for figure in outcome.open.values())
    if waits:
        return (
            f"{wording.grouped(waits)} hal perlu ditangani; {alone} baris cocok dengan sendirinya"
        )
    if not total:
        return "Tidak ada baris baru, jadi tidak ada yang berubah di buku"
    return f"Tidak ada yang perlu ditangani; {alone} baris cocok dengan sendirinya"


def _rows(outcome: Outcome, known: int) -> Iterator[Row]:
    for fate, (word, icon) in BY_ITSELF.items():
        yield Row(Mark("success", icon, word), outcome.lines.get(fate, Figure()))
    waiting, decided = (outcome.lines.get(fate, Figure()) for fate in ("waiting", "decided"))
    if decided.count:
        yield Row(Mark("success", "user-round", "Sudah diputuskan orang"), decided)
    tone = "warning" if waiting.count else "success"
    yield Row(Mark(tone, "inbox", "Menunggu keputusan orang"), waiting)
    if known:
        yield Row(Mark("muted", "circle-check", "Sudah dikenal, dilewati"), Figure(count=known))


def _count(outcome: Outcome, fate: str) -> int:
    return outcome.lines.get(fate, Figure()).count
