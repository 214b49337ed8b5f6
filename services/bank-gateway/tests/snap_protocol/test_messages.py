"""What is inside SNAP messages: identity, amounts, codes, requests, answers."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from bni_protocol.codes import Answer
from bni_protocol.fields import Billing, BillingType
from snap_protocol import fields, messages, replies, state
from snap_protocol.codes import MESSAGES, Code, classify
from snap_protocol.fields import (
    DecimalFraction,
    Identity,
    MissingField,
    OtherCurrency,
    SnapProblem,
)

NUMBER = "9887700126010101"
PAID: dict[str, Any] = {
    "partnerServiceId": "   98877",
    "customerNo": "00126010101",
    "virtualAccountNo": "   9887700126010101",
    "virtualAccountName": "MAHMUD",
    "paymentRequestId": "REQ-1",
    "trxId": "T1",
    "paidAmount": {"value": "50000.00", "currency": "IDR"},
    "cumulativePaymentAmount": {"value": "100000.00", "currency": "IDR"},
    "totalAmount": {"value": "150000.00", "currency": "IDR"},
    "trxDateTime": "2026-02-01T10:00:00+07:00",
    "referenceNo": "775705",
    "flagAdvise": "N",
    "additionalInfo": {},
}
PAID_AT = datetime(2026, 2, 1, 3, tzinfo=UTC)


class TestAnIdentity:
    def test_is_padded_with_spaces_on_the_left_to_eight(self) -> None:
        identity = Identity.of(NUMBER, "98877")

        assert identity.members() == {
            "partnerServiceId": "   98877",
            "customerNo": "00126010101",
            "virtualAccountNo": "   9887700126010101",
        }
        assert identity.number == NUMBER

    @pytest.mark.parametrize(
        ("service", "account"),
        [
            ("   98877", "   9887700126010101"),
            ("98877", "9887700126010101"),
            ("   98877", "9887700126010101"),
            ("98877   ", " 9887700126010101"),
        ],
    )
    def test_other_programs_may_pad_otherwise(self, service: str, account: str) -> None:
        changed = {"partnerServiceId": service, "virtualAccountNo": account}

        assert Identity.parse(PAID | changed).number == NUMBER

    @pytest.mark.parametrize(
        "change",
        [
            {"virtualAccountNo": "   9887700126010102"},
            {"customerNo": "0012601010x", "virtualAccountNo": "   98877" + "0012601010x"},
            {"partnerServiceId": "   988771234"},
            {"customerNo": 126010101},
        ],
    )
    def test_parts_that_do_not_fit_are_refused(self, change: dict[str, Any]) -> None:
        with pytest.raises(SnapProblem):
            Identity.parse(PAID | change)

    @pytest.mark.parametrize("name", ["partnerServiceId", "customerNo", "virtualAccountNo"])
    def test_a_missing_part_is_named(self, name: str) -> None:
        with pytest.raises(MissingField, match=name):
            Identity.parse({**PAID, name: None})

    def test_another_partners_number_is_not_ours_to_send(self) -> None:
        with pytest.raises(ValueError, match="partner"):
            Identity.of(NUMBER, "8310")


class TestAnAmount:
    def test_m1_is_written_and_read_as_whole_rupiah(self) -> None:
        written = {"paidAmount": fields.amount(150_000)}

        assert written == {"paidAmount": {"value": "150000.00", "currency": "IDR"}}
        assert fields.read_amount(written, "paidAmount") == 150_000

    def test_m1_a_fraction_has_its_own_code(self) -> None:
        with pytest.raises(DecimalFraction) as problem:
            fields.read_amount({"a": {"value": "1.50", "currency": "IDR"}}, "a")

        assert (problem.value.http, problem.value.case) == (403, 54)

    @pytest.mark.parametrize(
        "value",
        ["150000", "150000.0", "150000.000", "150.000,00", "-1.00", " 1.00", "1e3", "", "1.00 ",
         "\u0661.00", "123456789012345.00", 150000, 150000.00, None],
    )  # fmt: skip
    def test_m1_anything_else_is_refused(self, value: object) -> None:
        with pytest.raises(SnapProblem):
            fields.read_amount({"a": {"value": value, "currency": "IDR"}}, "a")

    def test_another_currency_is_refused(self) -> None:
        with pytest.raises(OtherCurrency):
            fields.read_amount({"a": {"value": "1.00", "currency": "USD"}}, "a")


class TestCodes:
    @pytest.mark.parametrize("value", ["4042512", 4042512])
    def test_a_numeric_code_is_a_code(self, value: object) -> None:
        code = Code.parse(value)

        assert str(code) == "4042512"
        assert code == Code(404, 25, 12)

    @pytest.mark.parametrize("value", ["", "404251", None, True, 4.5, "40425I2", "٤٠٤٢٥١٢", [1]])
    def test_anything_else_is_none(self, value: object) -> None:
        assert Code.parse(value) is None

    @pytest.mark.parametrize(
        ("code", "answer"),
        [
            ("2002700", Answer.DONE),
            ("2022700", Answer.LATER),
            ("4002701", Answer.REFUSED),
            ("4012700", Answer.LATER),
            ("4012701", Answer.LATER),
            ("4032704", Answer.LATER),
            ("4032751", Answer.ASK),
            ("4032754", Answer.REFUSED),
            ("4032755", Answer.ASK),
            ("4032859", Answer.REFUSED),
            ("4043012", Answer.ASK),
            ("4043014", Answer.ASK),
            ("4042518", Answer.ASK),
            ("4053100", Answer.REFUSED),
            ("4092700", Answer.LATER),
            ("4292700", Answer.LATER),
            ("5002700", Answer.LATER),
            ("5042700", Answer.LATER),
            ("4042799", Answer.LATER),
        ],
    )
    def test_a_code_says_what_to_do(self, code: str, answer: Answer) -> None:
        assert classify(Code.parse(code)) is answer

    def test_no_code_leaves_the_outcome_open(self) -> None:
        assert classify(None) is Answer.LATER

    def test_every_documented_case_has_a_class(self) -> None:
        found = {classify(Code(http, 27, case)) for http, case in MESSAGES}

        assert found == set(Answer)


class TestAPaymentRequest:
    def test_is_read_whole(self) -> None:
        paid = messages.PaymentRequest.parse(PAID)

        assert paid.identity.number == NUMBER
        assert (paid.paid_idr, paid.cumulative_idr, paid.billed_idr) == (50_000, 100_000, 150_000)
        assert (paid.paid_at, paid.journal_no, paid.advice) == (PAID_AT, "775705", False)

    def test_optional_fields_may_be_missing(self) -> None:
        optional = ("trxId", "virtualAccountName", "cumulativePaymentAmount", "totalAmount",
                    "trxDateTime", "referenceNo", "flagAdvise", "additionalInfo")  # fmt: skip
        bare = {name: value for name, value in PAID.items() if name not in optional}

        paid = messages.PaymentRequest.parse(bare)

        assert (paid.trx_id, paid.cumulative_idr, paid.paid_at) == ("", None, None)

    def test_the_journal_number_goes_before_the_reference(self) -> None:
        assert messages.PaymentRequest.parse(PAID | {"journalNum": "012345"}).journal_no == "012345"

    @pytest.mark.parametrize("name", ["paymentRequestId", "paidAmount", "customerNo"])
    def test_mandatory_fields_are_named(self, name: str) -> None:
        with pytest.raises(MissingField, match=name):
            messages.PaymentRequest.parse({**PAID, name: None})

    @pytest.mark.parametrize(
        "change",
        [{"flagAdvise": "X"}, {"trxDateTime": "2026-02-01 10:00:00"}, {"trxId": "x" * 65},
         {"virtualAccountName": "a\x00b"}, {"paymentRequestId": 7}],
    )  # fmt: skip
    def test_a_field_of_another_kind_is_refused(self, change: dict[str, Any]) -> None:
        with pytest.raises(SnapProblem):
            messages.PaymentRequest.parse(PAID | change)


class TestRequests:
    BILLING = Billing(
        trx_id="T1",
        trx_amount_idr=150_000,
        customer_name="MAHMUD",
        expires_at=datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC),
        virtual_account=NUMBER,
        billing_type=BillingType.INSTALLMENT,
        description="INV/1",
    )

    def test_a_create_spells_amount_type_and_expiry_as_the_standard_does(self) -> None:
        sent = messages.account_request(self.BILLING, "98877")

        assert sent["totalAmount"] == {"value": "150000.00", "currency": "IDR"}
        assert sent["virtualAccountTrxType"] == "I"
        assert sent["expiredDate"] == "2026-12-31T23:59:59+07:00"
        assert sent["partnerServiceId"] == "   98877"
        assert "virtualAccountEmail" not in sent

    def test_paths_carry_prefix_and_version(self) -> None:
        assert messages.CREATE.path("", "v1.0") == "/v1.0/transfer-va/create-va"
        assert messages.DELETE.path("/snap", "v1") == "/snap/v1/transfer-va/delete-va"

    def test_a_report_is_asked_in_wib(self) -> None:
        sent = messages.report_request("98877", PAID_AT, PAID_AT + timedelta(hours=14))

        assert (sent["startDate"], sent["startTime"]) == ("2026-02-01", "10:00")
        assert (sent["endDate"], sent["endTime"]) == ("2026-02-02", "00:00")

    def test_a_body_is_written_without_spaces_in_ascii(self) -> None:
        assert replies.serialise({"a": "é", "b": 1}) == b'{"a":"\\u00e9","b":1}'


class TestReplies:
    @pytest.mark.parametrize("name", ["virtualAccountData", "virtualAccountdata"])
    def test_the_data_may_be_spelled_with_a_small_d(self, name: str) -> None:
        body = json.dumps({"responseCode": 2003500, name: [{"trxId": "T1"}]}).encode()

        reply = replies.Reply.parse(body)

        assert reply.code == Code(200, 35, 0)
        assert reply.rows == [{"trxId": "T1"}]

    @pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"\xff", b"[" * 60_000])
    def test_anything_else_is_malformed(self, body: bytes) -> None:
        with pytest.raises(replies.Malformed):
            replies.Reply.parse(body)

    def test_an_answer_says_code_and_reason_in_bounded_words(self) -> None:
        http, members = replies.reply(401, messages.Service.PAYMENT, 0, "x" * 500)

        assert (http, members["responseCode"]) == (401, "4012500")
        assert len(str(members["responseMessage"])) == 150


class TestABankState:
    ACCOUNT: ClassVar[dict[str, Any]] = {
        **messages.billing_request(Identity.of(NUMBER, "98877"), "T1"),
        "totalAmount": fields.amount(150_000),
        "virtualAccountTrxType": "C",
        "expiredDate": "2026-03-01T00:00:00+07:00",
        "paymentDate": "",
    }

    @pytest.mark.parametrize(
        ("change", "paid_idr", "active"),
        [
            ({}, 0, True),
            ({"expiredDate": "2026-02-01T09:00:00+07:00"}, 0, False),
            ({"expiredDate": None}, 0, True),
            ({}, 150_000, False),
            ({"virtualAccountTrxType": "I"}, 149_999, True),
            ({"virtualAccountTrxType": "I"}, 150_000, False),
            ({"virtualAccountTrxType": "O"}, 150_000, True),
            ({"virtualAccountTrxType": "M"}, 200_000, False),
        ],
    )
    def test_whether_it_can_be_paid_follows_from_type_time_and_money(
        self, change: dict[str, Any], paid_idr: int, active: bool
    ) -> None:
        money = state.Money(paid_idr, "1", PAID_AT) if paid_idr else None

        found = state.Account.parse(self.ACCOUNT | change).state("T1", money, PAID_AT)

        assert (found.paid_idr, found.active) == (paid_idr, active)

    def test_a_type_without_counterpart_is_refused(self) -> None:
        with pytest.raises(SnapProblem):
            state.Account.parse(self.ACCOUNT | {"virtualAccountTrxType": "L"})


class TestMoneyInAReport:
    def test_the_last_cumulative_amount_is_the_total(self) -> None:
        first = PAID | {"paidAmount": fields.amount(50_000), "trxDateTime": "2026-01-01T10:00:00Z",
                        "cumulativePaymentAmount": fields.amount(50_000)}  # fmt: skip
        rows = state.of_billing([PAID, first], NUMBER, "T1")

        assert state.total(rows, whole=False) == state.Money(100_000, "775705", PAID_AT)

    def test_without_it_only_the_whole_list_adds_up(self) -> None:
        row = {**PAID, "cumulativePaymentAmount": None}
        rows = state.of_billing([row, row], NUMBER, "T1")

        assert state.total(rows, whole=False) is None
        assert state.total(rows, whole=True) == state.Money(100_000, "775705", PAID_AT)

    def test_other_accounts_other_billings_and_refused_payments_do_not_count(self) -> None:
        others = [PAID | {"virtualAccountNo": "98877999"}, PAID | {"trxId": "T2"},
                  PAID | {"paymentFlagStatus": "01"}, {}]  # fmt: skip

        assert state.of_billing(others, NUMBER, "T1") == []
        assert state.total([], whole=True) is None
