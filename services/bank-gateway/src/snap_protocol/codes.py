"""Response codes: HTTP status, service and case in seven digits (protocol, section 6)."""

from dataclasses import dataclass
from enum import IntEnum

from bni_protocol.codes import Answer

SUCCESS = "2002500"


class Service(IntEnum):
    """The services of a virtual account, and the token's."""

    INQUIRY = 24
    PAYMENT = 25
    STATUS = 26
    CREATE = 27
    UPDATE = 28
    UPDATE_STATUS = 29
    INQUIRE = 30
    DELETE = 31
    REPORT = 35
    TOKEN = 73


MESSAGES: dict[tuple[int, int], str] = {
    (200, 0): "Successful",
    (202, 0): "Request In Progress",
    (400, 0): "Bad Request",
    (400, 1): "Invalid Field Format",
    (400, 2): "Invalid Mandatory Field",
    (401, 0): "Unauthorized.",
    (401, 1): "Invalid Token (B2B)",
    (401, 3): "Token Not Found (B2B)",
    (403, 0): "Transaction Expired",
    (403, 1): "Feature Not Allowed",
    (403, 2): "Exceeds Transaction Amount Limit",
    (403, 3): "Suspected Fraud",
    (403, 4): "Activity Count Limit Exceeded",
    (403, 5): "Do Not Honor",
    (403, 6): "Feature Not Allowed At This Time.",
    (403, 15): "Transaction Not Permitted.",
    (403, 16): "Suspend Transaction",
    (403, 18): "Inactive Account",
    (403, 20): "Merchant Limit Exceed",
    (403, 51): "Duplicate Transaction ID",
    (403, 53): "Virtual Account Trx Type Does Not Match Total Amount",
    (403, 54): "Total Amount Cannot Have Decimal Fraction",
    (403, 55): "VA Number Is In Use",
    (403, 56): "Virtual Account Trx Type Not Supported For This Partner",
    (403, 58): "Currency Is Not Match",
    (403, 59): "Amount Can Not Be Changed",
    (404, 0): "Invalid Transaction Status",
    (404, 1): "Transaction Not Found",
    (404, 11): "Invalid Virtual Account",
    (404, 12): "Invalid Bill/Virtual Account",
    (404, 13): "Invalid Amount",
    (404, 14): "Paid Bill",
    (404, 16): "Partner Not Found",
    (404, 18): "Inconsistent Request",
    (404, 19): "Invalid Bill/Virtual Account",
    (405, 0): "Requested Function Is Not Supported",
    (405, 1): "Requested Operation Is Not Allowed",
    (409, 0): "Conflict",
    (409, 1): "Duplicate partnerReferenceNo",
    (429, 0): "Too Many Requests",
    (500, 0): "General Error",
    (500, 1): "Internal Server Error",
    (500, 2): "External Server Error",
    (504, 0): "Timeout",
}

_ASK = frozenset(
    {(403, 0), (403, 51), (403, 55), (409, 1)}
    | {(404, case) for case in (0, 1, 11, 12, 14, 18, 19)}
)
_LATER = frozenset({(403, 4), (403, 6), (403, 16), (403, 20), (409, 0)})
_LATER_HTTP = frozenset({202, 401, 429, 500, 504})
_REFUSED_HTTP = frozenset({400, 403, 404, 405})


@dataclass(frozen=True, slots=True)
class Code:
    """A response code, taken apart."""

    http: int
    service: int
    case: int

    @classmethod
    def parse(cls, value: object) -> "Code | None":
        """Read seven digits, as text or as a number; None for anything else."""
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if len(text) != 7 or not (text.isascii() and text.isdigit()):
            return None
        return cls(int(text[:3]), int(text[3:5]), int(text[5:]))

    def __str__(self) -> str:
        return f"{self.http:03d}{self.service:02d}{self.case:02d}"

    @property
    def kind(self) -> tuple[int, int]:
        """Give the part that means the same in every service."""
        return self.http, self.case

    @property
    def message(self) -> str:
        return MESSAGES.get(self.kind, "")

    @property
    def no_effect(self) -> bool:
        """Tell whether the request certainly changed nothing and may simply be sent again.

        So it is when the door did not let it in: no token, no right signature, too many.
        """
        return self.http in {401, 429}


def classify(code: Code | None) -> Answer:
    """Sort a code as eCollection's are; one nobody documented leaves the outcome open.

    A refused signature is ``later``, not ``refused``: clocks and keys are put right, and bills
    must not have failed for it meanwhile.
    """
    if code is None:
        return Answer.LATER
    if code.kind == (200, 0):
        return Answer.DONE
    if code.kind in _ASK:
        return Answer.ASK
    if code.kind in _LATER or code.http in _LATER_HTTP or code.kind not in MESSAGES:
        return Answer.LATER
    return Answer.REFUSED if code.http in _REFUSED_HTTP else Answer.LATER
