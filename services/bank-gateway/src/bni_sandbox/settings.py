"""What the sandbox reads from its environment."""

from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from bni_protocol.fields import BillingType
from shared.settings import PemSecret, PemText, ServiceSettings


class Settings(ServiceSettings):
    """Read as BNI_SANDBOX_<NAME>; the contract with the client as BNI_<NAME>.

    Attributes:
        public_listen: where the bank protocol and the payer's page are served.
        callback_url: where notifications go; one address per client id.
        allowed_networks: the callers the bank knows, separated by commas; empty lets all in.
        refused_names: customer names that the bank does not take (017), separated by commas.
        window_seconds: how far the client's clock may be off; 480, older servers 300.
        inquiries_per_hour: 0 is no limit.
        retry_delays_seconds: the pauses before the five repeats of a notification.
        at_once: how many notifications are on their way at the same time.
        account_no: the account whose statement the sandbox prints.
        opening_balance_idr: what it held before the first line.
        snap_partner_id: the client's X-PARTNER-ID; SNAP is spoken when this and the next are set.
        snap_client_id: the client's X-CLIENT-KEY.
        snap_client_secret: the client signs his requests with it.
        snap_client_secret_previous: still accepted while the secret is being changed (P4).
        snap_partner_public_key: the client's RSA key as PEM, or the file it is in.
        snap_partner_public_key_previous: still accepted while the client changes his key (P4).
        protocol: how the client is told of payments: ecollection, or snap.
        snap_url: the client's address for snap; he gives a token there, too.
        snap_bank_client_id: the X-CLIENT-KEY that the client gave the bank.
        snap_bank_client_secret: the bank signs with it what it tells the client.
        snap_bank_private_key: the bank's RSA key as PEM, or the file it is in.
    """

    model_config = SettingsConfigDict(env_prefix="BNI_SANDBOX_", populate_by_name=True)

    public_listen: str = "127.0.0.1:8002"
    callback_url: str = "http://127.0.0.1:8001/bni/ecollection/callback"
    merchant_name: str = "PT KAVLING PAKUAN ASRI"
    allowed_networks: str = ""
    billing_types: str = "coimnx"
    refused_names: str = ""
    default_life_days: int = 365
    window_seconds: int = 480
    inquiries_per_hour: int = 0
    retry_delays_seconds: Annotated[tuple[float, ...], Field(min_length=1)] = (2, 5, 15, 60, 300)
    at_once: int = Field(default=8, ge=1, le=64)
    account_no: str = Field(default="0115476117", pattern=r"^[0-9]{5,20}$")
    opening_balance_idr: int = Field(default=25_000_000, ge=0, le=10**14 - 1)
    client_id: str = Field(validation_alias="BNI_CLIENT_ID")
    secret_key: SecretStr = Field(validation_alias="BNI_SECRET_KEY")
    prefix: str = Field(validation_alias="BNI_PREFIX")
    snap_partner_id: str = Field(default="", validation_alias="SNAP_PARTNER_ID")
    snap_client_id: str = Field(default="", validation_alias="SNAP_CLIENT_ID")
    snap_client_secret: SecretStr = Field(
        default=SecretStr(""), validation_alias="SNAP_CLIENT_SECRET"
    )
    snap_client_secret_previous: SecretStr = Field(
        default=SecretStr(""), validation_alias="SNAP_CLIENT_SECRET_PREVIOUS"
    )
    snap_partner_public_key: PemText = Field(default="", validation_alias="SNAP_PARTNER_PUBLIC_KEY")
    snap_partner_public_key_previous: PemText = Field(
        default="", validation_alias="SNAP_PARTNER_PUBLIC_KEY_PREVIOUS"
    )

    protocol: Literal["ecollection", "snap"] = Field(
        default="ecollection", validation_alias="BNI_PROTOCOL"
    )
    snap_url: str = "http://127.0.0.1:8001"
    snap_bank_client_id: str = Field(default="", validation_alias="SNAP_BANK_CLIENT_ID")
    snap_bank_client_secret: SecretStr = Field(
        default=SecretStr(""), validation_alias="SNAP_BANK_CLIENT_SECRET"
    )
    snap_bank_private_key: PemSecret = Field(
        default=SecretStr(""), validation_alias="SNAP_BANK_PRIVATE_KEY"
    )

    @property
    def told_at(self) -> str:
        """Give where notifications go."""
        return self.snap_url if self.protocol == "snap" else self.callback_url

    @model_validator(mode="after")
    def _snap_has_what_it_needs(self) -> Self:
        needed = {
            "SNAP_PARTNER_ID": self.snap_partner_id,
            "SNAP_CLIENT_ID": self.snap_client_id,
            "SNAP_CLIENT_SECRET": self.snap_client_secret,
            "SNAP_PARTNER_PUBLIC_KEY": self.snap_partner_public_key,
            "SNAP_BANK_CLIENT_ID": self.snap_bank_client_id,
            "SNAP_BANK_CLIENT_SECRET": self.snap_bank_client_secret,
            "SNAP_BANK_PRIVATE_KEY": self.snap_bank_private_key,
        }
        missing = [name for name, value in needed.items() if not value]
        if self.protocol == "snap" and missing:
            raise ValueError(f"BNI_PROTOCOL=snap needs {', '.join(missing)}")
        return self

    @property
    def types(self) -> frozenset[BillingType]:
        return frozenset(BillingType(letter) for letter in self.billing_types)

    @property
    def names_not_taken(self) -> frozenset[str]:
        names = (name.strip().casefold() for name in self.refused_names.split(","))
        return frozenset(name for name in names if name)
