"""The use cases: load, decide, save, publish."""

from __future__ import annotations

from reconciliation.handlers.copies import keep_customer
from reconciliation.handlers.invoices import keep_invoice
from reconciliation.handlers.payments import take_payment
from shared.consumer import Subscriptions
from shared.contracts.bank_gateway import PaymentDisputed, PaymentReceived, PaymentVerified
from shared.contracts.customer import CustomerChanged, CustomerReassigned, CustomerRegistered
from shared.contracts.invoicing import (
    InvoiceCancelled,
    InvoiceChanged,
    InvoiceIssued,
    InvoicePaid,
)

SUBSCRIPTIONS: Subscriptions = {
    CustomerRegistered: keep_customer,
    CustomerChanged: keep_customer,
    CustomerReassigned: keep_customer,
    InvoiceIssued: keep_invoice,
    InvoiceChanged: keep_invoice,
    InvoicePaid: keep_invoice,
    InvoiceCancelled: keep_invoice,
    PaymentReceived: take_payment,
    PaymentVerified: take_payment,
    PaymentDisputed: take_payment,
}
