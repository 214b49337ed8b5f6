"""The pages of the dashboard; what they show is scoped by the services behind them."""

from __future__ import annotations

from shared.operations.operation import PUBLIC, SIGNED_IN, Operation


def _page(method: str, path: str, permission: str = "pages.read") -> Operation:
    return Operation(method, path, "dashboard", permission)


PAGES: tuple[Operation, ...] = (
    _page("GET", "/login", PUBLIC),
    _page("GET", "/static/{path:path}", PUBLIC),
    Operation("GET", "/live", "dashboard", SIGNED_IN, stream=True),
    _page("GET", "/"),
    _page("GET", "/customers"),
    _page("POST", "/customers", "customers.write"),
    _page("GET", "/customers/new", "customers.write"),
    _page("GET", "/customers/{customer_id}"),
    _page("GET", "/customers/{customer_id}/info"),
    _page("GET", "/customers/{customer_id}/payments"),
    _page("GET", "/customers/{customer_id}/bills"),
    _page("GET", "/customers/{customer_id}/products"),
    _page("GET", "/customers/{customer_id}/edit", "customers.write"),
    _page("POST", "/customers/{customer_id}/edit", "customers.write"),
    _page("GET", "/customers/{customer_id}/reassign", "customers.reassign"),
    _page("POST", "/customers/{customer_id}/reassign", "customers.reassign"),
    _page("GET", "/products"),
    _page("POST", "/products", "products.write"),
    _page("GET", "/products/new", "products.write"),
    _page("GET", "/products/{product_id}/edit", "products.write"),
    _page("POST", "/products/{product_id}/edit", "products.write"),
    _page("GET", "/bookings"),
    _page("POST", "/bookings", "bookings.write"),
    _page("GET", "/bookings/new", "bookings.write"),
    _page("GET", "/bookings/{booking_id}"),
    _page("POST", "/bookings/{booking_id}/confirm", "bookings.write"),
    _page("POST", "/bookings/{booking_id}/cancel", "bookings.write"),
    _page("GET", "/invoices"),
    _page("POST", "/invoices", "invoices.write"),
    _page("GET", "/invoices/{invoice_id}"),
    _page("GET", "/invoices/{invoice_id}/cancel", "invoices.write"),
    _page("POST", "/invoices/{invoice_id}/cancel", "invoices.write"),
    _page("POST", "/invoices/{invoice_id}/whatsapp", "messages.write"),
    _page("POST", "/invoices/{invoice_id}/retry-va", "virtual_accounts.write"),
    _page("GET", "/payments"),
    _page("GET", "/recaps"),
    _page("POST", "/exports", "exports.make"),
    _page("GET", "/exports/{job_id}", "exports.make"),
    _page("GET", "/bank/import", "statements.write"),
    Operation("POST", "/bank/import", "dashboard", "statements.write", upload=True),
    _page("GET", "/bank/statements/{statement_id}", "statements.read"),
    _page("GET", "/closes", "closes.read"),
    _page("POST", "/closes", "closes.write"),
    _page("GET", "/closes/new", "closes.write"),
    _page("POST", "/closes/check", "closes.write"),
    _page("GET", "/closes/{day}", "closes.read"),
    _page("GET", "/notifications", SIGNED_IN),
    _page("GET", "/notifications/bell", SIGNED_IN),
    _page("POST", "/notifications/read", SIGNED_IN),
    _page("GET", "/search"),
    _page("GET", "/more"),
    _page("GET", "/profile", SIGNED_IN),
    _page("GET", "/help"),
)
