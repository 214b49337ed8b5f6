"""What invoicing reads from its environment, as INVOICING_<NAME>."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing of its own beyond what all services read."""

    model_config = SettingsConfigDict(env_prefix="INVOICING_", frozen=True, extra="ignore")
