"""Signatures against the vectors of several independent implementations."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snap_protocol import signing

VECTORS_FILE = Path(__file__).parents[1] / "vectors" / "snap-bi.json"
FILE: dict[str, Any] = json.loads(VECTORS_FILE.read_text())
VECTORS: list[dict[str, Any]] = FILE["vectors"]
PRIVATE = signing.private_key(FILE["rsa_private_key_pem"])
PUBLIC = signing.public_key(FILE["rsa_public_key_pem"])


def of_kind(kind: str, *, valid: bool | None = None) -> list[Any]:
    return [
        pytest.param(vector, id=vector["id"])
        for vector in VECTORS
        if vector["kind"] == kind and (valid is None or vector["valid"] is valid)
    ]


def slow_minify(body: bytes) -> bytes:
    """The rule as the protocol page words it, byte by byte: the slow twin."""
    kept, inside, escaped = bytearray(), False, False
    for sign in body:
        if inside or sign not in b" \t\r\n":
            kept.append(sign)
        if inside and not escaped and sign == ord("\\"):
            escaped = True
            continue
        if sign == ord('"') and not escaped:
            inside = not inside
        escaped = False
    return bytes(kept)


def text_of(vector: dict[str, Any]) -> bytes:
    return signing.string_to_sign(
        vector["method"],
        vector["endpoint_url"],
        vector["raw_body"].encode(),
        vector["timestamp"],
        vector.get("access_token"),
    )


def test_all_vectors_are_here() -> None:
    kinds = {"minify_hash": 13, "symmetric_signature": 21, "token_signature": 8}
    assert len(VECTORS) == 45
    assert {kind: len(of_kind(kind)) for kind in kinds} == kinds
    assert len(of_kind("asymmetric_service_signature")) == 3


class TestMinifying:
    @pytest.mark.parametrize("vector", of_kind("minify_hash"))
    def test_a_body_loses_insignificant_space_and_nothing_else(
        self, vector: dict[str, Any]
    ) -> None:
        body = vector["raw_body"].encode()

        assert signing.minify(body).decode() == vector["minified"]
        assert signing.body_hash(body) == vector["sha256_hex"]

    @given(
        st.binary(max_size=300) | st.text(alphabet=' \t\n\r"\\{}:a', max_size=60).map(str.encode)
    )
    def test_equals_the_rule_of_the_protocol_page_on_any_bytes(self, body: bytes) -> None:
        assert signing.minify(body) == slow_minify(body)

    @given(st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=20))
    def test_means_the_same_json(self, value: object) -> None:
        pretty = json.dumps(value, indent=3).encode()

        assert json.loads(signing.minify(pretty)) == value

    @pytest.mark.parametrize("unit", [b'"\\', b'\\"', b'"', b" ", b'" '])
    def test_a_hostile_body_of_64_kib_costs_no_more_than_an_honest_one(self, unit: bytes) -> None:
        body = unit * (65_536 // len(unit))
        begun = time.process_time()

        signing.minify(body)

        assert time.process_time() - begun < 0.5


class TestSymmetricSignatures:
    @pytest.mark.parametrize("vector", of_kind("symmetric_signature", valid=True))
    def test_a_request_is_signed_byte_for_byte(self, vector: dict[str, Any]) -> None:
        text = text_of(vector)

        assert text.decode() == vector["string_to_sign"]
        signature = signing.sign_symmetric(text, vector["client_secret"])
        assert signature == vector["signature_base64"]

    @pytest.mark.parametrize("vector", of_kind("symmetric_signature", valid=True))
    @pytest.mark.parametrize("form", ["signature_base64", "signature_hex"])
    def test_base64_and_hex_verify(self, vector: dict[str, Any], form: str) -> None:
        text, secret = text_of(vector), vector["client_secret"]

        assert signing.verify_symmetric(text, secret, vector[form])
        assert signing.verify_symmetric(text, secret, vector["signature_hex"].upper())

    @pytest.mark.parametrize("vector", of_kind("symmetric_signature", valid=False))
    def test_c10_anything_changed_is_refused(self, vector: dict[str, Any]) -> None:
        signature = vector["signature_base64"]

        assert not signing.verify_symmetric(text_of(vector), vector["client_secret"], signature)

    @pytest.mark.parametrize("signature", ["", "x", "é", "0" * 128, "A" * 88, "\x00", "=" * 88])
    def test_what_is_no_signature_is_refused(self, signature: str) -> None:
        assert not signing.verify_symmetric(b"x", "secret", signature)

    @given(st.text(max_size=200))
    def test_no_text_verifies_or_breaks(self, signature: str) -> None:
        assert not signing.verify_symmetric(b"x", "secret", signature)
        assert not signing.verify_asymmetric(b"x", PUBLIC, signature)


class TestTokenSignatures:
    @pytest.mark.parametrize("vector", of_kind("token_signature"))
    def test_a_token_request_verifies_or_is_refused(self, vector: dict[str, Any]) -> None:
        text = signing.token_string(vector["client_key"], vector["timestamp"])

        assert text.decode() == vector["string_to_sign"]
        found = signing.verify_asymmetric(text, PUBLIC, vector["signature_base64"])
        assert found is vector["valid"]

    @pytest.mark.parametrize("vector", of_kind("token_signature", valid=True))
    def test_a_token_request_is_signed_byte_for_byte(self, vector: dict[str, Any]) -> None:
        text = signing.token_string(vector["client_key"], vector["timestamp"])

        assert signing.sign_asymmetric(text, PRIVATE) == vector["signature_base64"]


class TestAsymmetricSignatures:
    @pytest.mark.parametrize("vector", of_kind("asymmetric_service_signature"))
    def test_a_request_without_token_verifies_or_is_refused(self, vector: dict[str, Any]) -> None:
        text = text_of(vector)

        assert text.decode() == vector["string_to_sign"]
        found = signing.verify_asymmetric(text, PUBLIC, vector["signature_base64"])
        assert found is vector["valid"]

    @pytest.mark.parametrize("vector", of_kind("asymmetric_service_signature", valid=True))
    def test_a_request_without_token_is_signed_byte_for_byte(self, vector: dict[str, Any]) -> None:
        assert signing.sign_asymmetric(text_of(vector), PRIVATE) == vector["signature_base64"]


class TestKeys:
    def test_p4_a_key_that_is_no_rsa_key_is_refused(self) -> None:
        for read in (signing.private_key, signing.public_key):
            with pytest.raises(ValueError):
                read("-----BEGIN NOTHING-----")

    def test_p4_a_short_key_is_refused(self) -> None:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        pem = short.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

        with pytest.raises(ValueError, match="2048"):
            signing.private_key(pem.decode())
