"""Status codes of eCollection with the bank's words and what each asks of a client."""

from enum import StrEnum

SUCCESS = "000"
NOT_ACCEPTED = "999"
"""What we answer a notification that the bank shall send again."""

MESSAGES: dict[str, str] = {
    "000": "Success",
    "001": "Incomplete/invalid Parameter(s).",
    "002": "IP address not allowed or wrong Client ID.",
    "004": "Service not found.",
    "005": "Service not defined.",
    "006": "Invalid VA Number.",
    "007": "Invalid Billing Number.",
    "008": "Technical Failure.",
    "009": "Unexpected Error.",
    "010": "Request Timeout.",
    "011": "Billing type does not match billing amount.",
    "012": "Invalid expiry date/time.",
    "013": "IDR currency cannot have billing amount with decimal fraction.",
    "014": "VA Number should not be defined when Billing Number is set.",
    "015": "Invalid Permission(s)",
    "016": "Invalid Billing Type",
    "017": "Customer Name cannot be used.",
    "100": "Billing has been paid.",
    "101": "Billing not found.",
    "102": "VA Number is in use.",
    "103": "Billing has been expired.",
    "104": "Billing Number is in use.",
    "105": "Duplicate Billing ID.",
    "107": "Amount can not be changed.",
    "108": "Data not found.",
    "110": "Exceed Daily Limit Transaction",
    "200": "Failed to send SMS Payment.",
    "201": "SMS Payment can only be used with Fixed Payment.",
    "801": "Billing type not supported for this Client ID.",
    "996": "Too many inquiry request per hour.",
    "997": "System is temporarily offline.",
    "998": '"Content-Type" header not defined as it should be.',
    "999": "Internal Error.",
}


class Answer(StrEnum):
    """What a status asks of the client."""

    DONE = "done"
    REFUSED = "refused"  # our fault: the same request will never pass
    ASK = "ask"  # the bank's state differs from ours: inquire, then decide
    LATER = "later"  # the outcome is open: back off, and inquire before repeating a create


_ASK = frozenset({"100", "101", "102", "103", "104", "105"})
_LATER = frozenset({"008", "009", "010", "110", "996", "997", "999"})
_REFUSED = frozenset(MESSAGES) - _ASK - _LATER - {SUCCESS}


def classify(status: str) -> Answer:
    """Sort a status by what to do; a code nobody documented leaves the outcome open."""
    if status == SUCCESS:
        return Answer.DONE
    if status in _REFUSED:
        return Answer.REFUSED
    return Answer.ASK if status in _ASK else Answer.LATER
