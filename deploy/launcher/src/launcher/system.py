"""What must be installed on the machine beside Python: looked for, and installed with the right."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from launcher import broker
from launcher.errors import Refusal

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FONTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"))


@dataclass(frozen=True)
class Need:
    """One thing, the Debian package that brings it, and how to see that it is there."""

    package: str
    present: Callable[[], bool]


def _library(name: str) -> Callable[[], bool]:
    def loads() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return loads


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(map(shutil.which, names))


def _any_font() -> bool:
    return any(next(folder.rglob("*.[to]tf"), None) for folder in _FONTS)


TO_RUN = (
    Need("libpango-1.0-0", _library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", _library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", _library("libharfbuzz-subset.so.0")),
    Need("fonts-dejavu-core", _any_font),
)
TO_TEST = (
    *TO_RUN,
    Need("chromium", _program(*BROWSERS)),
    Need("poppler-utils", _program("pdftoppm")),
)
BROKER = (Need("rabbitmq-server", lambda: broker.program() is not None),)


def require(needs: Iterable[Need]) -> None:
    """Make sure that everything is there.

    Raises:
        Refusal: something is missing and we may not install it; says what to type.
    """
    packages = _missing(needs)
    if not packages:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    typed = "sudo apt-get update && sudo " + " ".join(install)
    rights = _rights()
    if rights is None or shutil.which("apt-get") is None:
        raise Refusal(f"Belum terpasang: {', '.join(packages)}. Jalankan: {typed}")
    print(f"lunas: memasang {', '.join(packages)} ...", flush=True)  # noqa: T201
    for command in (["apt-get", "update"], install):
        _run([*rights, *command], typed)
    if still := _missing(needs):
        raise Refusal(f"Sudah dicoba, tetapi belum ada: {', '.join(still)}. Jalankan: {typed}")


def browser() -> str | None:
    """Find a Chromium for the tests."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _missing(needs: Iterable[Need]) -> list[str]:
    return [need.package for need in needs if not need.present()]


def _rights() -> list[str] | None:
    """Give the words before a command that make it root's; None when we cannot."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if allowed.returncode == 0:
            return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    return None


def _run(command: list[str], typed: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        last = (result.stderr.strip() or result.stdout.strip()).splitlines()[-1:]
        raise Refusal(f"Pemasangan gagal ({' '.join(last)}). Jalankan: {typed}")
