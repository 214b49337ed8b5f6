"""Suggestions: evidence adds up to a score with reasons, and order never matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciliation.domain.allocation import OpenInvoice
from reconciliation.domain.evidence import Evidence
from reconciliation.domain.suggestion import Strength, Suggestion, lookups, score_of, suggest
from reconciliation.domain.transfer import Bill, Candidate, Earlier, Transfer
from shared.money import Rupiah

TODAY = date(2026, 12, 1)
AMOUNT = 1_250_000
FAR = 60
"""Days to a due date that says nothing."""


def bill(no: int, amount: int = AMOUNT, days: int = FAR) -> Bill:
    due_on = TODAY + timedelta(days=days)
    number = f"INV/2026/12/{no:06d}"
    return Bill(number, OpenInvoice(UUID(int=no), due_on, Rupiah(amount)))


def customer(no: int, name: str, *bills: Bill, **more: Any) -> Candidate:
    facts = {"number": f"PLG-{no:06d}", "phone": f"+62856110{no:04d}"}
    return Candidate(id=UUID(int=no), name=name, bills=bills, **facts | more)


def transfer(text: str = "MAHMUD SULAIMAN BAYAR KAVLING", **more: Any) -> Transfer:
    facts = {"amount": Rupiah(AMOUNT), "day": TODAY, "bills_alike": 1}
    return Transfer(text=text, **facts | more)


def first(text: str, candidate: Candidate, **more: Any) -> Suggestion:
    (only,) = suggest(transfer(text, **more), [candidate])
    return only


MAHMUD = customer(1, "Bapak Mahmud Sulaiman", bill(123, days=2))
SITI = customer(2, "Ibu Siti Aminah", bill(134, 500_000))
ANSWER = suggest(transfer(), [MAHMUD, SITI])


class TestTheLikelyOne:
    def test_name_amount_and_day_together_are_strong_and_say_why(self) -> None:
        (only,) = ANSWER

        assert (only.candidate, only.strength, only.leads) == (MAHMUD, Strength.STRONG, True)
        assert only.supports == [
            "Nama sama: MAHMUD SULAIMAN",
            "Jumlah sama persis dengan INV/2026/12/000123",
            "Dibayar 2 hari sebelum jatuh tempo INV/2026/12/000123",
        ]
        assert only.contradicts == []

    def test_it_says_which_bills_it_would_pay_and_pays_none(self) -> None:
        (share,) = ANSWER[0].shares

        assert (share.invoice_id, share.amount) == (UUID(int=123), Rupiah(AMOUNT))

    def test_a_name_without_its_amount_is_less_and_says_so(self) -> None:
        one = first("MAHMUD SULAIMAN", customer(1, "Mahmud Sulaiman", bill(1, 700_000)))

        assert one.score < ANSWER[0].score
        assert one.contradicts == ["Tidak ada tagihan sejumlah ini"]

    def test_nobody_is_suggested_when_nothing_is_known(self) -> None:
        assert suggest(transfer("BAYAR KAVLING", amount=Rupiah(7)), [MAHMUD, SITI]) == []

    def test_a_transfer_that_names_another_is_hardly_his(self) -> None:
        stranger = suggest(transfer("DEDI KURNIAWAN"), [MAHMUD])
        nameless = suggest(transfer("BAYAR KAVLING"), [MAHMUD])

        assert stranger[0].score < nameless[0].score
        assert "Namanya tidak disebut dalam berita" in stranger[0].contradicts


class TestTheAmount:
    @pytest.mark.parametrize(
        ("bills", "reason"),
        [
            ([bill(1, 500_000), bill(2, 750_000)], "seluruh sisa 2 tagihannya"),
            ([bill(1, 500_000), bill(2, 750_000), bill(3, 9, 90)], "2 tagihan mulai"),
            ([bill(1, AMOUNT - 137)], "hanya berbeda Rp137"),
            ([bill(1, AMOUNT + 6_500)], "hanya berbeda Rp6.500"),
        ],
    )
    def test_sums_and_near_amounts_count(self, bills: list[Bill], reason: str) -> None:
        one = first("MAHMUD SULAIMAN", customer(1, "Mahmud Sulaiman", *bills))

        assert any(reason in words for words in one.supports)

    def test_what_he_usually_pays_counts(self) -> None:
        usual = customer(1, "Mahmud Sulaiman", bill(1, 9_000), usual=[Rupiah(AMOUNT)] * 2)

        assert "Jumlah sama dengan angsurannya yang biasa" in first("MAHMUD", usual).supports

    def test_the_bill_that_fits_is_paid_before_an_older_one(self) -> None:
        both = customer(1, "Mahmud Sulaiman", bill(1, 700_000, 5), bill(2, AMOUNT, 40))

        (share,) = first("MAHMUD SULAIMAN", both).shares
        assert share.invoice_id == UUID(int=2)

    def test_an_amount_that_many_bills_need_says_less(self) -> None:
        rare, common = first("X", MAHMUD), first("X", MAHMUD, bills_alike=40)

        assert rare.score > common.score
        assert "39 tagihan terbuka lain juga sejumlah ini" in common.contradicts

    def test_m5_a_surplus_stays_his_credit(self) -> None:
        one = first("MAHMUD SULAIMAN", customer(1, "Mahmud Sulaiman", bill(1, 400_000)))

        assert [share.amount for share in one.shares] == [Rupiah(400_000)]


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("INV/2026/12/000123", "Nomor tagihan INV/2026/12/000123 tertulis"),
            ("BAYAR INV 2026 12 000123", "Nomor tagihan INV/2026/12/000123 tertulis"),
            ("BAYAR 000123", "berakhir dengan angka dalam berita"),
            ("HP 0856-1100-001", "HP pelanggan tertulis"),
            ("PLG 000001", "Pelanggan PLG-000001 tertulis"),
            ("VA 34567890", "VA-nya berakhir dengan angka dalam berita, 567890"),
            ("8810081234567890 X", "VA 8810081234567890 tertulis"),
        ],
    )
    def test_each_number_of_his_is_recognised(self, text: str, reason: str) -> None:
        his = replace(MAHMUD, accounts=["8810081234567890"])

        (one,) = suggest(transfer(text, amount=Rupiah(500)), [his])

        assert any(reason in words for words in one.supports)

    def test_a_bill_that_is_named_is_paid_first(self) -> None:
        both = customer(1, "Mahmud Sulaiman", bill(1, 700_000, 5), bill(2, 900_000, 40))

        one = first("BAYAR INV/2026/12/000002", both)

        assert one.shares[0].invoice_id == UUID(int=2)

    def test_neither_our_own_account_nor_the_amount_is_a_number_of_his(self) -> None:
        text = f"DARI 8810001234 {AMOUNT}"

        assert transfer(text, own_account="8810001234").numbers == frozenset()
        assert lookups(transfer(text, own_account="8810001234")) == []


class TestWhatPeopleDecided:
    WIFE = "NUR HASANAH 0123456789"

    def earlier(self, owner: Candidate, text: str = WIFE) -> Earlier:
        before = Transfer(amount=Rupiah(9), day=date(2026, 11, 2), text=text)
        return Earlier(owner.id, before)

    def test_the_same_sender_is_his_again(self) -> None:
        (one,) = suggest(transfer(self.WIFE), [MAHMUD], [self.earlier(MAHMUD)])

        assert one.strength is Strength.STRONG
        words = "Pengirim yang sama dicocokkan ke pelanggan ini pada 02/11/2026"
        assert words in one.supports

    @pytest.mark.parametrize("text", ["HASANAH NUR BAYAR DES", "TRF 0123456789 N HASANAH"])
    def test_by_the_same_words_in_any_order_or_by_the_account(self, text: str) -> None:
        known = self.earlier(MAHMUD, "BAYAR KAVLING NUR HASANAH NOV")
        account = self.earlier(MAHMUD)

        (one,) = suggest(transfer(text), [MAHMUD], [known, account])

        assert any("Pengirim yang sama" in words for words in one.supports)

    def test_who_sends_for_two_says_less_for_each(self) -> None:
        alone = suggest(transfer(self.WIFE), [MAHMUD], [self.earlier(MAHMUD)])
        both = [self.earlier(MAHMUD), self.earlier(SITI)]
        shared = suggest(transfer(self.WIFE), [MAHMUD], both)

        assert shared[0].score < alone[0].score
        assert "Pengirim yang sama pernah dicocokkan ke pelanggan lain" in shared[0].contradicts

    def test_a_match_that_was_undone_does_not_lead_again(self) -> None:
        told = transfer(taken_back=frozenset({MAHMUD.id}))

        assert [each.leads for each in suggest(told, [MAHMUD])] in ([], [False])


class TestTies:
    def test_two_who_are_equal_are_told_and_neither_leads(self) -> None:
        twin = customer(3, "Mahmud Sulaiman", bill(124, days=2))

        suggested = suggest(transfer(bills_alike=2), [MAHMUD, twin])

        assert [each.candidate.id for each in suggested] == [MAHMUD.id, twin.id]
        assert {each.leads for each in suggested} == {False}
        assert {each.strength for each in suggested} == {Strength.FAIR}
        rival = "Pelanggan lain hampir sama kuat buktinya"
        assert all(rival in each.contradicts for each in suggested)

    def test_namesakes_are_told_and_the_amount_decides(self) -> None:
        twin = customer(3, "Mahmud Sulaiman", bill(124, 300_000))

        best, *_ = suggest(transfer(), [twin, MAHMUD])

        assert (best.candidate, best.leads) == (MAHMUD, True)
        assert "2 pelanggan bernama mirip dengan berita ini" in best.contradicts


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["Mahmud Sulaiman", "Siti Aminah", "Mahmud", "PT Maju", "Sulaiman M."]),
        st.lists(st.sampled_from([AMOUNT, 500_000, 750_000, 1]), max_size=3),
        st.integers(-9, 9),
    ),
    max_size=6,
).map(
    lambda rows: [
        customer(at, name, *(bill(at * 10 + n, a, days) for n, a in enumerate(amounts)))
        for at, (name, amounts, days) in enumerate(rows, start=1)
    ]
)
TEXTS = st.lists(
    st.sampled_from(["MAHMUD", "SITI", "SULAIMAN", "MAJU", "BNI", "000010", "08561100001"]),
    max_size=5,
).map(" ".join)
PIECES = st.lists(
    st.builds(Evidence, st.text(max_size=3), st.integers(0, 999), st.booleans()), max_size=9
)


class TestLaws:
    @given(PEOPLE, TEXTS, st.randoms())
    def test_the_order_of_candidates_never_matters(
        self, people: list[Candidate], text: str, random: Any
    ) -> None:
        turned = list(people)
        random.shuffle(turned)

        assert suggest(transfer(text), people) == suggest(transfer(text), turned)

    @given(PEOPLE, TEXTS)
    def test_scores_fall_from_99_at_most_and_money_is_never_overspent(
        self, people: list[Candidate], text: str
    ) -> None:
        suggested = suggest(transfer(text), people)

        scores = [each.score for each in suggested]
        assert scores == sorted(scores, reverse=True)
        assert all(30 <= score <= 99 for score in scores)
        assert sum(each.leads for each in suggested) <= 1
        for each in suggested:
            assert sum(share.amount.amount for share in each.shares) <= AMOUNT

    @given(PIECES, st.integers(0, 999))
    def test_more_evidence_for_never_lowers_and_against_never_raises(
        self, pieces: list[Evidence], weight: int
    ) -> None:
        before = score_of(pieces)

        assert 0 <= before <= 99
        assert score_of([*pieces, Evidence("x", weight)]) >= before
        assert score_of([*pieces, Evidence("x", weight, supports=False)]) <= before
        assert score_of(reversed(pieces)) == before

    @given(PEOPLE, TEXTS)
    def test_a_number_or_a_decision_more_never_makes_him_less_likely(
        self, people: list[Candidate], text: str
    ) -> None:
        his = customer(99, "Mahmud Sulaiman", bill(990))
        decided = Earlier(his.id, Transfer(amount=Rupiah(1), day=TODAY, text=text))

        before = score_for(his, suggest(transfer(text), [*people, his], most=99))
        numbered = suggest(transfer(f"{text} PLG000099"), [*people, his], most=99)
        learned = suggest(transfer(text), [*people, his], [decided], most=99)

        assert score_for(his, numbered) >= before
        assert score_for(his, learned) >= before


def score_for(candidate: Candidate, suggested: list[Suggestion]) -> int:
    return next((each.score for each in suggested if each.candidate == candidate), 0)
