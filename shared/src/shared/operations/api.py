"""The public API: names that stay."""

from __future__ import annotations

from collections.abc import Iterable

from shared.operations.operation import PUBLIC, SIGNED_IN, Operation

_BASE = "/api/v1"


def _of(service: str, *rows: tuple[str, str, str]) -> Iterable[Operation]:
    """Rows of (method, path below /api/v1, permission).

    ``POST$`` marks money, ``POST!`` a sensitive act that needs the password again.
    """
    for marked, path, permission in rows:
        method = marked.rstrip("$!")
        money, confirmed = "$" in marked, "!" in marked
        yield Operation(method, _BASE + path, service, permission, money=money, confirmed=confirmed)


API: tuple[Operation, ...] = (
    *_of(
        "gateway",
        ("POST", "/tokens", PUBLIC),
        ("DELETE", "/tokens/current", SIGNED_IN),
        ("GET", "/me", SIGNED_IN),
        ("POST", "/me/confirm", SIGNED_IN),
        ("GET", "/users", "users.read"),
        ("POST", "/users", "users.write"),
        ("GET", "/users/{user_id}", "users.read"),
        ("PATCH!", "/users/{user_id}", "users.write"),
        ("POST!", "/users/{user_id}/password-link", "users.write"),
        ("GET", "/password-links/{secret}", PUBLIC),
        ("GET", "/openapi.json", PUBLIC),
        ("GET", "/docs", PUBLIC),
        ("GET", "/audit", "audit.read"),
        ("GET", "/audit/chain", "audit.read"),
    ),
    *_of(
        "customer",
        ("GET", "/customers", "customers.read"),
        ("POST", "/customers", "customers.write"),
        ("GET", "/customers/{customer_id}", "customers.read"),
        ("PATCH", "/customers/{customer_id}", "customers.write"),
        ("POST", "/customers/{customer_id}/reassign", "customers.reassign"),
        ("GET", "/products", "products.read"),
        ("POST", "/products", "products.write"),
        ("GET", "/products/{product_id}", "products.read"),
        ("PATCH", "/products/{product_id}", "products.write"),
        ("GET", "/bookings", "bookings.read"),
        ("POST$", "/bookings", "bookings.write"),
        ("GET", "/bookings/{booking_id}", "bookings.read"),
        ("POST$", "/bookings/{booking_id}/confirm", "bookings.write"),
        ("POST$", "/bookings/{booking_id}/cancel", "bookings.write"),
        ("GET", "/change-requests", "change_requests.read"),
        ("POST", "/change-requests", "change_requests.write"),
        ("GET", "/change-requests/{request_id}", "change_requests.read"),
        ("POST", "/change-requests/{request_id}/apply", "change_requests.decide"),
        ("POST", "/change-requests/{request_id}/refuse", "change_requests.decide"),
    ),
    *_of(
        "invoicing",
        ("POST", "/plans/preview", "plans.read"),
        ("GET", "/plans", "plans.read"),
        ("GET", "/plans/{plan_id}", "plans.read"),
        ("GET", "/invoices", "invoices.read"),
        ("POST$", "/invoices", "invoices.write"),
        ("GET", "/invoices/{invoice_id}", "invoices.read"),
        ("POST$", "/invoices/{invoice_id}/cancel", "invoices.write"),
        ("POST$", "/billing-runs", "billing_runs.write"),
        ("GET", "/billing-runs/{run_id}", "billing_runs.write"),
    ),
    *_of(
        "bank-gateway",
        ("GET", "/virtual-accounts", "virtual_accounts.read"),
        ("GET", "/virtual-accounts/{virtual_account_id}", "virtual_accounts.read"),
        ("GET", "/virtual-accounts/{virtual_account_id}/exchanges", "bank_link.read"),
        ("GET", "/bank-link", "bank_link.read"),
        ("POST", "/virtual-accounts/{virtual_account_id}/inquire", "virtual_accounts.write"),
        ("POST", "/virtual-accounts/{virtual_account_id}/retry", "virtual_accounts.write"),
    ),
    *_of(
        "reconciliation",
        ("GET", "/payments", "payments.read"),
        ("GET", "/payments/{payment_id}", "payments.read"),
        ("POST$", "/payments/{payment_id}/allocations", "allocations.write"),
        ("DELETE!", "/allocations/{allocation_id}", "allocations.write"),
        ("GET", "/exceptions", "exceptions.read"),
        ("GET", "/exceptions/{exception_id}", "exceptions.read"),
        ("GET", "/exceptions/{exception_id}/suggestions", "exceptions.read"),
        ("POST", "/exceptions/{exception_id}/notes", "exceptions.comment"),
        ("POST", "/exceptions/{exception_id}/assign", "exceptions.resolve"),
        ("POST$", "/exceptions/{exception_id}/resolve", "exceptions.resolve"),
        ("POST$!", "/exceptions/{exception_id}/approve", "exceptions.resolve"),
        ("POST", "/exceptions/{exception_id}/refuse", "exceptions.resolve"),
        ("POST$!", "/exceptions/{exception_id}/undo", "exceptions.resolve"),
        ("GET", "/closes", "closes.read"),
        ("POST", "/closes", "closes.write"),
        ("GET", "/closes/{day}", "closes.read"),
        ("GET", "/book-checks", "closes.read"),
        ("POST", "/book-checks", "closes.write"),
        ("GET", "/statements", "statements.read"),
        ("GET", "/statements/{statement_id}", "statements.read"),
        ("GET", "/statements/{statement_id}/lines", "statements.read"),
    ),
    Operation(
        "POST",
        f"{_BASE}/statements",
        "reconciliation",
        "statements.write",
        money=True,
        upload=True,
    ),
    *_of(
        "reporting",
        ("GET", "/recaps/customers", "recaps.read"),
        ("GET", "/recaps/customers/{customer_id}", "recaps.read"),
        ("GET", "/recaps/marketing", "recaps.read"),
        ("GET", "/recaps/payments", "recaps.read"),
        ("GET", "/recaps/home", "recaps.read"),
        ("GET", "/documents", "documents.read"),
        ("GET", "/documents/invoices/{invoice_id}.pdf", "documents.read"),
        ("GET", "/documents/receipts/{payment_id}.pdf", "documents.read"),
        ("GET", "/documents/recaps/customers/{customer_id}.pdf", "documents.read"),
        ("GET", "/documents/recaps/marketing.pdf", "documents.read"),
        ("GET", "/documents/recaps/payments.pdf", "documents.read"),
        ("GET", "/exports", "exports.make"),
        ("POST", "/exports", "exports.make"),
        ("GET", "/jobs/{job_id}", "exports.make"),
        ("GET", "/jobs/{job_id}/file", "exports.make"),
    ),
    Operation("GET", "/d/{token}", "reporting", PUBLIC),
    Operation("GET", "/api/v1/verifications", "reporting", PUBLIC, guessed=True),
    *_of(
        "notification",
        ("GET", "/messages", "messages.read"),
        ("POST", "/messages", "messages.write"),
        ("GET", "/messages/next", "messages.read"),
        ("GET", "/messages/{message_id}", "messages.read"),
        ("POST", "/messages/{message_id}/open", "messages.write"),
        ("POST", "/messages/{message_id}/confirm", "messages.write"),
        ("POST", "/messages/{message_id}/skip", "messages.write"),
        ("GET", "/message-rules", "messages.read"),
        ("PATCH", "/message-rules", "message_settings.write"),
        ("GET", "/message-templates", "messages.read"),
        ("GET", "/message-templates/{purpose}/{language}", "messages.read"),
        ("PATCH", "/message-templates/{purpose}/{language}", "message_settings.write"),
        ("POST", "/message-templates/preview", "message_settings.write"),
        ("GET", "/notifications", SIGNED_IN),
        ("POST", "/notifications/read", SIGNED_IN),
    ),
    Operation("GET", f"{_BASE}/events", "dashboard", "events.read", stream=True),
)
