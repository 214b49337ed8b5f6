"""One installation: its data folder, its lock, and the secrets made when it was first used (P4)."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from launcher.errors import Refusal

SECRET_BYTES_MIN = 32
RSA_BITS = 2048


@dataclass(frozen=True)
class Secrets:
    """Everything secret, derived from one master secret, so that there is one thing to keep."""

    master: bytes = field(repr=False)

    def text(self, purpose: str) -> str:
        """Give the secret of one purpose as 64 hexadecimal digits."""
        return self._derive(purpose).hex()

    def base64(self, purpose: str) -> str:
        """Give the secret of one purpose as 32 bytes in base64."""
        return b64encode(self._derive(purpose)).decode()

    def signing_keys(self) -> tuple[str, str]:
        """Give the key pair for inner tokens: private and public, as PEM."""
        return _pem_pair(Ed25519PrivateKey.from_private_bytes(self._derive("principal")))

    def _derive(self, purpose: str) -> bytes:
        return hmac.digest(self.master, f"lunas/{purpose}".encode(), hashlib.sha256)


def rsa_pair() -> tuple[str, str]:
    """Make a new key pair for SNAP: private and public, as PEM."""
    private = rsa.generate_private_key(65537, RSA_BITS)
    return _pem_pair(private)


def _pem_pair(private: Ed25519PrivateKey | rsa.RSAPrivateKey) -> tuple[str, str]:
    private_pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public_pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private_pem.decode(), public_pem.decode()


class Installation:
    """A data folder that one launcher at a time may use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._lock: int | None = None

    @property
    def logs(self) -> Path:
        """Give the folder of the children's logs; made when missing."""
        path = self.folder / "logs"
        path.mkdir(exist_ok=True)
        return path

    def acquire(self) -> None:
        """Make the folder and take it for ourselves until this process ends, however it ends.

        Raises:
            Refusal: another launcher works on it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise Refusal(
                f"Lunas lain sedang berjalan dengan data di {self.folder}. Hentikan dulu yang itu, "
                "atau pakai folder lain dengan --data."
            ) from error
        self._lock = descriptor

    def release(self) -> None:
        """Let another launcher in."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def secrets(self) -> Secrets:
        """Read the master secret, or make it once; only its owner may read it."""
        path = self.folder / "master.key"
        if not path.exists():
            _write_secret(path, secrets.token_hex(SECRET_BYTES_MIN))
        if path.stat().st_mode & 0o077:
            raise Refusal(f"{path} terbaca akun lain. Jalankan: chmod 600 {path}")
        master = bytes.fromhex(path.read_text().strip())
        if len(master) < SECRET_BYTES_MIN:
            raise Refusal(f"{path} terlalu pendek; rahasia paling sedikit {SECRET_BYTES_MIN} byte.")
        return Secrets(master)

    def database_password(self, service: str) -> str:
        """Give the password of a service's database role."""
        return self.secrets().text(f"database/{service}")

    def marked(self, mark: str) -> bool:
        """Tell whether a step that is done once per data folder has been done."""
        return (self.folder / f"{mark}.done").exists()

    def mark(self, mark: str) -> None:
        """Remember that a step was done."""
        (self.folder / f"{mark}.done").touch()

    def unmark(self, mark: str) -> None:
        """Forget that a step was done."""
        (self.folder / f"{mark}.done").unlink(missing_ok=True)


def _write_secret(path: Path, text: str) -> None:
    """Write a file that exists whole or not at all."""
    aside = path.with_suffix(".new")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(descriptor)
    aside.rename(path)
