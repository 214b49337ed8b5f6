"""The use cases: load, decide, save, publish."""

from __future__ import annotations

from functools import partial

from invoicing.domain.paying import Paying
from invoicing.handlers.copies import keep_customer, keep_virtual_account
from invoicing.handlers.payments import apply_allocations
from invoicing.handlers.plans import lapse_plan, make_plan
from shared.consumer import Subscriptions
from shared.contracts.bank_gateway import VaChanged, VaClosed, VaCreated, VaFailed
from shared.contracts.customer import (
    BookingCancelled,
    BookingConfirmed,
    CustomerChanged,
    CustomerReassigned,
    CustomerRegistered,
)
from shared.contracts.reconciliation import PaymentReconciled, PaymentReversed


def subscriptions(paying: Paying) -> Subscriptions:
    """Say which event is handled how; making plans needs the house's rule of paying."""
    return {
        CustomerRegistered: keep_customer,
        CustomerChanged: keep_customer,
        CustomerReassigned: keep_customer,
        BookingConfirmed: partial(make_plan, paying),
        BookingCancelled: lapse_plan,
        VaCreated: keep_virtual_account,
        VaChanged: keep_virtual_account,
        VaClosed: keep_virtual_account,
        VaFailed: keep_virtual_account,
        PaymentReconciled: apply_allocations,
        PaymentReversed: apply_allocations,
    }
