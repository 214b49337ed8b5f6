"""The use cases: load, decide, save, publish."""

from __future__ import annotations

from functools import partial

from reconciliation.handlers.accounts import keep_account
from reconciliation.handlers.copies import keep_bank_total, keep_customer
from reconciliation.handlers.invoices import keep_invoice
from reconciliation.handlers.notices import doubt_notice, settle_notice
from reconciliation.handlers.sightings import take_payment
from shared.consumer import Subscriptions
from shared.contracts.bank_gateway import (
    NoticeQuarantined,
    NoticeSettled,
    PaymentDisputed,
    PaymentReceived,
    PaymentVerified,
    VaChanged,
    VaClosed,
    VaCreated,
    VaFailed,
    VaInquired,
)
from shared.contracts.customer import CustomerChanged, CustomerReassigned, CustomerRegistered
from shared.contracts.invoicing import (
    InvoiceCancelled,
    InvoiceChanged,
    InvoiceIssued,
    InvoicePaid,
)


def subscriptions(*, apply_credit: bool) -> Subscriptions:
    """Name the handler of each event; ``apply_credit`` as the settings say."""
    keep_bill = partial(keep_invoice, apply_credit=apply_credit)
    keep_total = partial(keep_bank_total, apply_credit=apply_credit)
    keep_va = partial(keep_account, apply_credit=apply_credit)
    take_money = partial(take_payment, apply_credit=apply_credit)
    return {
        CustomerRegistered: keep_customer,
        CustomerChanged: keep_customer,
        CustomerReassigned: keep_customer,
        InvoiceIssued: keep_bill,
        InvoiceChanged: keep_bill,
        InvoicePaid: keep_bill,
        InvoiceCancelled: keep_bill,
        PaymentReceived: take_money,
        PaymentVerified: take_money,
        PaymentDisputed: take_money,
        VaInquired: keep_total,
        NoticeQuarantined: doubt_notice,
        NoticeSettled: settle_notice,
        VaCreated: keep_va,
        VaChanged: keep_va,
        VaClosed: keep_va,
        VaFailed: keep_va,
    }
