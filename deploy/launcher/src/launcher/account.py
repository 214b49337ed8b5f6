"""Which operating system account runs a server that refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from launcher.children import end_with_parent
from launcher.errors import Refusal

NAME = "lunas"
_NAMESPACE = ("unshare", "--user", "--map-user=65534", "--")


@dataclass(frozen=True)
class Account:
    """How to run a program: as ourselves, as another user, or inside a user namespace.

    Attributes:
        user_id: the account to become; None keeps our own.
        prefix: words put before every command.
    """

    user_id: int | None = None
    prefix: tuple[str, ...] = ()

    def own(self, path: Path) -> None:
        """Make a folder that only this account may enter."""
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        if self.user_id is not None:
            os.chown(path, self.user_id, pwd.getpwuid(self.user_id).pw_gid)

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a program to its end and keep what it says."""
        return subprocess.run(
            self._words(command),
            user=self.user_id,
            group=self._group(),
            extra_groups=None if self.user_id is None else [],
            cwd="/",
            text=True,
            capture_output=True,
            check=False,
        )

    def start(self, command: Sequence[str | Path], log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a server in a session of its own that stops when we die."""
        return subprocess.Popen(
            self._words(command),
            user=self.user_id,
            group=self._group(),
            extra_groups=None if self.user_id is None else [],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGINT),
        )

    def _words(self, command: Sequence[str | Path]) -> list[str]:
        return [*self.prefix, *map(str, command)]

    def _group(self) -> int | None:
        return None if self.user_id is None else pwd.getpwuid(self.user_id).pw_gid


def choose(program: Path, folder: Path) -> Account:
    """Pick an account that is not root and reaches both the program and the folder.

    Root becomes the system account ``lunas``. Where that cannot look into the path (a checkout
    below ``/root``), the program runs in a user namespace, in which it is nobody.

    Raises:
        Refusal: neither way works here.
    """
    if os.geteuid() != 0:
        return Account()
    account = Account(user_id=_system_user())
    if _reaches(account, program, folder):
        return account
    hidden = Account(prefix=_NAMESPACE)
    if shutil.which("unshare") and _reaches(hidden, program, folder):
        return hidden
    raise Refusal(
        f"Akun sistem '{NAME}' tidak dapat membaca {folder}. PostgreSQL menolak berjalan sebagai "
        "root: pindahkan Lunas ke folder yang terbaca semua akun (misalnya /opt/lunas), jalankan "
        "sebagai pengguna biasa, atau isi DATABASE_URL."
    )


def _system_user() -> int:
    try:
        return pwd.getpwnam(NAME).pw_uid
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
        subprocess.run(command, check=False, capture_output=True)
    try:
        return pwd.getpwnam(NAME).pw_uid
    except KeyError as error:
        raise Refusal(
            f"Akun sistem '{NAME}' tidak dapat dibuat; jalankan sebagai pengguna biasa."
        ) from error


def _reaches(account: Account, program: Path, folder: Path) -> bool:
    script = '"$1" --version >/dev/null 2>&1 && cd "$2" 2>/dev/null'
    return account.run(["/bin/sh", "-c", script, "sh", program, folder]).returncode == 0
