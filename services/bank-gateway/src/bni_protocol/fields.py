"""The fields inside the ciphertext: requests we send, answers and notifications we read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bni_protocol import moments
from bni_protocol.text import AMOUNT_MAX_DIGITS, TRX_ID_MAX

_AMOUNT = re.compile(rf"[0-9]{{1,{AMOUNT_MAX_DIGITS}}}")
_ACCOUNT = re.compile(r"[0-9]{16}")


class Operation(StrEnum):
    CREATE = "createbilling"
    CREATE_SMS = "createbillingsms"
    UPDATE = "updatebilling"
    INQUIRE = "inquirybilling"
    DEACTIVATE = "inactivebilling"


class BillingType(StrEnum):
    """How a billing may be paid (section 5 of the protocol)."""

    FIXED = "c"
    OPEN = "o"
    INSTALLMENT = "i"
    MINIMUM = "m"
    OPEN_MINIMUM = "n"
    OPEN_MAXIMUM = "x"


class FieldProblem(ValueError):
    """A field is missing or not of its kind; ``name`` tells which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """What a create and an update say; an update overwrites every optional field."""

    trx_id: str
    trx_amount_idr: int
    customer_name: str
    expires_at: datetime
    virtual_account: str = ""
    billing_type: BillingType = BillingType.FIXED
    description: str = ""
    customer_email: str = ""
    customer_phone: str = ""

    def create(self, client_id: str) -> dict[str, str]:
        return {
            "type": Operation.CREATE,
            **self._common(client_id),
            "billing_type": self.billing_type,
            "virtual_account": self.virtual_account,
        }

    def update(self, client_id: str) -> dict[str, str]:
        return {"type": Operation.UPDATE, **self._common(client_id)}

    def _common(self, client_id: str) -> dict[str, str]:
        return {
            "client_id": client_id,
            "trx_id": self.trx_id,
            "trx_amount": str(self.trx_amount_idr),
            "customer_name": self.customer_name,
            "customer_email": self.customer_email,
            "customer_phone": self.customer_phone,
            "datetime_expired": moments.iso(self.expires_at),
            "description": self.description,
        }


def inquire(client_id: str, trx_id: str) -> dict[str, str]:
    return {"type": Operation.INQUIRE, "client_id": client_id, "trx_id": trx_id}


def deactivate(client_id: str, trx_id: str, virtual_account: str) -> dict[str, str]:
    request = {"type": Operation.DEACTIVATE, "client_id": client_id, "trx_id": trx_id}
    return request | {"virtual_account": virtual_account}


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingState:
    """An inquiry's answer. ``paid_idr`` is the TOTAL so far, unlike in a notification.

    ``expires_at`` is None where the bank does not tell it, or not so that it can be read.
    """

    trx_id: str
    virtual_account: str
    trx_amount_idr: int
    paid_idr: int
    active: bool
    payment_ntb: str | None
    paid_at: datetime | None
    expires_at: datetime | None = None

    @classmethod
    def parse(cls, members: Mapping[str, object]) -> "BillingState":
        """Read what we use of the twenty members.

        Raises:
            FieldProblem: one of them is missing or not of its kind.
        """
        ntb = members.get("payment_ntb")
        paid = members.get("datetime_payment_iso8601") is not None
        return cls(
            trx_id=_text(members, "trx_id"),
            virtual_account=_text(members, "virtual_account"),
            trx_amount_idr=_amount(members, "trx_amount"),
            paid_idr=_amount(members, "payment_amount"),
            active=_text(members, "va_status") == "1",
            payment_ntb=ntb if isinstance(ntb, str) and ntb else None,
            paid_at=_paid_at(members) if paid else None,
            expires_at=_expires_at(members),
        )

    def has_terms(self, amount_idr: int, expires_at: datetime) -> bool:
        """Tell whether it asks for this amount until then, to the minute; not known is no."""
        if self.expires_at is None or self.trx_amount_idr != amount_idr:
            return False
        return abs(self.expires_at - expires_at) < timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One payment, as the bank tells it. The amount is of THIS payment."""

    trx_id: str
    virtual_account: str
    customer_name: str
    trx_amount_idr: int
    payment_amount_idr: int
    cumulative_idr: int
    payment_ntb: str
    paid_at: datetime

    @classmethod
    def parse(cls, members: Mapping[str, object]) -> "Notification":
        """Read the nine mandatory members; all must be text, more may be there.

        Raises:
            FieldProblem: one is missing or not of its kind, or the two times differ.
        """
        return cls(
            trx_id=_bounded(members, "trx_id", TRX_ID_MAX),
            virtual_account=_account(members),
            customer_name=_text(members, "customer_name", empty=True),
            trx_amount_idr=_amount(members, "trx_amount"),
            payment_amount_idr=_amount(members, "payment_amount"),
            cumulative_idr=_amount(members, "cumulative_payment_amount"),
            payment_ntb=_bounded(members, "payment_ntb", 20),
            paid_at=_paid_at(members),
        )

    def members(self) -> dict[str, str]:
        return {
            "trx_id": self.trx_id,
            "virtual_account": self.virtual_account,
            "customer_name": self.customer_name,
            "trx_amount": str(self.trx_amount_idr),
            "payment_amount": str(self.payment_amount_idr),
            "cumulative_payment_amount": str(self.cumulative_idr),
            "payment_ntb": self.payment_ntb,
            "datetime_payment": moments.plain(self.paid_at),
            "datetime_payment_iso8601": moments.iso(self.paid_at),
        }


def is_account(number: object) -> bool:
    """Tell whether this is a virtual account number: sixteen digits of text."""
    return isinstance(number, str) and _ACCOUNT.fullmatch(number) is not None


def _text(members: Mapping[str, object], name: str, *, empty: bool = False) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not (value or empty):
        raise FieldProblem(name)
    return value


def _bounded(members: Mapping[str, object], name: str, length_max: int) -> str:
    value = _text(members, name)
    if len(value) > length_max or not value.isprintable():
        raise FieldProblem(name)
    return value


def _account(members: Mapping[str, object]) -> str:
    value = _text(members, "virtual_account")
    if not is_account(value):
        raise FieldProblem("virtual_account")
    return value


def _amount(members: Mapping[str, object], name: str) -> int:
    """Read whole rupiah, digits only (M1); a JSON number, sign, dot or space is refused."""
    value = _text(members, name)
    if not _AMOUNT.fullmatch(value):
        raise FieldProblem(name)
    return int(value)


def _expires_at(members: Mapping[str, object]) -> datetime | None:
    value = members.get("datetime_expired_iso8601")
    try:
        return moments.parse_iso(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _paid_at(members: Mapping[str, object]) -> datetime:
    name = "datetime_payment_iso8601"
    try:
        moment = moments.parse_iso(_text(members, name))
        same = moments.parse_plain(_text(members, "datetime_payment")) == moment
    except FieldProblem:
        raise
    except ValueError as error:
        raise FieldProblem(name) from error
    if not same:
        raise FieldProblem("datetime_payment")
    return moment
