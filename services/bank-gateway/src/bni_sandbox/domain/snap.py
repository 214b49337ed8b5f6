"""Requests in SNAP's words, checked and read as what the bank keeps of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bni_protocol import moments
from bni_protocol.fields import BillingType
from bni_protocol.text import CUSTOMER_NAME_MAX, DESCRIPTION_MAX, TRX_ID_MAX
from bni_sandbox.domain.refusal import Refused
from bni_sandbox.domain.request import Agreement, BillingRequest
from snap_protocol import fields
from snap_protocol.fields import Identity, Members, SnapProblem

_EMAIL_MAX, _PHONE_MAX = 255, 30
_MINUTE = timedelta(minutes=1)

KINDS: dict[str, tuple[int, int]] = {
    "001": (400, 1),
    "002": (401, 0),
    "004": (405, 0),
    "005": (400, 2),
    "006": (404, 11),
    "009": (500, 1),
    "010": (504, 0),
    "011": (403, 53),
    "012": (400, 1),
    "013": (403, 54),
    "016": (400, 1),
    "017": (400, 1),
    "100": (404, 14),
    "101": (404, 12),
    "102": (403, 55),
    "103": (404, 19),
    "105": (403, 51),
    "107": (403, 59),
    "110": (403, 4),
    "801": (403, 56),
    "996": (429, 0),
    "997": (500, 2),
    "999": (500, 1),
}
"""The bank's rules speak eCollection; this is the same in SNAP: HTTP status and case."""


class SnapRefused(Exception):
    """The bank answers with this HTTP status and case; nothing changed."""

    def __init__(self, http: int, case: int, reason: str = "") -> None:
        super().__init__(f"{http} {case} {reason}")
        self.http, self.case, self.reason = http, case, reason

    @classmethod
    def of(cls, refused: Refused) -> "SnapRefused":
        """Translate; five digits are SNAP's own, a status it has no word for is an error."""
        code = refused.status
        if len(code) == 5:
            return cls(int(code[:3]), int(code[3:]))
        return cls(*KINDS.get(code, (500, 0)))

    @classmethod
    def field(cls, problem: SnapProblem) -> "SnapRefused":
        return cls(problem.http, problem.case, problem.name)


def creation(
    members: Members, agreement: Agreement, *, now: datetime
) -> tuple[BillingType, BillingRequest]:
    """Read a create-va.

    Raises:
        SnapProblem: a field is missing or not of its kind.
        Refused: the bank's rules say no.
    """
    asked = change(members, agreement, now=now, number_optional=True)
    if members.get("virtualAccountTrxType") == "L":  # eCollection has no such type
        raise Refused("801")
    kind = fields.billing_type(members) or BillingType.FIXED
    if kind not in agreement.billing_types:
        raise Refused("801")
    if (kind is BillingType.OPEN) != (asked.amount_idr == 0):
        raise Refused("011")
    return kind, asked


def change(
    members: Members, agreement: Agreement, *, now: datetime, number_optional: bool = False
) -> BillingRequest:
    """Read an update-va; the type of a billing cannot be changed.

    Raises:
        SnapProblem: a field is missing or not of its kind.
        Refused: the bank does not take the name.
    """
    trx_id = fields.required(members, "trxId", TRX_ID_MAX)
    name = fields.required(members, "virtualAccountName", CUSTOMER_NAME_MAX)
    number = _number(members, optional=number_optional)
    amount_idr = fields.optional_amount(members, "totalAmount") or 0
    agreement.check_name(name)
    expires_at = fields.moment(members, "expiredDate")
    if expires_at is not None and expires_at <= now:
        raise SnapProblem("expiredDate")
    info = members.get("additionalInfo")
    description = info.get("description", "") if isinstance(info, dict) else ""
    return BillingRequest(
        trx_id=trx_id,
        amount_idr=amount_idr,
        customer_name=name,
        customer_email=fields.text(members, "virtualAccountEmail", _EMAIL_MAX),
        customer_phone=fields.text(members, "virtualAccountPhone", _PHONE_MAX),
        virtual_account=number,
        expires_at=expires_at,
        description=fields.text({"description": description}, "description", DESCRIPTION_MAX),
    )


def _number(members: Members, *, optional: bool) -> str:
    if optional and not str(members.get("virtualAccountNo") or "").strip():
        return ""
    return Identity.parse(members).number


@dataclass(frozen=True, slots=True)
class Period:
    """A report is of the payments from ``since`` to before ``until``."""

    since: datetime
    until: datetime

    @classmethod
    def parse(cls, members: Members) -> "Period":
        """Read the bounds in WIB; both minutes are inside.

        Raises:
            SnapProblem: a date or a time is missing or not one.
        """
        since = _minute(members, "startDate", "startTime", "00:00")
        until = _minute(members, "endDate", "endTime", "23:59") + _MINUTE
        if until <= since:
            raise SnapProblem("endDate")
        return cls(since, until)


def _minute(members: Members, date_name: str, time_name: str, default: str) -> datetime:
    day = fields.required(members, date_name, 10)
    clock = fields.text(members, time_name, 8) or default
    try:
        return datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M").replace(tzinfo=moments.WIB)
    except ValueError:
        raise SnapProblem(date_name) from None


def paid_flag(members: Members) -> bool:
    """Read ``paidStatus``.

    Raises:
        SnapProblem: it is neither Y nor N.
    """
    flag = fields.required(members, "paidStatus", 1)
    if flag not in {"Y", "N"}:
        raise SnapProblem("paidStatus")
    return flag == "Y"
