"""Databases, roles and tables of the whole house."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from launcher.broker_accounts import ensure_accounts
from launcher.databases import Database, database_of, migration_url, provision
from launcher.errors import Refusal
from launcher.house import RESIDENTS, Resident
from launcher.installation import Installation
from shared.migrations import upgrade


async def provision_house(
    admin_url: str, residents: Iterable[Resident], databases: Mapping[str, Database]
) -> None:
    """Bring the databases of these residents to their present state.

    Raises:
        Refusal: the server cannot be reached or is too old.
    """
    folders = {resident.name: resident.migrations for resident in residents}

    async def migrate(database: Database) -> None:
        # Alembic runs an event loop of its own, so it needs a thread of its own.
        await asyncio.to_thread(
            upgrade, folders[database.service], migration_url(admin_url, database)
        )

    await provision(admin_url, [databases[name] for name in folders], migrate)


def databases_of(
    residents: Iterable[Resident], passwords: Mapping[str, str]
) -> dict[str, Database]:
    """Name the database of each resident; installations may share a server."""
    prefix = database_prefix()
    return {each.name: database_of(each.name, prefix, passwords[each.name]) for each in residents}


def database_prefix() -> str:
    """Give what the names of this installation's databases begin with."""
    return os.environ.get("LUNAS_DATABASE_PREFIX") or "lunas"


def provision_from_environment(data: Path) -> None:
    """Provision on the servers that the environment names; safe to run again at any time.

    Raises:
        Refusal: a server is not named or does not accept it.
    """
    admin_url = os.environ.get("DATABASE_URL")
    if not admin_url:
        raise Refusal("Isi DATABASE_URL dengan alamat PostgreSQL yang boleh membuat basis data.")
    passwords = passwords_of(data)
    residents = [each for each in RESIDENTS if each.name in passwords]
    databases = databases_of(residents, passwords)
    asyncio.run(provision_house(admin_url, residents, databases))
    management_url = os.environ.get("RABBITMQ_MANAGEMENT_URL")
    if management_url:
        asyncio.run(ensure_accounts(management_url, _passwords("BROKER_PASSWORD")))


def passwords_of(data: Path) -> dict[str, str]:
    """Give the passwords of the services' database roles: as given, else derived."""
    given = given_passwords()
    if given:
        return given
    installation = Installation(data)
    installation.folder.mkdir(parents=True, exist_ok=True)
    return {each.name: installation.database_password(each.name) for each in RESIDENTS}


def given_passwords() -> dict[str, str]:
    """Give the passwords of database roles that the environment names, as in containers."""
    return _passwords("DATABASE_PASSWORD")


def _passwords(purpose: str) -> dict[str, str]:
    named = {each.name: os.environ.get(each.prefix + purpose) for each in RESIDENTS}
    return {name: password for name, password in named.items() if password}
