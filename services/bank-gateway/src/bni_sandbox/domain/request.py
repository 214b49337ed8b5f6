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
_OPERATIONS = {operation.value: operation for operation in Operation}


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingRequest:
    """A create or an update that passed the field checks."""

    trx_id: str
    amount_idr: int
    billing_type: BillingType | None
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


def creation(members: Mapping[str, object], *, sms: bool, now: datetime) -> BillingRequest:
    """Check a create; ``sms`` is the variant that also texts the customer."""
    request = _billing(members, now, _billing_type(members))
    if sms and request.billing_type is not BillingType.FIXED:
        raise Refused("201")
    if sms and not request.customer_phone.startswith("628"):
        raise Refused("001")
    if sms and len(request.customer_name) > _SMS_NAME_MAX:
        raise Refused("001")
    return request


def change(members: Mapping[str, object], *, now: datetime) -> BillingRequest:
    """Check an update; type and account cannot be changed and are ignored."""
    return _billing(members, now, None)


def _billing(
    members: Mapping[str, object], now: datetime, kind: BillingType | None
) -> BillingRequest:
    trx_id = required(members, "trx_id", TRX_ID_MAX)
    name = required(members, "customer_name", CUSTOMER_NAME_MAX)
    description = text(members, "description")
    if len(description) > DESCRIPTION_MAX:
        raise Refused("001")
    amount = _amount(members)
    if kind is not None and (kind is BillingType.OPEN) != (amount == 0):
        raise Refused("011")
    return BillingRequest(
        trx_id=trx_id,
        amount_idr=amount,
        billing_type=kind,
        customer_name=name,
        customer_email=text(members, "customer_email"),
        customer_phone=text(members, "customer_phone"),
        virtual_account=text(members, "virtual_account"),
        expires_at=_expiry(members, now),
        description=description,
    )


def _billing_type(members: Mapping[str, object]) -> BillingType:
    letter = required(members, "billing_type", 1)
    try:
        return BillingType(letter)
    except ValueError:
        raise Refused("016") from None


def _amount(members: Mapping[str, object]) -> int:
    amount = text(members, "trx_amount")
    if _DECIMAL.fullmatch(amount):
        raise Refused("013")
    if not _WHOLE.fullmatch(amount):
        raise Refused("001")
    return int(amount)


def _expiry(members: Mapping[str, object], now: datetime) -> datetime | None:
    spelled = text(members, "datetime_expired")
    if not spelled:
        return None
    try:
        expires_at = moments.parse_either(spelled)
    except ValueError:
        raise Refused("012") from None
    if expires_at <= now:
        raise Refused("012")
    return expires_at
