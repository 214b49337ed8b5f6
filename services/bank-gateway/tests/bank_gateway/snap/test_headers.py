"""The headers of a transaction: in the order of the protocol, and proved before all else (C10)."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bank_gateway.main import build_door
from bank_gateway.models import QuarantinedNotice
from bank_gateway.settings import Settings
from bni_protocol import moments
from snap_protocol import signing

PATH = "/snap/v1.0/transfer-va/inquiry"
BODY = json.dumps({
    "partnerServiceId": "    8001", "customerNo": "999999999999",
    "virtualAccountNo": "    8001999999999999", "inquiryRequestId": "TANYA-1",
}).encode()  # fmt: skip
TAKEN = "4042412"  # proved, read, and no account of ours


def code(answer: Any) -> str:
    assert str(answer.status_code) == answer.json()["responseCode"][:3]
    return str(answer.json()["responseCode"])


class TestAProof:
    async def test_with_a_token(self, snap: Any) -> None:
        assert code(await snap.call(PATH, BODY)) == TAKEN

    async def test_without_a_token_by_the_banks_key(self, snap: Any) -> None:
        assert code(await snap.call_without_token(PATH, BODY)) == TAKEN

    async def test_an_empty_authorization_is_none(self, snap: Any) -> None:
        assert code(await snap.call_without_token(PATH, BODY, AUTHORIZATION="")) == TAKEN

    async def test_in_hexadecimal(self, snap: Any) -> None:
        token, timestamp = await snap.token(), snap.timestamp()
        text = signing.string_to_sign("POST", PATH, BODY, timestamp, token)
        proof = signing._digest(text, snap.secret).hex()

        assert code(await snap.call(PATH, BODY, token=token, X_SIGNATURE=proof)) == TAKEN

    async def test_covers_the_query(self, snap: Any) -> None:
        assert code(await snap.call(PATH + "?a=1", BODY)) == TAKEN
        assert code(await snap.call(PATH + "?a=1", BODY, signed_path=PATH)) == "4012400"

    async def test_of_a_path_that_a_proxy_shortened(
        self, settings: Settings, bench: Any, snap: Any
    ) -> None:
        behind = settings.model_copy(update={"snap_path_prefix": "/bni"})

        async with bench.served_by(build_door(behind, bench.sessions)):
            assert code(await snap.call(PATH, BODY, signed_path="/bni" + PATH)) == TAKEN
            assert code(await snap.call(PATH, BODY)) == "4012400"

    async def test_p4_by_the_previous_secret_while_it_is_changed(
        self, settings_of: Callable[..., Settings], settings: Settings, bench: Any, snap: Any
    ) -> None:
        kept = {"snap_partner_id", "snap_bank_client_id", "snap_bank_public_key"}
        fields = settings.model_dump(include=kept)
        new = {"snap_bank_client_secret": "n" * 40}
        both = settings_of(**fields, **new, snap_bank_client_secret_previous=snap.secret)

        async with bench.served_by(build_door(both, bench.sessions)):
            assert code(await snap.call(PATH, BODY)) == TAKEN
        async with bench.served_by(build_door(settings_of(**fields, **new), bench.sessions)):
            assert code(await snap.call(PATH, BODY)) == "4012400"


class TestARefusal:
    @pytest.mark.parametrize(
        ("headers", "expected"),
        [
            ({"X_TIMESTAMP": None}, "4002402"),
            ({"X_SIGNATURE": None}, "4002402"),
            ({"X_PARTNER_ID": None}, "4002402"),
            ({"X_EXTERNAL_ID": None}, "4002402"),
            ({"CHANNEL_ID": None}, "4002402"),
            ({"X_TIMESTAMP": "kemarin"}, "4002401"),
            ({"X_PARTNER_ID": "x" * 37}, "4002401"),
            ({"X_EXTERNAL_ID": "1" * 37}, "4002401"),
            ({"X_EXTERNAL_ID": "12a"}, "4002401"),
            ({"CHANNEL_ID": "123456"}, "4002401"),
            ({"AUTHORIZATION": "Basic abc"}, "4012401"),
            ({"AUTHORIZATION": "Bearer abc"}, "4012401"),
            ({"AUTHORIZATION": None}, "4012400"),
            ({"X_SIGNATURE": "AAAA"}, "4012400"),
            ({"X_PARTNER_ID": "ORANG-LAIN"}, "4012400"),
            ({"X_PARTNER_ID": "lunas"}, "4012400"),
        ],
    )
    async def test_in_the_order_of_the_protocol(
        self, snap: Any, headers: dict[str, str | None], expected: str
    ) -> None:
        assert code(await snap.call(PATH, BODY, **headers)) == expected

    @pytest.mark.parametrize(("seconds", "expected"), [(301, "4012400"), (300, TAKEN)])
    async def test_c10_out_of_its_five_minutes(
        self, bench: Any, snap: Any, seconds: int, expected: str
    ) -> None:
        token = await snap.token()
        off = moments.iso(bench.clock.now() - timedelta(seconds=seconds))

        assert code(await snap.call(PATH, BODY, token=token, X_TIMESTAMP=off)) == expected

    async def test_of_a_token_that_is_over(self, bench: Any, snap: Any) -> None:
        token = await snap.token()
        bench.clock.advance(timedelta(minutes=15))

        assert code(await snap.call(PATH, BODY, token=token)) == "4012401"

    @pytest.mark.parametrize(
        "changed",
        [
            {"signed_path": "/snap/v1.0/transfer-va/payment"},
            {"signed_body": BODY.replace(b"TANYA-1", b"TANYA-2")},
            {"signed_body": BODY.replace(b"    8001", b"8001")},
        ],
    )
    async def test_c10_of_what_was_changed_after_it_was_signed(
        self, snap: Any, changed: dict[str, Any]
    ) -> None:
        assert code(await snap.call(PATH, BODY, **changed)) == "4012400"


class TestThePartnerThatIsMeant:
    async def test_another_is_named_as_the_reason(self, snap: Any) -> None:
        answer = await snap.call(PATH, BODY, X_PARTNER_ID="ORANG-LAIN")

        assert answer.json()["responseMessage"] == "Unauthorized. [X-PARTNER-ID]"

    async def test_is_compared_for_both_kinds_of_proof(self, snap: Any) -> None:
        assert code(await snap.call_without_token(PATH, BODY, X_PARTNER_ID="LAIN")) == "4012400"

    async def test_only_whoever_has_proved_himself_learns_that_it_was_wrong(
        self, snap: Any
    ) -> None:
        answer = await snap.call(PATH, BODY, X_PARTNER_ID="ORANG-LAIN", X_SIGNATURE="AAAA")

        assert answer.json()["responseMessage"] == "Unauthorized. [X-SIGNATURE]"

    async def test_c7_money_that_was_meant_for_somebody_else_is_not_taken(
        self, bench: Any, snap: Any
    ) -> None:
        account = await bench.open()

        assert await snap.told(snap.payment(account), X_PARTNER_ID="ORANG-LAIN") == "4012500"
        assert await bench.payments() == []
        assert await bench.rows(QuarantinedNotice) == []
        assert await snap.told(snap.payment(account)) == "2002500"

    async def test_the_bank_may_name_us_otherwise_than_we_name_ourselves(
        self, settings: Settings, bench: Any, snap: Any
    ) -> None:
        named = settings.model_copy(update={"snap_bank_partner_id": "MERCHANT-7"})

        async with bench.served_by(build_door(named, bench.sessions)):
            assert code(await snap.call(PATH, BODY, X_PARTNER_ID="MERCHANT-7")) == TAKEN
            assert code(await snap.call(PATH, BODY, X_PARTNER_ID="LUNAS")) == "4012400"
