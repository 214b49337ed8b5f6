"""How banks' programs spell the same: one test per difference that the protocol page lists."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from bank_gateway.models import VirtualAccount
from bni_protocol import moments
from snap_protocol import signing

PATH = "/snap/v1.0/transfer-va/payment"
NAME = "René / Siti"


def python_style(members: dict[str, Any]) -> tuple[bytes, bytes]:
    """Spaces on the wire, none under the signature, escapes for what is not ASCII."""
    return json.dumps(members).encode(), json.dumps(members, separators=(",", ":")).encode()


def php_style(members: dict[str, Any]) -> tuple[bytes, bytes]:
    r"""Compact, slashes as ``\/``, escapes for what is not ASCII."""
    body = json.dumps(members, separators=(",", ":")).replace("/", r"\/").encode()
    return body, body


def node_style(members: dict[str, Any]) -> tuple[bytes, bytes]:
    """Compact, plain slashes, raw UTF-8."""
    body = json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode()
    return body, body


class TestTheBody:
    @pytest.mark.parametrize("style", [python_style, php_style, node_style])
    async def test_is_taken_as_each_of_the_banks_three_programs_spells_it(
        self, bench: Any, snap: Any, style: Callable[[dict[str, Any]], tuple[bytes, bytes]]
    ) -> None:
        members = snap.payment(await bench.open(), virtualAccountName=NAME)
        body, signed_body = style(members)

        answer = await snap.call(PATH, body, signed_body=signed_body)

        assert answer.json()["responseCode"] == "2002500"
        (payment,) = await bench.payments()
        assert payment.payer_name == NAME

    async def test_c10_signed_in_one_spelling_and_sent_in_another_is_refused(
        self, bench: Any, snap: Any
    ) -> None:
        members = snap.payment(await bench.open(), virtualAccountName=NAME)

        answer = await snap.call(PATH, node_style(members)[0], signed_body=php_style(members)[1])

        assert answer.json()["responseCode"] == "4012500"

    async def test_is_taken_pretty_printed_with_the_line_ends_of_windows(
        self, bench: Any, snap: Any
    ) -> None:
        members = snap.payment(await bench.open())
        body = json.dumps(members, indent="\t").replace("\n", "\r\n").encode()

        assert (await snap.call(PATH, body)).json()["responseCode"] == "2002500"

    async def test_may_have_members_that_nobody_told_us_of(self, bench: Any, snap: Any) -> None:
        more = {
            "additionalInfo": {"deep": [{"x": None}]},
            "billDetails": [{"billNo": "1", "billAmount": {"value": 3, "currency": "IDR"}}],
            "paidBills": "95000",
            "passApp": "",
            "feeAmount": None,
        }

        assert await snap.told(snap.payment(await bench.open(), **more)) == "2002500"

    async def test_null_is_as_good_as_nothing(self, bench: Any, snap: Any) -> None:
        members = snap.payment(await bench.open()) | {
            "cumulativePaymentAmount": None, "flagAdvise": None, "virtualAccountName": None,
        }  # fmt: skip

        assert await snap.told(members) == "2002500"


class TestIdentity:
    @pytest.mark.parametrize("service_id", ["    8001", "8001", "  8001", "8001    "])
    async def test_is_read_under_any_padding_and_echoed_as_it_came(
        self, bench: Any, snap: Any, service_id: str
    ) -> None:
        account = await bench.open()
        rest = account.account_number.removeprefix("8001")
        members = snap.payment(
            account, partnerServiceId=service_id, customerNo=rest,
            virtualAccountNo=account.account_number,
        )  # fmt: skip

        answer = await snap.pay(members)

        assert answer.json()["responseCode"] == "2002500"
        echoed = answer.json()["virtualAccountData"]
        assert echoed["partnerServiceId"] == service_id
        assert echoed["virtualAccountNo"] == account.account_number

    @pytest.mark.parametrize("service_id", ["8", "80010000"])
    async def test_may_be_split_where_the_bank_likes(
        self, bench: Any, snap: Any, service_id: str
    ) -> None:
        account = await bench.open()
        members = snap.payment(account) | snap.identity(account.account_number, service_id)

        assert await snap.told(members) == "2002500"

    async def test_without_a_service_id_is_refused_by_name(self, bench: Any, snap: Any) -> None:
        answer = await snap.pay(snap.payment(await bench.open(), partnerServiceId=None))

        assert answer.json()["responseCode"] == "4002502"
        assert answer.json()["responseMessage"] == "Invalid Mandatory Field partnerServiceId"

    async def test_c10_spaces_are_signed(self, bench: Any, snap: Any) -> None:
        members = snap.payment(await bench.open())
        body = json.dumps(members).encode()

        trimmed = body.replace(b'"    8001', b'"8001')
        assert trimmed != body
        answer = await snap.call(PATH, body, signed_body=trimmed)
        assert answer.json()["responseCode"] == "4012500"


class TestAmounts:
    @pytest.mark.parametrize("value", [1250000, 1250000.0, "1250000", "1250000.0", "1,250,000.00"])
    async def test_m1_other_than_text_with_two_decimals_are_refused_never_rounded(
        self, bench: Any, snap: Any, value: object
    ) -> None:
        members = snap.payment(await bench.open(), paidAmount={"value": value, "currency": "IDR"})

        assert await snap.told(members) == "4002501"
        assert await bench.payments() == []

    async def test_m1_a_fraction_has_a_code_of_its_own_at_bni(self, bench: Any, snap: Any) -> None:
        members = snap.payment(
            await bench.open(), paidAmount={"value": "1250000.01", "currency": "IDR"}
        )

        assert await snap.told(members) == "4032554"


class TestTheSignature:
    @pytest.mark.parametrize("upper", [False, True])
    async def test_may_be_hexadecimal(self, bench: Any, snap: Any, upper: bool) -> None:
        body = json.dumps(snap.payment(await bench.open())).encode()
        token = await snap.token()
        text = signing.string_to_sign("POST", PATH, body, snap.timestamp(), token)
        hexadecimal = base64.b64decode(signing.sign_symmetric(text, snap.secret)).hex()

        answer = await snap.call(
            PATH, body, token=token, X_SIGNATURE=hexadecimal.upper() if upper else hexadecimal
        )

        assert answer.json()["responseCode"] == "2002500"

    async def test_of_a_token_request_may_be_hexadecimal(self, snap: Any) -> None:
        text = signing.token_string("BNI-AT-LUNAS", snap.timestamp())
        proof = signing.sign_asymmetric(text, signing.private_key(snap.private_key))

        answer = await snap.ask_token(X_SIGNATURE=base64.b64decode(proof).hex())

        assert answer.json()["responseCode"] == "2007300"

    async def test_padded_base64_may_have_lost_its_padding(self, bench: Any, snap: Any) -> None:
        body = json.dumps(snap.payment(await bench.open())).encode()
        token = await snap.token()
        text = signing.string_to_sign("POST", PATH, body, snap.timestamp(), token)
        proof = signing.sign_symmetric(text, snap.secret)
        assert proof.endswith("==")

        answer = await snap.call(PATH, body, token=token, X_SIGNATURE=proof.rstrip("="))

        assert answer.json()["responseCode"] == "2002500"

    async def test_without_a_token_is_the_banks_own(self, bench: Any, snap: Any) -> None:
        body = json.dumps(snap.payment(await bench.open())).encode()

        answer = await snap.call_without_token(PATH, body)

        assert answer.json()["responseCode"] == "2002500"


class TestHeaders:
    @pytest.mark.parametrize("spelled", ["2026-11-25T03:00:00Z", "2026-11-25T10:00:00+07:00"])
    async def test_the_time_may_be_in_any_offset(self, bench: Any, snap: Any, spelled: str) -> None:
        bench.clock.move_to(moments.parse_iso(spelled))
        members = snap.payment(await bench.open())

        assert await snap.told(members, X_TIMESTAMP=spelled) == "2002500"

    async def test_their_names_are_in_any_case(self, bench: Any, snap: Any) -> None:
        members = snap.payment(await bench.open())
        mixed = {"X_PARTNER_ID": None, "x_PaRtNeR_iD": "LUNAS"}

        assert await snap.told(members, **mixed) == "2002500"

    async def test_the_optional_ones_may_be_there_and_empty(self, bench: Any, snap: Any) -> None:
        """As the bank's own programs send them."""
        members = snap.payment(await bench.open())
        empty = dict.fromkeys(("X_IP_Address", "X_DEVICE_ID", "X_LATITUDE", "X_LONGITUDE"), "")

        assert await snap.told(members, **empty) == "2002500"

    async def test_bearer_is_in_any_case(self, bench: Any, snap: Any) -> None:
        members, token = snap.payment(await bench.open()), await snap.token()

        told = await snap.told(members, token=token, AUTHORIZATION=f"bearer {token}")
        assert told == "2002500"


