"""The two roles out of the box (A7 of the features): rows of permissions x scope kind."""

from __future__ import annotations

from dataclasses import dataclass

MARKETING_PERMISSIONS = frozenset(
    {
        "pages.read",
        "events.read",
        "customers.read",
        "customers.write",
        "products.read",
        "bookings.read",
        "bookings.write",
        "change_requests.read",
        "change_requests.write",
        "plans.read",
        "invoices.read",
        "invoices.write",
        "virtual_accounts.read",
        "virtual_accounts.write",
        "payments.read",
        "recaps.read",
        "documents.read",
        "exports.make",
        "messages.read",
        "messages.write",
        "exceptions.read",
        "exceptions.comment",
    }
)
ADMIN_PERMISSIONS = MARKETING_PERMISSIONS | {
    "users.read",
    "users.write",
    "customers.reassign",
    "products.write",
    "change_requests.decide",
    "imports.write",
    "billing_runs.write",
    "allocations.write",
    "exceptions.resolve",
    "closes.read",
    "closes.write",
    "statements.read",
    "statements.write",
    "audit.read",
    "bank_link.read",
    "message_settings.write",
}


@dataclass(frozen=True)
class Role:
    """A name, what it may do, and whether it sees all customers or its own."""

    name: str
    scope_kind: str
    permissions: frozenset[str]


ROLES = {
    "admin": Role("admin", "all", ADMIN_PERMISSIONS),
    "marketing": Role("marketing", "marketing", MARKETING_PERMISSIONS),
}
