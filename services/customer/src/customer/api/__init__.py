"""HTTP, one module per noun: parse, call one handler, shape the answer."""

from __future__ import annotations

from customer.api import bookings, change_requests, customers, handovers, imports, products

ROUTERS = [
    customers.router,
    products.router,
    bookings.router,
    change_requests.router,
    imports.router,
    handovers.router,
]
