"""The servers that an installation runs on: those that the environment names, else its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import broker, system
from launcher.broker import PrivateBroker
from launcher.errors import Refusal
from launcher.installation import Installation
from launcher.postgres import EmbeddedPostgres


@contextmanager
def database(installation: Installation) -> Iterator[str]:
    """Give the address of PostgreSQL for one who may make databases; ours runs meanwhile."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    server = _own_database(installation)
    try:
        yield server.start().admin_url()
    finally:
        server.stop()


@contextmanager
def reached_database(installation: Installation) -> Iterator[str]:
    """Give the address of PostgreSQL for a command beside Lunas, which may run or not.

    Raises:
        Refusal: there are no data, or Lunas is just starting or stopping.
    """
    if not (installation.folder / "master.key").exists():
        raise Refusal(f"Tidak ada data Lunas di {installation.folder}; isi --data.")
    try:
        installation.acquire()
    except Refusal:
        yield _running(installation)
        return
    with database(installation) as admin_url:
        yield admin_url
    installation.release()


def _running(installation: Installation) -> str:
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    address = _own_database(installation).address_of_running()
    if address is None:
        raise Refusal("Lunas sedang menyala atau berhenti; coba lagi sebentar lagi.")
    return address.admin_url()


@contextmanager
def message_broker(installation: Installation) -> Iterator[str]:
    """Give the address of RabbitMQ: named, or found at the default port, or our own."""
    given = os.environ.get("AMQP_URL")
    if given or asyncio.run(broker.answers(broker.DEFAULT_URL)):
        yield given or broker.DEFAULT_URL
        return
    system.require(system.BROKER)
    server = PrivateBroker(installation.folder / "rabbitmq", installation.secrets().text("broker"))
    try:
        yield server.start()
    finally:
        server.stop()


@contextmanager
def private_folder() -> Iterator[Path]:
    """Make a folder for sockets: a short path, and nobody else's business."""
    path = Path(tempfile.mkdtemp(prefix="lunas-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _own_database(installation: Installation) -> EmbeddedPostgres:
    password = installation.secrets().text("database/admin")
    return EmbeddedPostgres(installation.folder / "postgres", password)
