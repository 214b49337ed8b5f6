"""Phone numbers as Indonesians spell them, kept as E.164."""

from __future__ import annotations

import re
from typing import Annotated

import phonenumbers
from pydantic import AfterValidator, StringConstraints

from shared.errors import Invalid

_MOBILE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}


class PhoneNotValid(Invalid):
    """A phone number that nobody can call."""

    detail = "Nomor HP {text!r} belum benar. Contoh: 0856 1101 133."


def normalise(text: str) -> str:
    """Turn ``0856…``, ``62856…``, ``+62…`` or ``856…`` into E.164.

    ``62…`` is rewritten before parsing, because the number plan would read it as a landline.
    Letters are refused: the plan would dial them, so that an O for a 0 gave somebody else's number.

    Raises:
        PhoneNotValid: the number does not exist in its country's plan.
    """
    digits = re.sub(r"[\s().-]", "", text)
    if digits.startswith("62"):
        digits = "+" + digits
    elif digits.startswith("8"):
        digits = "+62" + digits
    try:
        number = phonenumbers.parse(digits, "ID")
    except phonenumbers.NumberParseException as error:
        raise PhoneNotValid(text=text, field="phone") from error
    if any(sign.isalpha() for sign in digits) or not phonenumbers.is_valid_number(number):
        raise PhoneNotValid(text=text, field="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_indonesian_mobile(e164: str) -> bool:
    """Tell whether WhatsApp can be offered: an Indonesian mobile number."""
    number = phonenumbers.parse(e164)
    return number.country_code == 62 and phonenumbers.number_type(number) in _MOBILE


def search_digits(text: str) -> str:
    """Reduce any spelling of a phone or number to the digits to look for, without 0 or 62."""
    digits = re.sub(r"\D", "", text)
    return re.sub(r"^(62|0)", "", digits)


def _validated(text: str) -> str:
    try:
        return normalise(text)
    except PhoneNotValid as error:
        raise ValueError(str(error)) from error


Phone = Annotated[str, StringConstraints(max_length=40), AfterValidator(_validated)]
"""A phone number in any spelling, kept as E.164."""
