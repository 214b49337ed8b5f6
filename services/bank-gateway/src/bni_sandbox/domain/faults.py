"""What goes wrong on purpose: the knobs. A rate is 0 to 1 and is drawn anew for each occasion."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bni_protocol.fields import Operation

Rate = Annotated[float, Field(ge=0, le=1)]


class Faults(BaseModel):
    """The knobs of ``PUT /simulate/faults``; everything is off by default.

    Attributes:
        duplicate: a delivered notification is sent once more.
        delay_ms: a notification waits this long before its first try.
        reorder: a notification waits until a later one has overtaken it.
        drop: a notification is never sent.
        corrupt: one bit of the ciphertext is flipped in this try; it may decode or not.
        tamper: the amount is changed inside the ciphertext; it decodes and is wrong (C4).
        other_amount: the message says another amount under the same id, and is sealed or signed
            as it should be; nothing but the bank's own record shows it (C6, C10).
        undecodable: only the first half of the ciphertext arrives (C7).
        wrong_key: this try is encrypted with another secret.
        old_timestamp: this try carries a time outside every window.
        clock_skew_s: the bank's clock is ahead by this much (behind when negative).
        error_code: requests are answered with this status and have no effect; over SNAP also five
            digits: the HTTP status and the case ...
        error_rate: ... in this share of cases.
        refuse_connections: the connection ends without an answer, before any effect.
        answer_lost: the request takes effect, but the connection ends without the answer.
        answer_timeout: the request takes effect, and is answered as one that took too long: 010,
            over SNAP 504.
        answer_delay_ms: the bank is slow.
        operations: the faults of requests strike only these; empty is all.
        statement_omit: a line is missing on the statement.
        statement_alter: an amount on the statement is one rupiah too high.
        statement_unbalanced: the closing balance is not the sum of the lines.
        seed: makes the draws repeatable: the same occasion always has the same fate.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    duplicate: Rate = 0
    delay_ms: Annotated[int, Field(ge=0, le=600_000)] = 0
    reorder: Rate = 0
    drop: Rate = 0
    corrupt: Rate = 0
    tamper: Rate = 0
    other_amount: Rate = 0
    undecodable: Rate = 0
    wrong_key: Rate = 0
    old_timestamp: Rate = 0
    clock_skew_s: Annotated[int, Field(ge=-86_400, le=86_400)] = 0
    error_code: Annotated[str, Field(pattern=r"^([0-9]{3}|[0-9]{5})?$")] = ""
    error_rate: Rate = 1
    refuse_connections: Rate = 0
    answer_lost: Rate = 0
    answer_timeout: Rate = 0
    answer_delay_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    operations: tuple[Operation, ...] = ()
    statement_omit: Rate = 0
    statement_alter: Rate = 0
    statement_unbalanced: bool = False
    seed: int | None = None

    def concern(self, operation: str) -> bool:
        """Tell whether the faults of requests strike this operation."""
        return not self.operations or operation in self.operations

    def any(self) -> bool:
        """Tell whether anything can go wrong."""
        quiet = {"seed", "error_rate", "operations"}
        return bool(set(self.model_dump(exclude_defaults=True)) - quiet)


SCENARIOS = {
    "bank-lambat": Faults(answer_delay_ms=8000),
    "bank-terputus": Faults(refuse_connections=1),
    "bank-gangguan": Faults(error_code="997"),
    "jawaban-hilang": Faults(answer_lost=1),
    "callback-hilang": Faults(drop=1),
    "serba-ganda": Faults(duplicate=1),
    "urutan-kacau": Faults(reorder=1),
    "pesan-dirusak": Faults(tamper=0.3, corrupt=0.3, undecodable=0.1),
    "hari-buruk": Faults(
        duplicate=0.05,
        reorder=0.02,
        drop=0.01,
        corrupt=0.01,
        answer_lost=0.02,
        error_code="999",
        error_rate=0.02,
        seed=1,
    ),
    "mutasi-cacat": Faults(statement_omit=0.1, statement_alter=0.05),
}
"""Troubles that go together, by the name that the control page gives them."""
