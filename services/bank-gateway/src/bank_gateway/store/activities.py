"""What belongs to a customer, a bill or an account, for the story of what happened."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import select

from bank_gateway.models import Payment, VirtualAccount
from shared.activities import Ids, Subject


def belonging(subject: Subject) -> Mapping[str, Ids]:
    """Give the queries for the objects of a subject."""
    account, payment = select(VirtualAccount.id), select(Payment.id)
    if subject.customer_id:
        return {
            "virtual_account": account.where(VirtualAccount.customer_id == subject.customer_id),
            "payment": payment.where(Payment.customer_id == subject.customer_id),
        }
    if subject.invoice_id:
        return {
            "virtual_account": account.where(VirtualAccount.invoice_id == subject.invoice_id),
            "payment": payment.where(Payment.invoice_id == subject.invoice_id),
        }
    if subject.virtual_account_id:
        return {
            "virtual_account": account.where(VirtualAccount.id == subject.virtual_account_id),
            "payment": payment.where(Payment.virtual_account_id == subject.virtual_account_id),
        }
    if subject.payment_id and subject.bank_reference:
        return {"payment": payment.where(Payment.payment_ntb == subject.bank_reference)}
    return {}
