"""Where callback, inquiry and statement of an account differ, with evidence for and against.

Pure: it looks at what is known of one account and names every difference there is now. What is
named no more has explained itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from uuid import UUID

from reconciliation.domain.exception import ExceptionKind, Finding
from reconciliation.domain.matching import NOTHING
from reconciliation.domain.wholes import Whole
from shared.clock import WIB
from shared.money import Rupiah

GRACE = timedelta(days=1)
"""How many days after a payment a statement must also hold before it is missing there."""

NEAR = timedelta(minutes=10)
"""How close two equal payments must be to look like one that was made twice."""

MANAGED = frozenset(
    {
        ExceptionKind.MISSING_HERE,
        ExceptionKind.MISSING_AT_BANK,
        ExceptionKind.AMOUNT_DIFFERS,
        ExceptionKind.DUPLICATE,
        ExceptionKind.LATE,
        ExceptionKind.UNDERPAID,
        ExceptionKind.DISPUTED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """One payment, as all its sources see it.

    Attributes:
        id: what it is known by, in whatever order its sources came.
        at: None when only a line without a time of day shows it.
        asked: an inquiry confirmed it.
        is_sum: only an inquiry found it; it came at ``at`` or earlier, perhaps in several parts.
        unshown: how much of it no line shows.
        printed: what a line with its reference says instead, if that is another amount.
        bill_id: the bill that still lacks some of what its account asked for, ``billed``.
        lacks: how much that bill still lacks, whatever paid the rest of it.
        ended_at: when the account stopped taking money.
    """

    id: UUID
    payment_id: UUID | None
    trx_id: str
    amount: Rupiah
    day: date
    at: datetime | None
    reference: str
    asked: bool
    is_sum: bool
    unshown: Rupiah
    line_id: UUID | None = None
    printed: Rupiah | None = None
    bill_id: UUID | None = None
    billed: Rupiah = NOTHING
    lacks: Rupiah = NOTHING
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """What the bank told of and then did not know (C11); ``words`` say that of its payment."""

    id: UUID
    payment_id: UUID | None
    trx_id: str
    amount: Rupiah
    at: datetime
    words: str

    def is_damaged(self, each: Paid) -> bool:
        """Tell whether this may be a damaged message about a payment that the bank confirmed.

        Damage leaves the moment: two spellings of it must agree (C4). Money that only an inquiry
        found is dated at the latest moment at which it can have come.
        """
        if each.trx_id != self.trx_id or not each.asked or each.at is None:
            return False
        return each.at == self.at or (each.is_sum and each.at > self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One virtual account with everything that was paid to it.

    Attributes:
        held: what the books hold of it.
        at_bank: what the bank itself had taken in, when it was asked.
        is_covered: whether statements hold all days of a period.
        wholes: lines whose money was told of in other pieces.
    """

    number: str
    customer_id: UUID | None
    paid: Sequence[Paid]
    denied: Sequence[Denied] = ()
    held: Rupiah
    at_bank: Rupiah
    is_covered: Callable[[date, date], bool]
    wholes: Sequence[Whole] = ()

    def find(self) -> list[Finding]:
        """Name every difference."""
        found = [*self._missing_here(), *self._duplicates(), *self._disputed()]
        found += self._underpaid()
        found += [whole.finding(self.number, self.customer_id) for whole in self.wholes]
        for each in self.paid:
            found += self._missing_at_bank(each)
            found += self._amount_differs(each)
            found += self._late(each)
        return found

    def _missing_here(self) -> Iterator[Finding]:
        if self.at_bank > self.held:
            lacking = self.at_bank - self.held
            yield Finding(
                kind=ExceptionKind.MISSING_HERE,
                key=self.number,
                amount=lacking,
                evidence=(
                    f"Bank mencatat {self.at_bank} masuk ke VA {self.number}, pembukuan baru"
                    f" {self.held}: kurang {lacking}."
                ),
                supports=("Jumlah menurut bank berasal dari inquiry.",),
                contradicts=("Belum ada callback maupun mutasi yang menunjukkannya.",),
                facts={"at_bank_idr": self.at_bank.amount, "held_idr": self.held.amount},
                customer_id=self.customer_id,
            )

    def _disputed(self) -> Iterator[Finding]:
        """A denied message is for a person, unless the money that it meant came after all."""
        for each in self.denied:
            came = sum((p.amount for p in self.paid if each.is_damaged(p)), NOTHING)
            if came < each.amount:
                yield Finding(
                    kind=ExceptionKind.DISPUTED,
                    key=str(each.id),
                    amount=each.amount,
                    evidence=each.words,
                    customer_id=self.customer_id,
                    payment_id=each.payment_id,
                )

    def _missing_at_bank(self, each: Paid) -> Iterator[Finding]:
        if each.unshown and self.is_covered(each.day, each.day + GRACE):
            asked = "Bank membenarkannya saat ditanya (inquiry)."
            yield self._finding(
                ExceptionKind.MISSING_AT_BANK,
                each,
                each.unshown,
                f"{each.unshown} dari pembayaran VA {self.number} referensi {each.reference} tidak"
                f" ada di mutasi rekening.",
                supports=(f"Mutasi {_days(each.day, each.day + GRACE)} sudah diimpor lengkap.",),
                contradicts=(asked,) if each.asked else (),
            )

    def _amount_differs(self, each: Paid) -> Iterator[Finding]:
        if each.printed is None:
            return
        apart = max(each.amount, each.printed) - min(each.amount, each.printed)
        asked = f"Bank membenarkan {each.amount} saat ditanya (inquiry)."
        yield self._finding(
            ExceptionKind.AMOUNT_DIFFERS,
            each,
            apart,
            f"Pembayaran VA {self.number} referensi {each.reference} tercatat {each.amount},"
            f" tetapi mutasi mencetak {each.printed}.",
            supports=(f"Referensinya sama, jumlahnya berbeda {apart}.",),
            contradicts=(asked,) if each.asked else (),
        )

    def _late(self, each: Paid) -> Iterator[Finding]:
        if each.ended_at is None or each.at is None or each.at <= each.ended_at:
            return
        yield self._finding(
            ExceptionKind.LATE,
            each,
            each.amount,
            f"{each.amount} masuk ke VA {self.number} setelah rekening virtual itu berakhir.",
            supports=(f"Berakhir {_moment(each.ended_at)}, dibayar {_moment(each.at)}.",),
        )

    def _underpaid(self) -> Iterator[Finding]:
        """A bill whose account got too little; every payment to it counts, and other money too."""
        last = {each.bill_id: each for each in sorted(self.paid, key=_dated) if each.bill_id}
        for bill_id, each in last.items():
            got = sum((p.amount for p in self.paid if p.trx_id == each.trx_id), NOTHING)
            lacking = min(each.billed - got, each.lacks)
            if lacking <= NOTHING:
                continue
            found = self._finding(
                ExceptionKind.UNDERPAID,
                each,
                lacking,
                shortfall(self.number, lacking, each.billed),
                supports=("Rekening virtual ini hanya menerima jumlah yang tepat.",),
            )
            facts = {**found.facts, "number": self.number, "billed_idr": each.billed.amount}
            yield replace(found, key=str(bill_id), facts=facts)

    def _duplicates(self) -> Iterator[Finding]:
        dated = (each for each in self.paid if not self._borrows_its_moment(each))
        ordered = sorted(dated, key=lambda each: (self._group(each), str(each.id)))
        for key, group in groupby(ordered, key=self._group):
            same = list(group)
            if len(same) < 2 or not _are_near([each.at for each in same]):
                continue
            extra = sum((each.amount for each in same[1:]), NOTHING)
            references = sorted(each.reference for each in same if each.reference)
            last = max(
                same, key=lambda each: (each.at or datetime.min.replace(tzinfo=WIB), each.id)
            )
            yield Finding(
                kind=ExceptionKind.DUPLICATE,
                key=key,
                amount=extra,
                evidence=(
                    f"{len(same)} pembayaran VA {self.number} masing-masing {last.amount} pada"
                    f" {last.day:%d/%m/%Y}: mungkin dibayar dua kali."
                ),
                supports=("Rekening virtual, jumlah, dan harinya sama; waktunya berdekatan.",),
                contradicts=(f"Referensi bank berbeda: {', '.join(references)}.",),
                facts={"references": references},
                customer_id=self.customer_id,
                payment_id=last.payment_id,
            )

    def _borrows_its_moment(self, each: Paid) -> bool:
        """Tell whether a sum is only dated by the payment above it, which is near nothing then."""
        return each.is_sum and any(p.at == each.at for p in self.paid if not p.is_sum)

    def _group(self, each: Paid) -> str:
        return group_key(self.number, each.amount, each.day)

    def _finding(
        self,
        kind: ExceptionKind,
        each: Paid,
        amount: Rupiah,
        evidence: str,
        *,
        supports: tuple[str, ...],
        contradicts: tuple[str, ...] = (),
    ) -> Finding:
        return Finding(
            kind=kind,
            key=str(each.id),
            amount=amount,
            evidence=evidence,
            supports=supports,
            contradicts=contradicts,
            facts={"day": each.day.isoformat(), "reference": each.reference},
            customer_id=self.customer_id,
            payment_id=each.payment_id,
            bank_line_id=each.line_id,
        )


def group_key(number: str, amount: Rupiah, day: date) -> str:
    """Name the payments that may be one payment made twice."""
    return f"{number} {amount.amount} {day.isoformat()}"


def shortfall(number: str, lacking: Rupiah, billed: Rupiah) -> str:
    """Say what a bill lacks although its account was paid."""
    return f"Pembayaran VA {number} kurang {lacking} dari tagihannya, {billed}."


def _dated(each: Paid) -> tuple[date, UUID]:
    return each.day, each.id


def _are_near(instants: Sequence[datetime | None]) -> bool:
    known = sorted(at for at in instants if at is not None)
    if len(known) < len(instants):
        return True
    return any(later - earlier <= NEAR for earlier, later in pairwise(known))


def _days(first: date, last: date) -> str:
    return f"{first:%d/%m/%Y} s.d. {last:%d/%m/%Y}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(WIB):%d/%m/%Y %H.%M} WIB"
