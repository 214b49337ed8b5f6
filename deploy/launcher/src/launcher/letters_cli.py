"""``./lunas dlq``: what an operator does with dead letters (R5)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from launcher import letters, servers
from launcher.databases import application_url
from launcher.errors import Refusal
from launcher.house import DATA, who_runs
from launcher.installation import Installation
from launcher.provisioning import databases_of, passwords_of
from shared.errors import DomainError

Data = Annotated[Path, typer.Option(help="Folder data dari Lunas yang sedang berjalan.")]
Number = Annotated[UUID, typer.Argument(help="Nomor dari dlq list.")]

app = typer.Typer(help="Kiriman yang menunggu tindakan orang.", no_args_is_help=True)
console = Console()


@app.command("list")
def list_all(data: Data = DATA) -> None:
    """Menampilkan semua kiriman yang gagal."""
    found = asyncio.run(letters.dead_letters(_urls(data)))
    table = Table("nomor", "layanan", "kejadian", "gagal sejak", "kali", "sebab")
    for letter in found:
        each = letter.delivery
        since = each.failed_at.isoformat(timespec="seconds")
        row = [str(each.id), letter.service, each.routing_key, since, str(each.attempts)]
        table.add_row(*row, each.reason)
    console.print(table if found else "Tidak ada.")


@app.command()
def show(number: Number, data: Data = DATA) -> None:
    """Menampilkan isi satu kiriman."""
    for letter in asyncio.run(letters.dead_letters(_urls(data))):
        if letter.delivery.id == number:
            console.print_json(letter.delivery.body)
            return
    raise Refusal("Kiriman itu tidak ditemukan.")


@app.command()
def replay(number: Number, data: Data = DATA) -> None:
    """Mencoba lagi satu kiriman; aman, karena tidak pernah berlaku dua kali."""
    service = _done(letters.replay(_urls(data), number))
    console.print(f"Dicoba lagi oleh {service}.")


@app.command()
def discard(
    number: Number,
    reason: Annotated[str, typer.Option(help="Mengapa dibuang; dicatat.")],
    data: Data = DATA,
) -> None:
    """Membuang satu kiriman untuk selamanya."""
    service = _done(letters.discard(_urls(data), number, reason))
    console.print(f"Dibuang dari {service}.")


def _urls(data: Path) -> dict[str, str]:
    installation = Installation(data)
    if not installation.folder.exists():
        raise Refusal(f"Tidak ada data Lunas di {installation.folder}.")
    admin_url = servers.running_database(installation)
    databases = databases_of(who_runs(), passwords_of(installation.folder))
    return {name: application_url(admin_url, each) for name, each in databases.items()}


def _done(work: Coroutine[Any, Any, str]) -> str:
    try:
        return asyncio.run(work)
    except DomainError as error:
        raise Refusal(str(error)) from error