class TestPayments:
    async def test_an_advice_is_the_payment_when_it_is_the_first_to_arrive(
        self, bench: Any, snap: Any
    ) -> None:
        assert await snap.told(snap.payment(await bench.open(), flagAdvise="Y")) == "2002500"
        assert len(await bench.payments()) == 1

    async def test_an_inquiry_and_its_payment_share_their_id(self, bench: Any, snap: Any) -> None:
        account = await bench.open()
        asked = await snap.inquire(account.account_number, inquiryRequestId="SAMA-1")
        offered = asked.json()["virtualAccountData"]

        members = snap.payment(
            account, trxId=None, paymentRequestId="SAMA-1", paidAmount=offered["totalAmount"],
            totalAmount=offered["totalAmount"],
            virtualAccountName=offered["virtualAccountName"],
        )  # fmt: skip
        assert await snap.told(members) == "2002500"

    async def test_on_a_customers_account_the_bank_may_echo_what_he_owed(
        self, bench: Any, snap: Any
    ) -> None:
        await bench.customer()
        await bench.follow(bench.invoice(va_mode="customer"))
        await bench.work()
        (account,) = await bench.rows(VirtualAccount)
        offered = (await snap.inquire(account.account_number)).json()["virtualAccountData"]

        members = snap.payment(
            account, paidAmount={"value": "50000.00", "currency": "IDR"},
            totalAmount=offered["totalAmount"],
        )  # fmt: skip
        assert await snap.told(members) == "2002500"
        (payment,) = await bench.payments()
        assert (payment.billed_idr, payment.amount_idr) == (0, 50_000)
