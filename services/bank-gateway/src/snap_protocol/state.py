"""What the bank's answers say of a billing: one inquiry, and the payments of a report."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bni_protocol.fields import BillingState, BillingType
from snap_protocol import fields
from snap_protocol.fields import Identity, Members, SnapProblem

_ONCE = frozenset({BillingType.FIXED, BillingType.MINIMUM})
_TAKEN = frozenset({"", "00"})


@dataclass(frozen=True, slots=True)
class Money:
    """What came in on a billing: the total, and the last payment of it."""

    paid_idr: int
    journal_no: str
    paid_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An inquiry-va's answer. It tells THAT and when a payment came last, not how much."""

    number: str
    trx_id: str
    billed_idr: int
    billing_type: BillingType | None
    expires_at: datetime | None
    last_paid_at: datetime | None

    @classmethod
    def parse(cls, members: Members) -> "Account":
        """Read what we use.

        Raises:
            SnapProblem: a field is missing or not of its kind.
        """
        return cls(
            number=Identity.parse(members).number,
            trx_id=fields.text(members, "trxId", fields.TRX_ID_MAX),
            billed_idr=fields.optional_amount(members, "totalAmount") or 0,
            billing_type=fields.billing_type(members),
            expires_at=fields.moment(members, "expiredDate"),
            last_paid_at=fields.moment(members, "paymentDate"),
        )

    @property
    def paid_once(self) -> bool:
        return self.billing_type in _ONCE

    def state(self, trx_id: str, money: Money | None, now: datetime) -> BillingState:
        """Put an eCollection state together; there is no status to read, so it follows."""
        paid_idr = money.paid_idr if money else 0
        expired = self.expires_at is not None and self.expires_at <= now
        return BillingState(
            trx_id=trx_id,
            virtual_account=self.number,
            trx_amount_idr=self.billed_idr,
            paid_idr=paid_idr,
            active=not expired and not self._settled(paid_idr),
            payment_ntb=money.journal_no if money else None,
            paid_at=money.paid_at if money else None,
            expires_at=self.expires_at,
        )

    def _settled(self, paid_idr: int) -> bool:
        if self.paid_once:
            return paid_idr > 0
        return self.billing_type is BillingType.INSTALLMENT and paid_idr >= self.billed_idr


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One payment of a report, or the one a status tells of."""

    number: str
    trx_id: str
    paid_idr: int
    cumulative_idr: int | None
    billed_idr: int | None
    journal_no: str
    paid_at: datetime

    @classmethod
    def parse(cls, members: Members) -> "Row | None":
        """Read a payment; None for one that was not taken.

        Raises:
            SnapProblem: a field is missing or not of its kind.
        """
        if fields.text(members, "paymentFlagStatus", 2) not in _TAKEN:
            return None
        paid_at = fields.moment(members, "trxDateTime") or fields.moment(members, "transactionDate")
        if paid_at is None:
            raise SnapProblem("trxDateTime")
        return cls(
            number=Identity.parse(members).number,
            trx_id=fields.text(members, "trxId", fields.TRX_ID_MAX),
            paid_idr=fields.read_amount(members, "paidAmount"),
            cumulative_idr=fields.optional_amount(members, "cumulativePaymentAmount"),
            billed_idr=fields.optional_amount(members, "totalAmount"),
            journal_no=fields.journal_no(members),
            paid_at=paid_at,
        )


def of_billing(rows: Iterable[Members], number: str, trx_id: str) -> list[Row]:
    """Pick the payments of one billing, in order of time; unreadable rows of others are theirs.

    Raises:
        SnapProblem: a row of this account cannot be read.
    """
    found = []
    for members in rows:
        if str(members.get("virtualAccountNo", "")).strip() != number:
            continue
        row = Row.parse(members)
        if row is not None and row.trx_id in {"", trx_id}:
            found.append(row)
    return sorted(found, key=lambda row: (row.paid_at, row.cumulative_idr or 0))


def total(rows: list[Row], *, whole: bool) -> Money | None:
    """Add up a billing's payments; None when these rows cannot tell the total.

    Args:
        whole: the rows are all there ever were, so their sum is the total.
    """
    if not rows:
        return None
    last = rows[-1]
    if last.cumulative_idr is not None:
        return Money(last.cumulative_idr, last.journal_no, last.paid_at)
    if not whole:
        return None
    return Money(sum(row.paid_idr for row in rows), last.journal_no, last.paid_at)
