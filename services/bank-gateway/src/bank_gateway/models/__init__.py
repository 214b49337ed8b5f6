"""The tables of the bank-gateway; ``migrations/`` holds their constraints and triggers."""

from bank_gateway.models.account import BillingVersion, Customer, Invoice, VirtualAccount
from bank_gateway.models.base import BankTable
from bank_gateway.models.limits import BreakerState, CallPause, PaceState
from bank_gateway.models.payment import INQUIRY, Payment, QuarantinedNotice
from bank_gateway.models.snap import SnapAnswer
from bank_gateway.models.work import Call, Exchange, Work, WorkKind

__all__ = [
    "INQUIRY",
    "BankTable",
    "BillingVersion",
    "BreakerState",
    "Call",
    "CallPause",
    "Customer",
    "Exchange",
    "Invoice",
    "PaceState",
    "Payment",
    "QuarantinedNotice",
    "SnapAnswer",
    "VirtualAccount",
    "Work",
    "WorkKind",
]
