"""Check the fields of a request in the bank's order (protocol, section 11.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bni_protocol import moments
from bni_protocol.fields import BillingType, Operation
from bni_protocol.text import AMOUNT_MAX_DIGITS, CUSTOMER_NAME_MAX, DESCRIPTION_MAX, TRX_ID_MAX
from bni_sandbox.domain.refusal import Refused

_WHOLE = re.compile(rf"[0-9]{{1,{AMOUNT_MAX_DIGITS}}}")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")
_SMS_NAME_MAX = 14
_AMOUNT_TEXT_MAX = 40
_OPERATIONS = {operation.value: operation for operation in Operation}
_KINDS = {kind.value: kind for kind in BillingType}
_OPTIONAL = ("customer_email", "customer_phone", "virtual_account", "description")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the bank lets its client bill: the types, and the names it does not take."""

    billing_types: frozenset[BillingType]
    refused_names: frozenset[str] = frozenset()

    def check_name(self, name: str) -> None:
        if name.strip().casefold() in self.refused_names:
            raise Refused("017")


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingRequest:
    """A create or an update that passed the field checks."""

    trx_id: str
    amount_idr: int
    customer_name: str
    customer_email: str
    customer_phone: str
    virtual_account: str
    expires_at: datetime | None
    description: str


def operation(members: Mapping[str, object]) -> Operation:
    """Find the operation; its letters may be in any case."""
    name = text(members, "type")
    if not name:
        raise Refused("005")
    try:
        return _OPERATIONS[name.lower()]
    except KeyError:
        raise Refused("004") from None


def text(members: Mapping[str, object], name: str) -> str:
    """Read a member; null and absent are empty, a number is its digits."""
    value = members.get(name)
    if value is None:
        return ""
    if isinstance(value, str) and (value.isprintable() or not value):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Refused("001")


def required(members: Mapping[str, object], name: str, length_max: int) -> str:
    value = text(members, name)
    if not value or len(value) > length_max:
        raise Refused("001")
    return value


def creation(
    members: Mapping[str, object], agreement: Agreement, *, sms: bool, now: datetime
) -> tuple[BillingType, BillingRequest]:
    """Check a create; ``sms`` is the variant that also texts the customer."""
    letter = required(members, "billing_type", 1)
    kind = _KINDS.get(letter)
    request = _billing(members, now, kind)
    if sms and not request.customer_phone.startswith("628"):
        raise Refused("001")
    if sms and len(request.customer_name) > _SMS_NAME_MAX:
        raise Refused("001")
    if kind is None:
        raise Refused("016")
    agreement.check_name(request.customer_name)
    if kind not in agreement.billing_types:
        raise Refused("801")
    if sms and kind is not BillingType.FIXED:
        raise Refused("201")
    return kind, request


def change(members: Mapping[str, object], agreement: Agreement, *, now: datetime) -> BillingRequest:
    """Check an update; type and account cannot be changed and are ignored."""
    request = _billing(members, now, None)
    agreement.check_name(request.customer_name)
    return request


def _billing(
    members: Mapping[str, object], now: datetime, kind: BillingType | None
) -> BillingRequest:
    trx_id = required(members, "trx_id", TRX_ID_MAX)
    name = required(members, "customer_name", CUSTOMER_NAME_MAX)
    amount = required(members, "trx_amount", _AMOUNT_TEXT_MAX)
    others = {name: text(members, name) for name in _OPTIONAL}
    spelled_expiry = text(members, "datetime_expired")
    whole = _WHOLE.fullmatch(amount)
    if len(others["description"]) > DESCRIPTION_MAX or not (whole or _DECIMAL.fullmatch(amount)):
        raise Refused("001")
    if whole and kind is not None and (kind is BillingType.OPEN) != (int(amount) == 0):
        raise Refused("011")
    expires_at = _expiry(spelled_expiry, now)
    if not whole:
        raise Refused("013")
    return BillingRequest(
        trx_id=trx_id,
        amount_idr=int(amount),
        customer_name=name,
        expires_at=expires_at,
        **others,
    )


def _expiry(spelled: str, now: datetime) -> datetime | None:
    if not spelled:
        return None
    try:
        expires_at = moments.parse_either(spelled)
    except ValueError:
        raise Refused("012") from None
    if expires_at <= now:
        raise Refused("012")
    return expires_at
