"""What every service reads from its environment, validated once at start (P4)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _pem(value: object) -> object:
    """Take a key as it is, or from the file that is named; ``\\n`` may stand for a line's end."""
    text = value.replace("\\n", "\n").strip() if isinstance(value, str) else ""
    if not text or "-----BEGIN" in text:
        return text
    try:
        return Path(text).read_text()
    except OSError:
        raise ValueError("neither a key nor a file that can be read") from None


PemText = Annotated[str, BeforeValidator(_pem)]
PemSecret = Annotated[SecretStr, BeforeValidator(_pem)]


class ServiceSettings(BaseSettings):
    """The part that all services share; each adds its own and an ``env_prefix``.

    Attributes:
        database_url: the service's own database, as its own role.
        broker_url: ``amqp://…``; ``memory://`` only inside one process.
        broker_namespace: what names on the broker begin with; for installations that share one.
        listen: inner address, ``host:port`` or ``unix:/path``.
        principal_public_key: PEM; the gateway's signatures are checked with it (A5).
        pool_size: database connections that are kept open.
        pool_overflow: further connections in a rush.
        log_level: debug, info, warning or error.
        log_format: json, or console for people.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: SecretStr
    broker_url: SecretStr = SecretStr("memory://")
    broker_namespace: str = "lunas"
    listen: str = "127.0.0.1:8080"
    principal_public_key: str
    pool_size: int = Field(default=4, ge=1)
    pool_overflow: int = Field(default=6, ge=0)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "json"
