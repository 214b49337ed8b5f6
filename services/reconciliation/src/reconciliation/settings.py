"""What reconciliation reads from its environment, as RECONCILIATION_<NAME>."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing of its own beyond what all services read."""

    model_config = SettingsConfigDict(env_prefix="RECONCILIATION_", frozen=True, extra="ignore")
