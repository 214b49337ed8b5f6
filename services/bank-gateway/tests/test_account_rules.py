"""The life of an account, its terms and its numbers; the vault."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_gateway.domain.account import (
    TRANSITIONS,
    VaStatus,
    account_number,
    expiry,
    move,
    trx_id,
)
from bank_gateway.vault import NotOurs, Vault
from shared.errors import InvalidTransition

S = VaStatus
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
ALLOWED = {
    (S.REQUESTED, S.ACTIVE),
    (S.REQUESTED, S.FAILED),
    (S.REQUESTED, S.UNKNOWN),
    (S.UNKNOWN, S.ACTIVE),
    (S.UNKNOWN, S.FAILED),
    (S.ACTIVE, S.ACTIVE),
    (S.ACTIVE, S.PAID),
    (S.ACTIVE, S.EXPIRED),
    (S.ACTIVE, S.CANCELLED),
}


class TestMoves:
    @pytest.mark.parametrize(("current", "target"), list(product(S, S)))
    def test_s_only_the_moves_of_the_table(self, current: VaStatus, target: VaStatus) -> None:
        if (current, target) in ALLOWED:
            assert move(current, target) is target
        else:
            with pytest.raises(InvalidTransition):
                move(current, target)

    def test_every_status_has_its_row(self) -> None:
        assert set(TRANSITIONS) == set(S)


class TestTerms:
    def test_t1_an_account_is_payable_to_the_last_second_of_a_wib_day(self) -> None:
        assert expiry(date(2026, 12, 12), 0, NOW) == datetime(2026, 12, 12, 16, 59, 59, tzinfo=UTC)

    def test_t4_the_grace_crosses_month_leap_day_and_year(self) -> None:
        assert expiry(date(2027, 12, 31), 60, NOW).date() == date(2028, 2, 29)

    def test_an_old_bill_is_payable_for_a_week(self) -> None:
        assert expiry(date(2020, 1, 1), 90, NOW) == NOW + timedelta(days=7)


class TestNumbers:
    @pytest.mark.parametrize(
        ("prefix", "client_id", "number"),
        [("8", "001", "8001000000000042"), ("988", "00988", "9880098800000042")],
    )
    def test_an_account_number_has_16_digits(
        self, prefix: str, client_id: str, number: str
    ) -> None:
        assert account_number(prefix, client_id, 42) == number

    def test_no_number_is_made_that_does_not_fit(self) -> None:
        with pytest.raises(ValueError, match="no 16-digit"):
            account_number("988", "00988", 10**8)

    def test_i_a_trx_id_is_our_own_short_and_unique(self) -> None:
        made = {trx_id(uuid4()) for _ in range(1000)}

        assert len(made) == 1000
        assert all(len(text) <= 30 and text.isalnum() and text.isascii() for text in made)


class TestTheVault:
    @given(st.binary(max_size=200))
    def test_c9_what_was_sealed_opens_again(self, content: bytes) -> None:
        vault = Vault([b"a" * 32])

        assert vault.open(vault.seal(content)) == content

    def test_p4_an_older_key_still_opens(self) -> None:
        sealed = Vault([b"a" * 32]).seal(b"x")

        assert Vault([b"b" * 32, b"a" * 32]).open(sealed) == b"x"

    def test_a_changed_bit_or_a_strange_key_opens_nothing(self) -> None:
        sealed = Vault([b"a" * 32]).seal(b"x")
        for broken in (sealed[:-1] + bytes([sealed[-1] ^ 1]), b"", sealed[:6]):
            with pytest.raises(NotOurs):
                Vault([b"a" * 32]).open(broken)
        with pytest.raises(NotOurs):
            Vault([b"b" * 32]).open(sealed)

    @pytest.mark.parametrize("text", ["", "AAAA", "!!"])
    def test_p4_a_short_key_is_refused_at_start(self, text: str) -> None:
        with pytest.raises(ValueError):
            Vault.parse(text)
