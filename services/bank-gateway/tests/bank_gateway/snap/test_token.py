"""The token service that the bank signs for, and the door in front of it (C8, C10, P4)."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bank_gateway.main import build_door
from bank_gateway.partner import Tokens
from bank_gateway.settings import Settings
from bank_gateway.vault import Vault
from bni_protocol import moments

OTHER_KEY = base64.b64encode(b"n" * 32).decode()


class TestAToken:
    async def test_is_given_on_the_banks_signature(self, bench: Any, snap: Any) -> None:
        answer = await snap.ask_token()

        told = answer.json()
        assert answer.status_code == 200
        assert (told["responseCode"], told["tokenType"]) == ("2007300", "Bearer")
        assert told["expiresIn"] == "900"
        assert len(told["accessToken"]) <= 2048
        assert moments.parse_iso(answer.headers["X-TIMESTAMP"]) == bench.clock.now()

    async def test_is_valid_for_a_quarter_of_an_hour(self, bench: Any, snap: Any) -> None:
        token, tokens = await snap.token(), _tokens("k")

        assert tokens.is_valid(token, "BNI-AT-LUNAS", bench.clock.now())
        bench.clock.advance(timedelta(seconds=899))
        assert tokens.is_valid(token, "BNI-AT-LUNAS", bench.clock.now())
        bench.clock.advance(timedelta(seconds=1))
        assert not tokens.is_valid(token, "BNI-AT-LUNAS", bench.clock.now())

    async def test_is_bound_to_its_client_and_to_its_letters(self, bench: Any, snap: Any) -> None:
        token, tokens, now = await snap.token(), _tokens("k"), bench.clock.now()

        assert not tokens.is_valid(token, "SOMEBODY", now)
        assert not tokens.is_valid(token[:-2] + "AA", "BNI-AT-LUNAS", now)
        assert not tokens.is_valid("", "BNI-AT-LUNAS", now)
        assert not tokens.is_valid(token.rpartition(".")[0] + ".", "BNI-AT-LUNAS", now)

    async def test_outlives_a_restart_and_a_change_of_the_vaults_key(
        self, bench: Any, snap: Any
    ) -> None:
        token, now = await snap.token(), bench.clock.now()

        assert _tokens("k").is_valid(token, "BNI-AT-LUNAS", now)
        assert _tokens("n", "k").is_valid(token, "BNI-AT-LUNAS", now)
        assert not _tokens("n").is_valid(token, "BNI-AT-LUNAS", now)

    def test_unsigned_tokens_of_the_same_form_are_none(self) -> None:
        claims = base64.urlsafe_b64encode(b'{"sub":"BNI-AT-LUNAS","aud":"snap","exp":9999999999}')
        head = base64.urlsafe_b64encode(b'{"alg":"none"}')
        forged = (head.rstrip(b"=") + b"." + claims.rstrip(b"=") + b".").decode()

        assert not _tokens("k").is_valid(forged, "BNI-AT-LUNAS", moments.parse_plain(
            "2026-01-01 00:00:00"
        ))  # fmt: skip


class TestARefusal:
    @pytest.mark.parametrize(
        ("headers", "http", "code"),
        [
            ({"X_TIMESTAMP": None}, 400, "4007302"),
            ({"X_CLIENT_KEY": None}, 400, "4007302"),
            ({"X_SIGNATURE": None}, 400, "4007302"),
            ({"X_TIMESTAMP": "2026-11-25 10:00:00"}, 400, "4007301"),
            ({"X_TIMESTAMP": "2026-11-25T10:00:00.000+07:00"}, 400, "4007301"),
            ({"X_TIMESTAMP": "2026-11-25T10:00:00"}, 400, "4007301"),
            ({"X_CLIENT_KEY": "SOMEBODY"}, 401, "4017300"),
            ({"X_SIGNATURE": "AAAA"}, 401, "4017300"),
            ({"X_SIGNATURE": "keine Unterschrift"}, 401, "4017300"),
        ],
    )
    async def test_names_the_header(
        self, snap: Any, headers: dict[str, str | None], http: int, code: str
    ) -> None:
        answer = await snap.ask_token(**headers)

        assert (answer.status_code, answer.json()["responseCode"]) == (http, code)
        (name,) = headers
        assert name.replace("_", "-") in answer.json()["responseMessage"] or http == 401
        assert "accessToken" not in answer.json()

    @pytest.mark.parametrize("seconds", [-301, 301])
    async def test_c10_a_timestamp_more_than_five_minutes_off(
        self, bench: Any, snap: Any, seconds: int
    ) -> None:
        off = moments.iso(bench.clock.now() + timedelta(seconds=seconds))

        answer = await snap.ask_token(X_TIMESTAMP=off)

        assert answer.json()["responseCode"] == "4017300"
        assert answer.json()["responseMessage"] == "Unauthorized. [X-TIMESTAMP]"

    @pytest.mark.parametrize("seconds", [-300, 300])
    async def test_c10_five_minutes_are_within(self, bench: Any, snap: Any, seconds: int) -> None:
        off = moments.iso(bench.clock.now() + timedelta(seconds=seconds))

        assert (await snap.ask_token(X_TIMESTAMP=off)).status_code == 200

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"", "4007300"),
            (b"[]", "4007300"),
            (b"{}", "4007301"),
            (b'{"grantType":"x"}', "4007301"),
        ],
    )
    async def test_of_a_body_that_asks_for_something_else(
        self, snap: Any, body: bytes, code: str
    ) -> None:
        assert (await snap.ask_token(body)).json()["responseCode"] == code

    async def test_c8_of_a_stranger_network(self, bench: Any, snap: Any) -> None:
        bench.http._transport.client = ("10.0.0.1", 1)

        answer = await snap.ask_token()

        assert (answer.status_code, answer.json()["responseCode"]) == (403, "4037301")

    async def test_of_another_method(self, bench: Any) -> None:
        answer = await bench.http.get("/snap/v1.0/access-token/b2b")

        assert (answer.status_code, answer.json()["responseCode"]) == (405, "4057301")


class TestSettings:
    async def test_p4_the_banks_previous_key_is_still_accepted(
        self, settings_of: Callable[..., Settings], settings: Settings, bench: Any, snap: Any
    ) -> None:
        other = _another_public_key()
        kept = {"snap_partner_id", "snap_bank_client_id", "snap_bank_client_secret"}
        fields = settings.model_dump(include=kept)
        both = settings_of(
            **fields,
            snap_bank_public_key=other,
            snap_bank_public_key_previous=settings.snap_bank_public_key,
        )
        only_new = settings_of(**fields, snap_bank_public_key=other)

        async with bench.served_by(build_door(both, bench.sessions)):
            assert (await snap.ask_token()).status_code == 200
        async with bench.served_by(build_door(only_new, bench.sessions)):
            assert (await snap.ask_token()).status_code == 401

    async def test_nothing_of_snap_is_served_without_an_agreement(
        self, settings_of: Callable[..., Settings], bench: Any, snap: Any
    ) -> None:
        async with bench.served_by(build_door(settings_of(), bench.sessions)):
            assert (await snap.ask_token()).status_code == 404

    def test_half_an_agreement_stops_the_service(
        self, settings_of: Callable[..., Settings]
    ) -> None:
        with pytest.raises(ValidationError, match="go together"):
            settings_of(snap_bank_client_id="BNI-AT-LUNAS")

    def test_nobody_to_be_meant_stops_the_service(
        self, settings_of: Callable[..., Settings], settings: Settings
    ) -> None:
        with pytest.raises(ValidationError, match="SNAP_PARTNER_ID or SNAP_BANK_PARTNER_ID"):
            settings_of(
                snap_bank_client_id="BNI-AT-LUNAS",
                snap_bank_client_secret="s" * 32,
                snap_bank_public_key=settings.snap_bank_public_key,
            )

    def test_p4_a_short_secret_stops_the_service(
        self, settings_of: Callable[..., Settings], settings: Settings
    ) -> None:
        with pytest.raises(ValidationError, match="32"):
            settings_of(
                snap_bank_client_id="BNI-AT-LUNAS",
                snap_bank_client_secret="pendek",
                snap_bank_public_key=settings.snap_bank_public_key,
            )


def _tokens(*letters: str) -> Tokens:
    keys = [letter.encode() * 32 for letter in letters]
    return Tokens.of(Vault(keys), timedelta(seconds=900))


def _another_public_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()
