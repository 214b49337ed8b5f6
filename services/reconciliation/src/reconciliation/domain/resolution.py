"""What a person may do about an exception, who has to agree, and in which words it ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from reconciliation.domain.exception import ExceptionKind
from shared.errors import Conflict, Forbidden, Invalid
from shared.money import Rupiah


class Action(StrEnum):
    """What a person decides."""

    MATCH = "match"
    CREDIT = "credit"
    RETURN = "return"
    WRITE_OFF = "write_off"
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
"""Money leaves the customers' books: a second person agrees, both gave their password (A8)."""

_LEFTOVERS = frozenset({ExceptionKind.UNKNOWN_PAYER, ExceptionKind.OVERPAID})
_OF_MONEY = (Action.MATCH, Action.CREDIT, Action.RETURN, Action.WRITE_OFF)


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
    """What a person asks for."""

    action: Action
    reason: str = ""
    customer_id: UUID | None = None
    shares: tuple[Share, ...] = ()


def actions_for(kind: str, *, has_payment: bool) -> tuple[Action, ...]:
    """Give the ways out of an exception: money that is left over moves, all else is explained."""
    if has_payment and kind in _LEFTOVERS:
        return _OF_MONEY
    return (Action.EXPLAIN,)


def outcome_of(
    wanted: Action, amount: Rupiah, customer: str, paid: Iterable[tuple[str, Rupiah]], reason: str
) -> str:
    """Say what was done, for whoever looks at the closed exception."""
    tail = f" Alasan: {reason}" if reason else ""
    match wanted:
        case Action.MATCH:
            parts = [f"{number} {share}" for number, share in paid]
            left = amount - sum((share for _, share in paid), Rupiah(0))
            parts += [f"titipan {left}"] if left else []
            return f"Dicocokkan ke {customer}: {', '.join(parts)}.{tail}"
        case Action.CREDIT:
            return f"{amount} disimpan sebagai titipan {customer}.{tail}"
        case Action.RETURN:
            return f"{amount} dikembalikan kepada pengirim.{tail}"
        case Action.WRITE_OFF:
            return f"{amount} dihapusbukukan menjadi pendapatan lain.{tail}"
        case Action.EXPLAIN:
            return f"Sudah jelas.{tail}"
