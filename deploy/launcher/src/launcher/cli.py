"""The command line: ``./lunas <command>``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from launcher import (
    benchmarking,
    checking,
    container_secrets,
    letters_cli,
    provisioning,
    records,
    sandbox,
    testing,
    up,
)
from launcher.errors import Refusal
from launcher.house import DATA

app = typer.Typer(
    help="Lunas: menagih pelanggan, membuka virtual account BNI, mencocokkan setiap pembayaran.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(letters_cli.app, name="dlq")
console = Console()
problems = Console(stderr=True)
Data = Annotated[Path, typer.Option(help="Folder data.")]


def main() -> None:
    """Run one command; a refusal is one sentence and exit code 1."""
    try:
        app()
    except Refusal as refusal:
        problems.print(f"[red]{refusal}[/red]", highlight=False, soft_wrap=True)
        raise SystemExit(1) from refusal


@app.command("up")
def start(
    port_base: Annotated[int, typer.Option(help="Alamat: N, N+1 dan N+2.")] = 8000,
    data: Data = DATA,
    host: Annotated[str, typer.Option(help="Alamat mesin yang dibuka.")] = "127.0.0.1",
    processes: Annotated[
        bool, typer.Option("--processes", help="Satu proses per layanan, lewat RabbitMQ.")
    ] = False,
    no_demo: Annotated[bool, typer.Option("--no-demo", help="Tanpa data contoh.")] = False,
) -> None:
    """Menyalakan Lunas sampai dihentikan dengan Ctrl-C."""
    choice = up.Choice(data, host, port_base, processes=processes, demo=not no_demo)
    up.run(choice, console)


@app.command()
def demo(
    customers: Annotated[int, typer.Option(min=1, help="Berapa pelanggan.")] = 44,
    data: Annotated[Path, typer.Option(help="Folder data, masih kosong.")] = DATA,
    port_base: Annotated[int, typer.Option(help="Alamat selama memuat.")] = 8000,
) -> None:
    """Mengisi folder data yang kosong dengan perusahaan contoh, lalu selesai."""
    choice = up.Choice(data, "127.0.0.1", port_base, False, demo=True, customers=customers)
    up.load_demo(choice, console)


@app.command("sandbox")
def simulated_bank(
    callback: Annotated[
        str, typer.Option(help="Alamat program Anda yang menerima pemberitahuan pembayaran.")
    ] = "http://127.0.0.1:8001/bni/ecollection/callback",
    listen: Annotated[str, typer.Option(help="Alamat bank uji.")] = "127.0.0.1:8002",
    data: Annotated[Path, typer.Option(help="Folder data bank uji.")] = DATA / "sandbox",
) -> None:
    """Menyalakan bank uji BNI saja, untuk mencoba program Anda sendiri."""
    sandbox.run(sandbox.Choice(data, listen, callback), console)


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def test(context: typer.Context) -> None:
    """Menjalankan tes dengan PostgreSQL, RabbitMQ dan peramban yang sesungguhnya."""
    raise typer.Exit(testing.run_tests(context.args))


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def bench(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Tanpa nama: daftar pengukuran.")] = None,
) -> None:
    """Menjalankan satu pengukuran kecepatan; sisa argumen diteruskan kepadanya."""
    if name is None:
        for each, what in benchmarking.benchmarks().items():
            console.print(f"{each:<10} {what}", markup=False, highlight=False, soft_wrap=True)
        return
    raise typer.Exit(benchmarking.run_benchmark(name, context.args))


@app.command()
def check() -> None:
    """Memeriksa gaya, tipe, aturan impor, batas ukuran."""
    raise typer.Exit(checking.run_checks(console))


@app.command()
def verify(data: Data = DATA) -> None:
    """Memeriksa buku dari catatan aslinya: apakah setiap rupiah terjelaskan."""

    def tell(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    raise typer.Exit(0 if records.verify(data, tell) else 1)


@app.command()
def republish(
    service: Annotated[str, typer.Argument(help="Layanan yang menerima, misalnya reporting.")],
    data: Data = DATA,
) -> None:
    """Mengisi ulang data bacaan satu layanan dari catatan semua layanan."""
    console.print(f"{records.republish_to(service, data)} kejadian dikirim ulang ke {service}.")


@app.command()
def provision(
    data: Annotated[Path, typer.Option(help="Folder data, untuk rahasianya.")] = DATA,
) -> None:
    """Menyiapkan basis data, peran, tabel, dan akun broker, lalu selesai.

    Alamatnya DATABASE_URL; kata sandi tiap layanan <LAYANAN>_DATABASE_PASSWORD, atau turunan dari
    rahasia di folder data.
    """
    provisioning.provision_from_environment(data)
    console.print("Basis data siap.")


@app.command()
def secrets() -> None:
    """Mencetak isi .env dengan rahasia baru untuk docker-compose.yml."""
    print(container_secrets.dotenv(), end="")  # noqa: T201  # exactly this, for a file
