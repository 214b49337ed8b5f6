"""Who lives here: the services, their packages and folders, and how each is built."""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from launcher.errors import Refusal
from shared.service import Outside, Service

ROOT = Path(__file__).resolve().parents[4]
DATA = ROOT / ".lunas"


@dataclass(frozen=True)
class Resident:
    """One program of the house.

    Attributes:
        name: as the catalogue of operations and the principal's audience spell it.
        folder: under ``services/``.
        migrations_folder: under that folder.
        outsider: stands for an outside party in demo and tests; no part of a real installation.
    """

    name: str
    folder: str
    migrations_folder: str = "migrations"
    outsider: bool = False

    @property
    def package(self) -> str:
        """Name the Python package."""
        return self.name.replace("-", "_")

    @property
    def prefix(self) -> str:
        """Begin the names of its settings with this."""
        return self.package.upper() + "_"

    @property
    def migrations(self) -> Path:
        """Give the folder of its migrations."""
        return ROOT / "services" / self.folder / self.migrations_folder

    def build(self, outside: Outside) -> Service:
        """Put the service together from the environment, which must hold its settings.

        Raises:
            Refusal: a setting is missing or wrong; only its name is told (P2).
        """
        try:
            settings = importlib.import_module(f"{self.package}.settings").Settings()
        except ValidationError as error:
            named = "; ".join(self._named(each) for each in error.errors())
            raise Refusal(f"Pengaturan {self.name} belum benar: {named}") from None
        main = importlib.import_module(f"{self.package}.main")
        return cast(Service, main.build(settings, outside))

    def _named(self, problem: ErrorDetails) -> str:
        """Name the variable; what is wrong about several together is said in our own words."""
        if not problem["loc"]:
            return problem["msg"].removeprefix("Value error, ")
        name = str(problem["loc"][0])
        return name if name.isupper() else self.prefix + name.upper()


RESIDENTS = (
    Resident("customer", "customer"),
    Resident("invoicing", "invoicing"),
    Resident("bank-gateway", "bank-gateway"),
    Resident("reconciliation", "reconciliation"),
    Resident("reporting", "reporting"),
    Resident("notification", "notification"),
    Resident("dashboard", "dashboard"),
    Resident("gateway", "gateway"),
    Resident(
        "bni-sandbox",
        "bank-gateway",
        migrations_folder="migrations/bni_sandbox",
        outsider=True,
    ),
)


def is_production() -> bool:
    """Tell whether this is the real thing."""
    return os.environ.get("LUNAS_PROFILE") == "production"


def who_runs() -> tuple[Resident, ...]:
    """Give who runs here: the simulated bank only where no real one is named."""
    real_bank = is_production() or "BNI_BASE_URL" in os.environ
    return tuple(each for each in RESIDENTS if not (each.outsider and real_bank))
