"""Use cases, one module per noun: load, decide, save, publish."""

from __future__ import annotations

from notification.handlers import copies, handovers, matters, requests
from notification.handlers.desk import Desk
from notification.handlers.receipts import Receipts
from shared.consumer import Subscriptions
from shared.contracts.bank_gateway import VaChanged, VaClosed, VaCreated, VaFailed
from shared.contracts.customer import (
    ChangeRequestDecided,
    ChangeRequestOpened,
    CustomerChanged,
    CustomerReassigned,
    CustomerRegistered,
    CustomersHandedOver,
)
from shared.contracts.gateway import UserChanged
from shared.contracts.invoicing import (
    InvoiceCancelled,
    InvoiceChanged,
    InvoiceIssued,
    InvoicePaid,
)
from shared.contracts.reconciliation import (
    ExceptionAsked,
    ExceptionClosed,
    ExceptionOpened,
    PaymentPosted,
    PaymentReconciled,
    PaymentReversed,
)
from shared.contracts.reporting import DocumentReady, ExportFinished


def subscriptions(desk: Desk) -> Subscriptions:
    """Give what is done on which news."""
    receipts = Receipts(desk)
    return {
        UserChanged: copies.follow_user,
        CustomerRegistered: copies.follow_customer,
        CustomerChanged: copies.follow_customer,
        CustomerReassigned: copies.follow_reassignment,
        InvoiceIssued: copies.follow_invoice,
        InvoiceChanged: copies.follow_invoice,
        InvoicePaid: copies.follow_invoice,
        InvoiceCancelled: copies.follow_invoice,
        VaCreated: copies.follow_account_state,
        VaChanged: copies.follow_account_state,
        VaClosed: copies.follow_account_state,
        VaFailed: copies.follow_failed_account,
        PaymentPosted: receipts.follow_payment,
        PaymentReconciled: receipts.follow_payment,
        PaymentReversed: receipts.follow_payment,
        ExceptionOpened: matters.follow_matter,
        ExceptionAsked: matters.tell_asked,
        ExceptionClosed: matters.follow_matter,
        CustomersHandedOver: handovers.tell_handover,
        ChangeRequestOpened: requests.tell_asked,
        ChangeRequestDecided: requests.tell_decided,
        DocumentReady: receipts.follow_document,
        ExportFinished: copies.tell_export,
    }
