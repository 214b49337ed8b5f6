"""The tables of reconciliation; ``migrations/`` holds their constraints and triggers."""

from __future__ import annotations

from reconciliation.models.bank_total import BankTotal
from reconciliation.models.base import ReconciliationTable
from reconciliation.models.certificate import BookCheck, Certificate
from reconciliation.models.copies import Customer, Invoice, VirtualAccount
from reconciliation.models.exception import MoneyException
from reconciliation.models.ledger import LedgerEntry, LedgerTransaction
from reconciliation.models.notice import Notice
from reconciliation.models.payment import Allocation, AllocationReversal, Payment
from reconciliation.models.resolution import ExceptionNote, Resolution
from reconciliation.models.sighting import Sighting, StatementComparison
from reconciliation.models.statement import BankLine, BankStatement, StatementLayout

__all__ = [
    "Allocation",
    "AllocationReversal",
    "BankLine",
    "BankStatement",
    "BankTotal",
    "BookCheck",
    "Certificate",
    "Customer",
    "ExceptionNote",
    "Invoice",
    "LedgerEntry",
    "LedgerTransaction",
    "MoneyException",
    "Notice",
    "Payment",
    "ReconciliationTable",
    "Resolution",
    "Sighting",
    "StatementComparison",
    "StatementLayout",
    "VirtualAccount",
]
