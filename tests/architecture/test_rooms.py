"""Every service has the same rooms, so that knowing one is knowing all."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.contracts.listeners import LISTENERS
from shared.events import REGISTER
from shared.operations import OPERATIONS

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if path.is_dir())
ROOMS = ("domain", "models", "store", "handlers", "api", "settings", "main")
SECTIONS = ("## Owns", "## Listens to", "## Publishes", "## HTTP", "## Never", "## Run it")


def test_the_house_has_eight_services() -> None:
    assert SERVICES == [
        "bank-gateway",
        "customer",
        "dashboard",
        "gateway",
        "invoicing",
        "notification",
        "reconciliation",
        "reporting",
    ]


@pytest.mark.parametrize("service", SERVICES)
class TestEveryService:
    def test_it_has_the_same_rooms(self, service: str) -> None:
        source = ROOT / "services" / service / "src" / service.replace("-", "_")
        present = {path.stem for path in source.iterdir()}

        assert set(ROOMS) <= present

    def test_it_has_its_own_migrations_tests_and_distribution(self, service: str) -> None:
        folder = ROOT / "services" / service

        assert list((folder / "migrations" / "versions").glob("*.py"))
        assert list((folder / "tests").glob("test_*.py"))
        assert (folder / "pyproject.toml").exists()

    def test_its_migrations_follow_one_another_by_number(self, service: str) -> None:
        versions = ROOT / "services" / service / "migrations" / "versions"

        numbers = sorted(path.name[:4] for path in versions.glob("*.py"))
        assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]

    def test_its_readme_is_short_and_has_the_same_sections(self, service: str) -> None:
        text = (ROOT / "services" / service / "README.md").read_text()

        assert [section for section in SECTIONS if section not in text] == []
        assert len(text.splitlines()) <= 60

    def test_it_is_named_in_the_readme_of_the_house(self, service: str) -> None:
        assert f"services/{service}" in (ROOT / "README.md").read_text()


def test_every_event_has_a_listener() -> None:
    heard = {event.routing_key() for events in LISTENERS.values() for event in events}

    assert set(REGISTER) - heard == set()


def test_every_operation_belongs_to_a_service() -> None:
    assert {operation.service for operation in OPERATIONS} <= set(SERVICES)
