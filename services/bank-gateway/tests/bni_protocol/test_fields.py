"""What is inside a message: fields, codes, text."""

from datetime import UTC, datetime

import pytest

from bni_protocol import moments
from bni_protocol.cipher import Key
from bni_protocol.codes import MESSAGES, Answer, classify
from bni_protocol.envelope import Envelope, Malformed, acknowledged, parse_reply, status_only
from bni_protocol.fields import Billing, FieldProblem, Notification
from bni_protocol.text import printable_ascii

PAID = {
    "trx_id": "T1",
    "virtual_account": "9887700126010101",
    "customer_name": "MAHMUD",
    "trx_amount": "100000",
    "payment_amount": "100000",
    "cumulative_payment_amount": "100000",
    "payment_ntb": "012345",
    "datetime_payment": "2026-02-01 10:00:00",
    "datetime_payment_iso8601": "2026-02-01T10:00:00+07:00",
}


class TestANotification:
    def test_reads_times_without_offset_as_wib(self) -> None:
        assert Notification.parse(PAID).paid_at == datetime(2026, 2, 1, 3, tzinfo=UTC)

    def test_keeps_leading_zeros_of_the_journal_number(self) -> None:
        assert Notification.parse(PAID).payment_ntb == "012345"

    def test_writes_what_it_reads(self) -> None:
        assert Notification.parse(PAID).members() == PAID

    def test_tolerates_members_the_bank_adds_later(self) -> None:
        assert Notification.parse(PAID | {"channel": "ATM"}).trx_id == "T1"

    @pytest.mark.parametrize("name", sorted(PAID))
    def test_c4_every_field_must_be_there_as_text(self, name: str) -> None:
        for wrong in (None, 100000, ["x"]):
            with pytest.raises(FieldProblem):
                Notification.parse({**PAID, name: wrong})

    @pytest.mark.parametrize(
        "amount", ["1.00", "-1", "+1", " 1", "1 ", "", "1e3", "\u0661", "123456789012345", "0x1"]
    )
    def test_m1_an_amount_is_digits_only(self, amount: str) -> None:
        with pytest.raises(FieldProblem, match="payment_amount"):
            Notification.parse({**PAID, "payment_amount": amount})

    @pytest.mark.parametrize(
        "iso", ["2026-02-01T10:00:01+07:00", "2026-02-01T10:00:00Z", "2026-02-01", "x"]
    )
    def test_c4_both_times_must_be_the_same_instant(self, iso: str) -> None:
        with pytest.raises(FieldProblem):
            Notification.parse({**PAID, "datetime_payment_iso8601": iso})


class TestStatusCodes:
    def test_every_documented_code_has_a_class(self) -> None:
        assert {classify(code) for code in MESSAGES} == set(Answer)

    @pytest.mark.parametrize(
        ("code", "answer"),
        [("000", Answer.DONE), ("105", Answer.ASK), ("017", Answer.REFUSED), ("997", Answer.LATER),
         ("003", Answer.LATER), ("", Answer.LATER)],
    )  # fmt: skip
    def test_a_code_says_what_to_do(self, code: str, answer: Answer) -> None:
        assert classify(code) is answer


class TestTextForTheBank:
    @pytest.mark.parametrize(
        ("given", "sent"),
        [
            ("José Müller", "Jose Muller"),
            ("Siti \u2018Aisyah\u2019 \u2013 Bogor", "Siti 'Aisyah' - Bogor"),
            ("  a\tb\nc  ", "a b c"),
            ("Łukasz Straße", "Lukasz Strasse"),
            ("王小明", ""),
            ("A 王 B", "A B"),
        ],
    )
    def test_c4_is_spelled_in_printable_ascii(self, given: str, sent: str) -> None:
        assert printable_ascii(given, 255) == sent

    def test_is_cut_to_its_length_without_a_trailing_space(self) -> None:
        assert printable_ascii("ab cd", 3) == "ab"


class TestRequests:
    def test_an_update_resends_every_optional_field(self) -> None:
        billing = Billing(
            trx_id="T1",
            trx_amount_idr=5,
            customer_name="A",
            expires_at=datetime(2026, 2, 1, tzinfo=UTC),
            description="INV",
        )

        sent = billing.update("001")

        assert sent["description"] == "INV"
        assert sent["datetime_expired"] == "2026-02-01T07:00:00+07:00"
        assert "billing_type" not in sent
        assert all(isinstance(value, str) for value in sent.values())


class TestEnvelopes:
    @pytest.mark.parametrize(
        "body", [b"", b"[]", b"{", b'{"client_id":1,"data":"x"}', b'{"client_id":"1"}', b"\xff"]
    )
    def test_c7_anything_else_is_malformed(self, body: bytes) -> None:
        with pytest.raises(Malformed):
            Envelope.parse(body)

    def test_success_without_readable_data_is_malformed(self) -> None:
        with pytest.raises(Malformed):
            parse_reply(b'{"status":"000","data":"!!"}', Key("001", "ab"), 0)

    def test_an_error_is_read_without_a_key_to_it(self) -> None:
        assert parse_reply(status_only("101", "no"), Key("001", "ab"), 0).status == "101"

    def test_only_http_200_with_status_000_acknowledges(self) -> None:
        assert acknowledged(200, b'{"status":"000"}')
        assert not acknowledged(201, b'{"status":"000"}')
        assert not acknowledged(200, b'{"status":"999"}')
        assert not acknowledged(200, b"<html>")


def test_t2_both_spellings_of_an_instant_are_equal() -> None:
    moment = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)

    assert moments.parse_plain(moments.plain(moment)) == moments.parse_iso(moments.iso(moment))
