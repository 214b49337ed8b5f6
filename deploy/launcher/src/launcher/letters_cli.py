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

from launcher import letters
from launcher.errors import Refusal
from launcher.house import DATA
from launcher.records import urls_of
from shared.errors import DomainError

Data = Annotated[Path, typer.Option(help="Folder data dari Lunas yang sedang berjalan.")]
Number = Annotated[UUID, typer.Argument(help="Nomor dari dlq list.")]

app = typer.Typer(help="Kiriman yang menunggu tindakan orang.", no_args_is_help=True)
console = Console()


@app.command("list")
def list_all(data: Data = DATA) -> None:
    """Menampilkan semua kiriman yang gagal."""
    with urls_of(data) as urls:
        found = asyncio.run(letters.dead_letters(urls))
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
    with urls_of(data) as urls:
        found = asyncio.run(letters.dead_letters(urls))
    for letter in found:
        if letter.delivery.id == number:
            console.print_json(letter.delivery.body)
            return
    raise Refusal("Kiriman itu tidak ditemukan.")


@app.command()
def replay(number: Number, data: Data = DATA) -> None:
    """Mencoba lagi satu kiriman; aman, karena tidak pernah berlaku dua kali."""
    with urls_of(data) as urls:
        service = _done(letters.replay(urls, number))
    console.print(f"Dicoba lagi oleh {service}.")


@app.command()
def discard(
    number: Number,
    reason: Annotated[str, typer.Option(help="Mengapa dibuang; dicatat.")],
    data: Data = DATA,
) -> None:
    """Membuang satu kiriman untuk selamanya."""
    with urls_of(data) as urls:
        service = _done(letters.discard(urls, number, reason))
    console.print(f"Dibuang dari {service}.")


def _done(work: Coroutine[Any, Any, str]) -> str:
    try:
        return asyncio.run(work)
    except DomainError as error:
        raise Refusal(str(error)) from error
