"""B5: text is kept as given, in NFC, without what no person types."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.phones import Phone
from shared.text import Address, Line, Paragraph


def read(kind: Any, text: str) -> str:
    return str(TypeAdapter(kind).validate_python(text))


class TestText:
    def test_b5_letters_are_composed_and_control_characters_go(self) -> None:
        assert read(Line, " Rene\u0301\x07\x1b ") == "René"

    def test_b5_a_line_stays_one_line(self) -> None:
        assert read(Line, "Mahmud\r\nSulaiman\tS") == "Mahmud Sulaiman S"

    def test_a_paragraph_keeps_its_lines(self) -> None:
        assert read(Paragraph, "satu\r\ndua\n") == "satu\ndua"

    @pytest.mark.parametrize("kind", [Line, Address])
    @pytest.mark.parametrize("text", ["", " \n ", "\x07", "a\x00b", "\ud800", "x" * 501])
    def test_b4_empty_endless_and_unreadable_text_is_refused(self, kind: Any, text: str) -> None:
        with pytest.raises(ValidationError):
            read(kind, text)

    @pytest.mark.parametrize(
        "text", ["", "8" * 3000, "0812", "telepon", "O856 11O 1133", "0856\x001101133"]
    )
    def test_b4_what_nobody_can_call_is_no_phone(self, text: str) -> None:
        with pytest.raises(ValidationError):
            read(Phone, text)
