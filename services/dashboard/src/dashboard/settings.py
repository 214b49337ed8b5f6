"""What the dashboard reads from its environment, as ``DASHBOARD_<NAME>``."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """The dashboard's own part.

    Attributes:
        services: base address of each service that pages ask, as JSON: ``{"customer": "http://…"}``.
        company: the seller's name in the shell and on bills.
        public_url: how customers reach us; document links are shown with it.
        stream_seconds_max: a live stream ends after this and the browser opens it again, so
            that the gateway asks anew who is signed in (A6).
    """

    model_config = SettingsConfigDict(env_prefix="DASHBOARD_", frozen=True, extra="ignore")

    services: dict[str, str]
    company: str = "PT Kavling Pakuan Asri"
    public_url: str = "http://localhost:8000"
    stream_seconds_max: int = Field(default=120, ge=1)
