"""What SNAP BI leaves open, decided without a database: amounts, lateness, who may pay."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_gateway.domain.account import VaStatus
from bank_gateway.domain.notice import Contradiction
from bank_gateway.domain.payable import Hindrance, Standing
from bank_gateway.domain.snap_notice import billed_idr, too_late
from bank_gateway.domain.verification import Claim, Verdict, judge
from bni_protocol.fields import BillingState, BillingType
from snap_protocol import fields, merchant, replies
from snap_protocol.codes import Code
from snap_protocol.fields import (
    DecimalFraction,
    Identity,
    MissingField,
    SnapProblem,
    Unauthorized,
)
from snap_protocol.messages import PaymentRequest
from snap_protocol.receiving import Signed, TokenRequest

T = BillingType
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
AMOUNTS = st.integers(min_value=1, max_value=10**14 - 1)
REGISTERED = st.frozensets(AMOUNTS, min_size=1, max_size=5)


class TestTheAmountAPaymentIsFor:
    @given(REGISTERED, AMOUNTS, st.none() | AMOUNTS)
    def test_c4_a_customers_own_account_asks_for_nothing(
        self, amounts: frozenset[int], paid_idr: int, told_idr: int | None
    ) -> None:
        assert billed_idr(T.OPEN, told_idr, paid_idr, amounts | {0}) == 0

    @given(REGISTERED, AMOUNTS)
    def test_c4_of_a_fixed_bill_that_is_not_told_is_the_one_that_was_paid(
        self, amounts: frozenset[int], paid_idr: int
    ) -> None:
        found = billed_idr(T.FIXED, None, paid_idr, amounts)

        assert found in amounts
        assert (found == paid_idr) == (paid_idr in amounts)

    @given(REGISTERED, AMOUNTS, AMOUNTS)
    def test_c4_of_a_fixed_bill_that_is_told_is_what_was_told(
        self, amounts: frozenset[int], paid_idr: int, told_idr: int
    ) -> None:
        assert billed_idr(T.FIXED, told_idr, paid_idr, amounts) == told_idr

    @given(REGISTERED, AMOUNTS, st.none() | AMOUNTS)
    def test_c4_of_a_contract_may_be_told_as_what_was_left_but_never_as_more(
        self, amounts: frozenset[int], paid_idr: int, told_idr: int | None
    ) -> None:
        found = billed_idr(T.INSTALLMENT, told_idr, paid_idr, amounts)

        too_much = told_idr is not None and told_idr > max(amounts)
        assert found == (told_idr if too_much else max(amounts))


class TestMoneyThatComesTooLate:
    @pytest.mark.parametrize("status", list(VaStatus))
    def test_s_is_judged_by_when_it_was_paid(self, status: VaStatus) -> None:
        after = NOW + timedelta(seconds=1)

        assert too_late(status, NOW, after) is Contradiction.EXPIRED
        over = status in {VaStatus.CANCELLED, VaStatus.FAILED}
        assert too_late(status, NOW, NOW) is (Contradiction.CLOSED if over else None)


def standing(**changes: object) -> Standing:
    facts: dict[str, object] = {
        "status": VaStatus.ACTIVE,
        "kind": T.FIXED,
        "wanted_closed": False,
        "asked_idr": 1_000,
        "paid_idr": 0,
        "owed_idr": 700,
        "expires_at": NOW,
    }
    return Standing(**(facts | changes))  # type: ignore[arg-type]


class TestWhoMayPay:
    @pytest.mark.parametrize(
        ("changes", "hindrance"),
        [
            ({}, None),
            ({"status": VaStatus.REQUESTED}, None),  # it may be there before its answer is
            ({"status": VaStatus.UNKNOWN}, None),
            ({"status": VaStatus.PAID}, Hindrance.PAID),
            ({"status": VaStatus.EXPIRED}, Hindrance.EXPIRED),
            ({"status": VaStatus.CANCELLED}, Hindrance.CLOSED),
            ({"status": VaStatus.FAILED}, Hindrance.CLOSED),
            ({"wanted_closed": True}, Hindrance.CLOSED),
            ({"paid_idr": 1}, Hindrance.PAID),
            ({"paid_idr": 1_000, "wanted_closed": True}, Hindrance.PAID),
            ({"kind": T.INSTALLMENT, "paid_idr": 999}, None),
            ({"kind": T.INSTALLMENT, "paid_idr": 1_000}, Hindrance.PAID),
            ({"kind": T.OPEN, "asked_idr": 0, "paid_idr": 5}, None),
        ],
    )
    def test_by_how_the_account_stands(
        self, changes: dict[str, object], hindrance: Hindrance | None
    ) -> None:
        assert standing(**changes).hindrance(NOW) is hindrance

    @pytest.mark.parametrize(
        ("changes", "open_idr"),
        [
            ({}, 1_000),
            ({"kind": T.INSTALLMENT, "paid_idr": 400}, 600),
            ({"kind": T.OPEN, "asked_idr": 0, "paid_idr": 400}, 700),
        ],
    )
    def test_and_how_much(self, changes: dict[str, object], open_idr: int) -> None:
        assert standing(**changes).open_idr == open_idr


def bank_says(paid_idr: int, **changes: object) -> BillingState:
    facts: dict[str, object] = {
        "trx_id": "T",
        "virtual_account": "8001000000000001",
        "trx_amount_idr": 1_000,
        "paid_idr": paid_idr,
        "active": False,
        "payment_ntb": "999999",
        "paid_at": NOW + timedelta(minutes=2),
    }
    return BillingState(**(facts | changes))  # type: ignore[arg-type]


class TestVerifyingASignedClaim:
    """C11: the money is compared; number and time may be those of another service."""

    @pytest.mark.parametrize(
        ("kind", "paid_idr", "answers", "verdict"),
        [
            (T.FIXED, 1_000, 1, Verdict.VERIFIED),
            (T.FIXED, 900, 1, Verdict.DISPUTED),
            (T.FIXED, 0, 1, Verdict.ASK_AGAIN),
            (T.FIXED, 0, 4, Verdict.DISPUTED),
            (T.INSTALLMENT, 1_000, 1, Verdict.VERIFIED),
            (T.INSTALLMENT, 1_400, 1, Verdict.VERIFIED),
            (T.INSTALLMENT, 900, 1, Verdict.ASK_AGAIN),
            (T.INSTALLMENT, 900, 4, Verdict.DISPUTED),
            (None, 1_000, 1, Verdict.VERIFIED),
        ],
    )
    def test_c11_compares_the_total(
        self, kind: BillingType | None, paid_idr: int, answers: int, verdict: Verdict
    ) -> None:
        claim = Claim("8001000000000001", 1_000, kind, "012345", NOW, signed=True)

        assert judge(claim, bank_says(paid_idr), answers) is verdict

    def test_c11_of_another_account_is_never_it(self) -> None:
        claim = Claim("8001000000000001", 1_000, T.FIXED, "012345", NOW, signed=True)
        other = bank_says(1_000, virtual_account="8001000000000002")

        assert judge(claim, other, 1) is Verdict.DISPUTED

    def test_c4_an_unsigned_claim_must_agree_to_the_letter(self) -> None:
        claim = Claim("8001000000000001", 1_000, T.FIXED, "012345", NOW)

        assert judge(claim, bank_says(1_000), 1) is Verdict.DISPUTED


class TestAmountsInWords:
    @given(AMOUNTS)
    def test_m1_whole_rupiah_come_back_as_they_went(self, amount_idr: int) -> None:
        assert fields.read_amount({"a": fields.amount(amount_idr)}, "a") == amount_idr

    @given(st.text(alphabet="0123456789.,+-eE ", max_size=20))
    def test_m1_nothing_else_is_read(self, spelled: str) -> None:
        members = {"a": {"value": spelled, "currency": "IDR"}}
        whole = spelled[:-3]
        plain = spelled.endswith(".00") and whole.isdigit() and 1 <= len(whole) <= 14
        if plain:
            assert fields.read_amount(members, "a") == int(whole)
        else:
            with pytest.raises((SnapProblem, DecimalFraction)):
                fields.read_amount(members, "a")


def headers(**changes: str | None) -> dict[str, str]:
    given = {
        "X-TIMESTAMP": "2026-11-23T09:00:00+07:00",
        "X-SIGNATURE": "c2ln",
        "X-PARTNER-ID": "LUNAS",
        "X-EXTERNAL-ID": "1",
        "CHANNEL-ID": "95051",
    } | {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in given.items() if value is not None}


class TestHeaders:
    def test_c10_the_day_is_the_one_in_jakarta_of_the_signed_time(self) -> None:
        late = {"X_TIMESTAMP": "2026-11-23T17:30:00Z"}
        now = datetime(2026, 11, 23, 17, 31, tzinfo=UTC)

        signed = Signed.read("POST", "/p", b"{}", headers(**late).get, now)

        assert signed.day.isoformat() == "2026-11-24"

    @given(st.integers(min_value=-600, max_value=600))
    def test_c10_t3_five_minutes_either_way(self, seconds: int) -> None:
        now = NOW + timedelta(seconds=seconds)
        if abs(seconds) <= 300:
            assert Signed.read("POST", "/p", b"", headers().get, now).token is None
        else:
            with pytest.raises(Unauthorized):
                Signed.read("POST", "/p", b"", headers().get, now)

    @pytest.mark.parametrize("missing", ["X_TIMESTAMP", "X_SIGNATURE", "CHANNEL_ID"])
    def test_a_blank_header_is_a_missing_one(self, missing: str) -> None:
        with pytest.raises(MissingField):
            Signed.read("POST", "/p", b"", headers(**{missing: "  "}).get, NOW)

    def test_of_a_token_request_need_no_number(self) -> None:
        asked = TokenRequest.read(headers(X_CLIENT_KEY="BNI").get, NOW)

        assert asked.client_id == "BNI"


class TestAnswers:
    @pytest.mark.parametrize(
        "verdict",
        [
            merchant.DONE, merchant.NOT_FOUND, merchant.CLOSED, merchant.PAID, merchant.EXPIRED,
            merchant.OTHER_AMOUNT, merchant.INCONSISTENT,
        ],
    )  # fmt: skip
    def test_a_payments_is_the_same_each_time_and_says_success_once(
        self, verdict: merchant.Verdict
    ) -> None:
        told = PaymentRequest.parse({
            **Identity.of("8001000000000001", "8001").members(),
            "paymentRequestId": "B-1",
            "paidAmount": fields.amount(5),
        })  # fmt: skip

        http, members = merchant.payment_answer(told, verdict, "BUDI")
        again = merchant.payment_answer(told, verdict, "BUDI")

        assert replies.serialise(members) == replies.serialise(again[1])
        code = Code.parse(members["responseCode"])
        assert code == Code(verdict.http, 25, verdict.case)
        assert http == verdict.http
        data = json.loads(replies.serialise(members))["virtualAccountData"]
        assert (data["paymentFlagStatus"] == "00") == (str(code) == "2002500")
        assert set(data["paymentFlagReason"]) == {"english", "indonesia"}
