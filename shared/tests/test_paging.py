"""Lists by keyset: cursors are ours, and words are clean before they reach the database."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from shared.paging import CursorNotValid, ListQuery, decode, encode


class TestCursors:
    def test_a_cursor_comes_back_as_it_was_made(self) -> None:
        assert decode(encode(["2026-11-23", 7, None]), 3) == ["2026-11-23", 7, None]

    @pytest.mark.parametrize("word", ["a\x00", "\ud800"])
    def test_b5_a_cursor_that_no_database_can_hold_is_refused(self, word: str) -> None:
        with pytest.raises(CursorNotValid):
            decode(encode([word]), 1)

    @pytest.mark.parametrize("cursor", ["bukan", "é", "e30", "WzFd", "W1tdXQ"])
    def test_b1_another_cursor_is_refused(self, cursor: str) -> None:
        with pytest.raises(CursorNotValid):
            decode(cursor, 2)


class TestListQuery:
    def test_b5_the_words_to_look_for_are_cleaned(self) -> None:
        assert ListQuery(search=" Rene\u0301\x07 ").search == "René"

    @pytest.mark.parametrize("bad", [{"search": "a\x00"}, {"limit": 201}, {"sort": "name"}])
    def test_b4_bad_bounds_and_unknown_filters_are_refused(self, bad: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            ListQuery.model_validate(bad)
