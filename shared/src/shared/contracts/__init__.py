"""The events that services promise each other, one module per publisher.

Importing this package fills the register that the bus reads messages with.
"""

from shared.contracts import (
    bank_gateway,
    customer,
    gateway,
    invoicing,
    notification,
    reconciliation,
    reporting,
)

__all__ = [
    "bank_gateway",
    "customer",
    "gateway",
    "invoicing",
    "notification",
    "reconciliation",
    "reporting",
]
