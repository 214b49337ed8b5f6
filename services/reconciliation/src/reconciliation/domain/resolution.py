"""What a person may do about an exception, who has to agree, and in which words it ends."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from reconciliation.domain.exception import ExceptionKind
from shared.errors import Conflict, Forbidden, Invalid
from shared.money import Rupiah


class Action(StrEnum):
    """What a person decides."""

    MATCH = "match"
    CREDIT = "credit"
    SPLIT = "split"
    RETURN = "return"
    WRITE_OFF = "write_off"
    REVERSE = "reverse"
    BOOK_FEE = "book_fee"
    BOOK_WITHDRAWAL = "book_withdrawal"
    EXPLAIN = "explain"


class ResolutionState(StrEnum):
    """Where a decision stands."""

    PROPOSED = "proposed"
    DONE = "done"
    REFUSED = "refused"
    UNDONE = "undone"


S = ResolutionState
TRANSITIONS: dict[ResolutionState, frozenset[ResolutionState]] = {
    S.PROPOSED: frozenset({S.DONE, S.REFUSED}),
    S.DONE: frozenset({S.UNDONE}),
    S.REFUSED: frozenset(),
    S.UNDONE: frozenset(),
}
"""The database walks the same table."""

DISPOSALS = frozenset({Action.RETURN, Action.WRITE_OFF})
"""Money leaves the customers' books."""

BOOKINGS = frozenset({Action.BOOK_FEE, Action.BOOK_WITHDRAWAL})
"""Money that the bank shows as gone leaves our books too."""

_LEFTOVERS = frozenset({ExceptionKind.UNKNOWN_PAYER, ExceptionKind.OVERPAID})
_DENIED = frozenset(
    {ExceptionKind.MISSING_AT_BANK, ExceptionKind.AMOUNT_DIFFERS, ExceptionKind.DISPUTED}
)
_OF_MONEY = (Action.MATCH, Action.CREDIT, Action.RETURN, Action.WRITE_OFF)
_OF_NOBODYS_MONEY = (Action.MATCH, Action.SPLIT, *_OF_MONEY[1:])


class ActionNotOffered(Conflict):
    """This kind of exception has no such way out."""

    detail = "Tindakan ini tidak tersedia untuk pengecualian tersebut. Tidak ada yang berubah."


class AlreadyClosed(Conflict):
    """Somebody, or the books themselves, explained it before."""

    detail = "Pengecualian ini sudah selesai: {outcome}"


class WaitsForSecondPerson(Conflict):
    """A proposal is decided before anything else is done."""

    detail = "Usulan {name} masih menunggu orang kedua. Setujui atau tolak dahulu."


class NothingProposed(Conflict):
    """There is nothing to agree to."""

    detail = "Tidak ada usulan yang menunggu pada pengecualian ini."


class NothingToUndo(Conflict):
    """No decision of a person stands (any more)."""

    detail = "Tidak ada keputusan yang dapat diurungkan pada pengecualian ini."


class SecondPersonNeeded(Forbidden):
    """Whoever proposes does not agree with himself (A8)."""

    detail = "Usulan disetujui oleh orang lain, bukan pengusulnya. Minta Admin lain menyetujui."


class AmountMoved(Conflict):
    """The money in question is not what it was when the act was proposed."""

    detail = "Sisa uangnya kini {now}, bukan {then}. Tolak usulan ini, lalu buat yang baru."


class MoneyGone(Conflict):
    """Part of it was returned or written off since, so the payer cannot be taken back."""

    detail = "Sebagian uang ini sudah dikembalikan atau dihapusbukukan. Urungkan itu dahulu."


class PayerMissing(Invalid):
    """Money of nobody known needs a customer."""

    detail = "Pilih pelanggan pemilik uang ini."


@dataclass(frozen=True, slots=True)
class Share:
    """What one invoice is to get; without an amount as much as it needs and the money covers."""

    invoice_id: UUID
    amount: Rupiah | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks for.

    ``customer_id`` is whose money it is, for a split whose credit the rest becomes.
    """

    action: Action
    reason: str = ""
    customer_id: UUID | None = None
    shares: tuple[Share, ...] = ()

    def among(self, owners: Set[UUID]) -> Wanted:
        """Give what it comes to once it is known whose the bills are: of one, it is a match."""
        if self.action is not Action.SPLIT or len(owners) != 1:
            return self
        (owner,) = owners
        return replace(self, action=Action.MATCH, customer_id=owner)


def actions_for(kind: str, *, stands: bool, has_line: bool = False) -> tuple[Action, ...]:
    """Give the ways out of an exception.

    Money that is left over moves, a payment that the bank denies is reversed, a debit of the bank
    is booked, all else is explained.

    Args:
        stands: it is about a payment that the books hold.
    """
    if stands and kind in _LEFTOVERS:
        return _OF_NOBODYS_MONEY if kind == ExceptionKind.UNKNOWN_PAYER else _OF_MONEY
    if stands and kind in _DENIED:
        return (Action.REVERSE, Action.EXPLAIN)
    if has_line and not stands and kind == ExceptionKind.MISSING_HERE:
        return (Action.BOOK_FEE, Action.BOOK_WITHDRAWAL, Action.EXPLAIN)
    return (Action.EXPLAIN,)


def needs_second(action: Action, amount: Rupiah, alone_most: Rupiah) -> bool:
    """Tell whether a second person agrees, both having given their password (A8).

    Args:
        alone_most: the most rupiah that one person may declare explained.
    """
    if action is Action.EXPLAIN:
        return amount > alone_most
    return action in DISPOSALS | BOOKINGS | {Action.REVERSE}


def outcome_of(
    wanted: Action, amount: Rupiah, customer: str = "", paid: Iterable[tuple[str, Rupiah]] = ()
) -> str:
    """Say what was done, for whoever looks at the closed exception."""
    match wanted:
        case Action.MATCH:
            given = list(paid)
            parts = [f"{number} {share}" for number, share in given]
            left = amount - sum((share for _, share in given), Rupiah(0))
            parts += [f"titipan {left}"] if left else []
            return f"Dicocokkan ke {customer}: {', '.join(parts)}."
        case Action.CREDIT:
            return f"{amount} disimpan sebagai titipan {customer}."
        case _:
            return _OUTCOMES[wanted].format(amount=amount)


def with_reason(outcome: str, reason: str) -> str:
    """Add why, where somebody said it."""
    return f"{outcome} Alasan: {reason}" if reason else outcome


_OUTCOMES = {
    Action.RETURN: "{amount} dikembalikan kepada pengirim.",
    Action.WRITE_OFF: "{amount} dihapusbukukan menjadi pendapatan lain.",
    Action.REVERSE: "Pembayaran {amount} dibalik; tagihan yang dibayarnya terbuka lagi.",
    Action.BOOK_FEE: "{amount} dicatat sebagai biaya bank.",
    Action.BOOK_WITHDRAWAL: "{amount} dicatat sebagai penarikan dari rekening.",
    Action.EXPLAIN: "Sudah jelas.",
}
