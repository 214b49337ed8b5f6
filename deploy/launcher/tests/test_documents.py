"""The page of settings is the one of today."""

from __future__ import annotations

from launcher import documents


def test_the_page_of_settings_is_current() -> None:
    assert documents.PAGE.read_text() == documents.page()


def test_no_secret_has_a_default() -> None:
    """P4."""
    secrets = [
        line
        for line in documents.page().splitlines()
        if line.startswith("|")
        and any(word in line.split("|")[1] for word in ("KEY`", "SECRET", "PASSWORD", "VAULT"))
    ]

    assert secrets
    assert all(line.split("|")[2].strip() in {"required", "none"} for line in secrets)
