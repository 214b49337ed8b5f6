"""A booking while it is being typed."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs
from uuid import UUID

import pytest

from dashboard.domain.answers.customers import Product
from dashboard.domain.draft import Draft

TODAY = date(2026, 12, 9)
LAND = Product(id=UUID(int=1), code="KAV", name="Kavling", price_idr=30_000_000)
NET = Product(id=UUID(int=2), code="NET", name="Internet", price_idr=350_000, kind="subscription")


def draft(*given: tuple[str, str], product: Product = LAND) -> Draft:
    chosen = (("product", str(product.id)), *given)
    return Draft(chosen, {LAND.id: LAND, NET.id: NET})


class TestTyping:
    def test_the_price_of_the_list_is_offered_until_another_is_agreed(self) -> None:
        assert draft().total_idr == 30_000_000
        assert draft((f"price-{LAND.id}", "28.500.000")).total_idr == 28_500_000

    def test_another_price_names_the_price_of_the_list(self) -> None:
        [item] = draft((f"price-{LAND.id}", "28.500.000")).items

        assert item.price_note == "harga daftar Rp30.000.000"

    def test_a_subscription_is_paid_monthly_unless_said_otherwise(self) -> None:
        assert draft(product=NET).kind == "monthly"
        assert draft(("kind", "cash"), product=NET).kind == "cash"

    def test_a_product_that_does_not_exist_is_not_chosen(self) -> None:
        assert draft(("product", str(UUID(int=9))), ("product", "x")).chosen == (LAND.id,)

    def test_everything_typed_is_carried_to_the_next_step_but_the_step(self) -> None:
        query = parse_qs(draft(("step", "scheme"), ("notes", "pagi & sore")).query(step="review"))

        assert query["notes"] == ["pagi & sore"]
        assert query["step"] == ["review"]


class TestTerms:
    def test_terms_are_sent_as_the_api_takes_them(self) -> None:
        terms = draft(("installments", "12"), ("first_due_on", "2027-01-10")).terms(TODAY)

        expected = {"kind": "installment", "installments": 12, "first_due_on": "2027-01-10"}
        assert terms == expected

    @pytest.mark.parametrize("mode", ["invoice", "contract", "customer"])
    def test_whose_account_it_is_paid_to_can_be_agreed(self, mode: str) -> None:
        assert draft(("va_mode", mode)).terms(TODAY)["va_mode"] == mode

    @pytest.mark.parametrize("mode", ["", "somebody"])
    def test_otherwise_the_house_decides_whose_account_it_is(self, mode: str) -> None:
        assert "va_mode" not in draft(("va_mode", mode)).terms(TODAY)

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("installments", "121"),
            ("installments", "0"),
            ("installments", "dua belas"),
            ("first_due_on", "10/01/2027"),
            ("down_payment_idr", "5,5 juta"),
            ("down_payment_idr", "30.000.000"),
            (f"price-{LAND.id}", "gratis"),
        ],
    )
    def test_what_makes_no_sense_is_named_at_its_field(self, name: str, text: str) -> None:
        assert name in draft((name, text)).form(TODAY).errors

    def test_sensible_terms_are_suggested(self) -> None:
        assert not draft().form(TODAY).errors
        assert not draft(product=NET).form(TODAY).errors
        assert not draft(("kind", "cash")).form(date(2026, 1, 31)).errors
