"""What reporting reads from its environment."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Everything reporting reads, as ``REPORTING_<NAME>``.

    Attributes:
        document_key: secret of the codes printed on papers; another key invalidates them all.
        public_url: the gateway's address as customers reach it; QR codes lead there.
        company_address: lines of the letterhead, separated by ``|``.
        company_npwp: printed in the letterhead when it is given.
        company_collects_vat: the seller is a PKP and his prices include VAT (PPN); bills show it.
        stamp_duty_on: who bears the meterai of a Kwitansi above Rp5.000.000.
        renderers: processes that print; one core each.
        export_days: how long a file made of a list can be fetched; then it is deleted.
    """

    model_config = SettingsConfigDict(env_prefix="REPORTING_", frozen=True, extra="ignore")

    document_key: SecretStr = Field(min_length=32)
    public_url: str = Field(default="http://localhost:8000", pattern=r"^https?://[^/\s]+$")
    company_name: str = "PT Kavling Pakuan Asri"
    company_address: str = (
        "Jl. Pajajaran No. 88, Bogor 16143|0251-555-0188 · WhatsApp 0811-0555-088"
        "|tagihan@kavlingpakuan.example"
    )
    company_place: str = "Bogor"
    company_contact: str = "0811-0555-088"
    company_npwp: str = Field(default="", pattern=r"^[0-9.\- ]{0,24}$")
    company_collects_vat: bool = False
    stamp_duty_on: Literal["company", "customer"] = "company"
    signer_name: str = "Siti Rahmawati"
    signer_role: str = "Kepala Keuangan"
    renderers: int = Field(default=2, ge=1, le=16)
    render_seconds: int = Field(default=10, ge=1, le=60)
    export_days: int = Field(default=3, ge=1, le=30)

    @model_validator(mode="after")
    def _name_the_tax_number(self) -> Self:
        if self.company_collects_vat and not self.company_npwp:
            raise ValueError("REPORTING_COMPANY_COLLECTS_VAT needs REPORTING_COMPANY_NPWP")
        return self
