"""Secrets are made once per installation, kept tight, and all come from one (P4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.errors import Refusal
from launcher.installation import Installation


class TestSecrets:
    def test_p4_they_are_made_once_and_stay_the_same(self, tmp_path: Path) -> None:
        first = Installation(tmp_path).secrets()

        again = Installation(tmp_path).secrets()

        assert again.text("session") == first.text("session")
        assert again.signing_keys() == first.signing_keys()

    def test_p4_two_installations_share_none(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()

        one = Installation(tmp_path / "a").secrets()
        other = Installation(tmp_path / "b").secrets()

        assert one.text("session") != other.text("session")

    def test_p4_each_purpose_has_its_own(self, tmp_path: Path) -> None:
        secrets = Installation(tmp_path).secrets()

        assert secrets.text("session") != secrets.text("link")

    def test_p4_only_the_owner_may_read_the_file(self, tmp_path: Path) -> None:
        Installation(tmp_path).secrets()

        assert (tmp_path / "master.key").stat().st_mode & 0o777 == 0o600

    def test_p4_a_file_that_others_can_read_is_refused(self, tmp_path: Path) -> None:
        Installation(tmp_path).secrets()
        (tmp_path / "master.key").chmod(0o644)

        with pytest.raises(Refusal, match="chmod 600"):
            Installation(tmp_path).secrets()

    def test_p4_a_short_secret_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "master.key").touch(mode=0o600)
        (tmp_path / "master.key").write_text("c0ffee\n")

        with pytest.raises(Refusal, match="terlalu pendek"):
            Installation(tmp_path).secrets()

    def test_p2_they_do_not_show_in_a_representation(self, tmp_path: Path) -> None:
        secrets = Installation(tmp_path).secrets()

        assert secrets.master.hex() not in repr(secrets)
        assert str(secrets.master) not in repr(secrets)
