"""Fields that many messages share: who is paid, how much, when (protocol, section 5.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bni_protocol import moments
from bni_protocol.fields import BillingType, is_account

SERVICE_ID_WIDTH = 8
CUSTOMER_NO_MAX, ACCOUNT_MAX, TRX_ID_MAX, REQUEST_ID_MAX = 20, 28, 64, 128
EXTERNAL_ID_MAX = 36
JOURNAL_MAX, REFERENCE_MAX = 6, 64
CURRENCY = "IDR"
_AMOUNT = re.compile(r"([0-9]{1,14})\.([0-9]{2})")
_DIGITS = re.compile(r"[0-9]+")

Members = Mapping[str, object]


class SnapProblem(ValueError):
    """A field is not of its kind; ``case`` is the code's case, ``http`` its first part."""

    http, case = 400, 1

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class MissingField(SnapProblem):
    """A mandatory field is not there."""

    case = 2


class Unauthorized(SnapProblem):
    """Nothing proves that the partner sent this, or sent it now."""

    http, case = 401, 0


class InvalidToken(SnapProblem):
    """The access token is unknown, or it is over."""

    http, case = 401, 1


class NumberUsed(SnapProblem):
    """An ``X-EXTERNAL-ID`` of today came again with another body."""

    http, case = 409, 0


class DecimalFraction(SnapProblem):
    """Rupiah have no fraction; nothing is rounded (M1)."""

    http, case = 403, 54


class OtherCurrency(SnapProblem):
    """The amount is not in rupiah."""

    http, case = 403, 58


@dataclass(frozen=True, slots=True)
class Identity:
    """The three fields that name an account, each as it was written: spaces are signed."""

    partner_service_id: str
    customer_no: str
    account_no: str

    @classmethod
    def of(cls, number: str, service_id: str) -> "Identity":
        """Split one of our 16 digits behind the service id, and pad as the standard asks.

        Raises:
            ValueError: the number is not under this service id.
        """
        if not is_account(number) or not number.startswith(service_id):
            raise ValueError("not an account number of this partner")
        padded = service_id.rjust(SERVICE_ID_WIDTH)
        rest = number.removeprefix(service_id)
        return cls(padded, rest, padded + rest)

    @classmethod
    def parse(cls, members: Members) -> "Identity":
        """Read the identity under any padding.

        Raises:
            SnapProblem: a part is missing, or they do not fit together.
        """
        identity = cls(
            required(members, "partnerServiceId", SERVICE_ID_WIDTH),
            required(members, "customerNo", CUSTOMER_NO_MAX),
            required(members, "virtualAccountNo", ACCOUNT_MAX),
        )
        if identity.partner_service_id.strip() + identity.customer_no.strip() != identity.number:
            raise SnapProblem("virtualAccountNo")
        if not _DIGITS.fullmatch(identity.number):
            raise SnapProblem("virtualAccountNo")
        return identity

    @property
    def number(self) -> str:
        """Give the account number without padding; ours have 16 digits."""
        return self.account_no.strip()

    def members(self) -> dict[str, object]:
        return {
            "partnerServiceId": self.partner_service_id,
            "customerNo": self.customer_no,
            "virtualAccountNo": self.account_no,
        }


def amount(amount_idr: int) -> dict[str, str]:
    return {"value": f"{amount_idr}.00", "currency": CURRENCY}


def read_amount(members: Members, name: str) -> int:
    """Read whole rupiah (M1).

    Raises:
        MissingField: it is not there.
        DecimalFraction, OtherCurrency, SnapProblem: it is not whole rupiah as text.
    """
    value = members.get(name)
    if value is None:
        raise MissingField(name)
    if not isinstance(value, Mapping):
        raise SnapProblem(name)
    if value.get("currency") != CURRENCY:
        raise OtherCurrency(f"{name}.currency")
    spelled = value.get("value")
    found = _AMOUNT.fullmatch(spelled) if isinstance(spelled, str) else None
    if found is None:
        raise SnapProblem(f"{name}.value")
    if found[2] != "00":
        raise DecimalFraction(f"{name}.value")
    return int(found[1])


def optional_amount(members: Members, name: str) -> int | None:
    return None if members.get(name) is None else read_amount(members, name)


def text(members: Members, name: str, length_max: int) -> str:
    """Read text; absent and null are empty.

    Raises:
        SnapProblem: something else, too long, or not printable.
    """
    value = members.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > length_max or not (value.isprintable()):
        raise SnapProblem(name)
    return value


def required(members: Members, name: str, length_max: int) -> str:
    value = text(members, name, length_max)
    if not value.strip():
        raise MissingField(name)
    return value


def moment(members: Members, name: str) -> datetime | None:
    """Read an instant with its offset; None when it is not there."""
    spelled = text(members, name, 25)
    if not spelled:
        return None
    try:
        return moments.parse_iso(spelled)
    except ValueError:
        raise SnapProblem(name) from None


def billing_type(members: Members) -> BillingType | None:
    """Read the type: eCollection's letter in upper case. ``L`` has no counterpart."""
    letter = text(members, "virtualAccountTrxType", 1)
    if not letter:
        return None
    try:
        return BillingType(letter.lower())
    except ValueError:
        raise SnapProblem("virtualAccountTrxType") from None


def external_id(given: str) -> str:
    """Check an ``X-EXTERNAL-ID``: digits, at most 36.

    Raises:
        SnapProblem: it is not.
    """
    if len(given) > EXTERNAL_ID_MAX or not (given.isascii() and given.isdigit()):
        raise SnapProblem("X-EXTERNAL-ID")
    return given


def journal_no(members: Members) -> str:
    """Give the bank's own number of a payment: the journal's, else the reference.

    It is eCollection's ``payment_ntb``, so that one payment told over both is one.
    """
    return text(members, "journalNum", JOURNAL_MAX) or text(members, "referenceNo", REFERENCE_MAX)
