"""What the demo's people fill in."""

from __future__ import annotations

from launcher.demo.agenda import Json
from launcher.demo.company import Product, Staff
from launcher.demo.people import Person
from launcher.demo.story import Purchase


def user_form(person: Staff, password: str) -> Json:
    """A new sign-in."""
    return {
        "username": person.username,
        "name": person.name,
        "role": person.role,
        "password": password,
        "phone": person.phone,
    }


def product_form(product: Product) -> Json:
    """A line of the catalogue."""
    return {
        "code": product.code,
        "name": product.name,
        "description": product.description,
        "price_idr": product.price_idr,
        "kind": product.kind,
    }


def customer_form(person: Person) -> Json:
    """A new customer."""
    return {
        "name": person.name,
        "phone": person.phone,
        "address": person.address,
        "email": person.email,
    }


def booking_form(purchase: Purchase, customer_id: str, product_id: str) -> Json:
    """What a customer wants, and how he will pay."""
    price = purchase.product.price_idr
    return {
        "customer_id": customer_id,
        "items": [{"product_id": product_id, "quantity": 1, "unit_price_idr": price}],
        "notes": purchase.notes,
        "plan": purchase.plan,
    }
