"""The eCollection cipher against the vectors of several independent implementations."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bni_protocol.cipher import Key, Refusal, Undecodable, decrypt, encrypt, encrypt_members

VECTORS_FILE = Path(__file__).parents[1] / "vectors" / "bni-ecollection.json"
VECTORS: list[dict[str, Any]] = json.loads(VECTORS_FILE.read_text())["vectors"]
KEY = Key("001", "ea0c88921fb033387e66ef7d1e82ab83")
NOW = 1_767_225_600


def loop_shift(text: bytes, key: Key) -> bytes:
    """The cipher as the protocol page writes it, byte by byte: the slow twin."""
    shifted = bytearray()
    for position, sign in enumerate(text):
        keys = (key.client_id.encode(), key.secret.encode())
        added = sum(letters[(position - 1) % len(letters)] for letters in keys)
        shifted.append((sign + added) % 128)
    return bytes(shifted)


def test_all_vectors_are_here() -> None:
    assert len(VECTORS) == 55


class TestVectors:
    @pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
    def test_a_text_encrypts_byte_for_byte_or_is_refused(self, vector: dict[str, Any]) -> None:
        key = Key(vector["client_id"], vector["secret_key"])

        if vector.get("must_not_produce"):
            with pytest.raises(ValueError, match="ASCII"):
                encrypt(vector["plaintext_json"], key, vector["encrypted_at"])
        else:
            sealed = encrypt(vector["plaintext_json"], key, vector["encrypted_at"])
            assert sealed == vector["ciphertext"]

    @pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
    def test_a_message_decrypts_or_is_refused(self, vector: dict[str, Any]) -> None:
        message = vector["decrypt"]
        key = Key(message["client_id"], message["secret_key"])
        expected = vector["expected"]

        if expected["result"] == "none":
            with pytest.raises(Undecodable):
                decrypt(message["input"], key, message["now"], message["window_seconds"])
        else:
            opened = decrypt(message["input"], key, message["now"], message["window_seconds"])
            assert opened == (expected["data"] or {})  # PHP writes {} as []


class TestTheFastShift:
    @given(
        st.text(st.characters(max_codepoint=127), max_size=3000),
        st.from_regex(r"[0-9]{2,5}", fullmatch=True),
        st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    )
    def test_equals_the_loop_of_the_protocol_page(
        self, text: str, client: str, secret: str
    ) -> None:
        key = Key(client, secret)
        slow = loop_shift(f"{str(NOW)[::-1]}.{text}".encode(), key)

        assert encrypt(text, key, NOW) == base64.urlsafe_b64encode(slow).rstrip(b"=").decode()

    @given(st.dictionaries(st.text(max_size=20), st.text(max_size=200), max_size=8))
    def test_any_object_comes_back(self, members: dict[str, str]) -> None:
        assert decrypt(encrypt_members(members, KEY, NOW), KEY, NOW) == members


class TestTheWindow:
    @pytest.mark.parametrize("skew", [-480, 480])
    def test_exactly_480_seconds_are_accepted_both_ways(self, skew: int) -> None:
        assert decrypt(encrypt("{}", KEY, NOW + skew), KEY, NOW) == {}

    @pytest.mark.parametrize("skew", [-481, 481])
    def test_c4_one_second_more_is_refused_and_says_so(self, skew: int) -> None:
        with pytest.raises(Undecodable) as refusal:
            decrypt(encrypt("{}", KEY, NOW + skew), KEY, NOW)

        assert refusal.value.reason is Refusal.WINDOW


class TestNothingElseEscapes:
    @given(st.text(max_size=400))
    def test_any_text_is_a_message_or_undecodable(self, text: str) -> None:
        with pytest.raises(Undecodable):
            decrypt(text, KEY, NOW)

    @pytest.mark.parametrize(
        "text", ["[" * 60_000, "9" * 60_000, '{"a":' * 20_000, "[1]", "NaN", "null", ""]
    )
    def test_hostile_json_is_undecodable(self, text: str) -> None:
        with pytest.raises(Undecodable):
            decrypt(encrypt(text, KEY, NOW), KEY, NOW)

    def test_the_secret_is_not_in_the_repr_of_a_key(self) -> None:
        assert KEY.secret not in repr(KEY)
