"""What the service reads from its environment."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import AnyHttpUrl, Field, NonNegativeInt, PositiveInt, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from notification.domain.message import Letterhead
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Read as NOTIFICATION_<NAME>; what carriers agreed with us as SMTP_, WHATSAPP_ and SMS_<NAME>.

    Attributes:
        public_base_url: where customers reach the gateway; their links begin with it.
        company_name: the name under each message.
        smtp_host: the mail server; without it no e-mail is sent.
        smtp_port: its port.
        smtp_security: starttls, tls or none.
        smtp_username: signs in with it, if it is given.
        smtp_password: goes with it.
        smtp_from: the address that letters come from.
        whatsapp_phone_number_id: Meta's id of our number; without it nothing leaves by the API.
        whatsapp_token: the permanent token of the app.
        whatsapp_app_secret: signs the webhooks; without it none is believed.
        whatsapp_verify_token: what Meta must say when it tries the webhook's address.
        whatsapp_base_url: where the API is.
        whatsapp_version: the version of the API.
        whatsapp_cost_idr: what one message costs, for the log.
        sms_base_url: the service that speaks the Messages API; without it no SMS is sent.
        sms_api_key: our account there.
        sms_api_secret: goes with it.
        sms_signature_secret: signs the webhooks; without it none is believed.
        sms_from: the sender that is shown.
        sms_cost_idr: what one segment costs, for the log.
    """

    model_config = SettingsConfigDict(env_prefix="NOTIFICATION_", frozen=True, extra="ignore")

    public_base_url: AnyHttpUrl = AnyHttpUrl("http://localhost:8000")
    company_name: str = "Lunas"
    smtp_host: str = Field(default="", validation_alias="SMTP_HOST")
    smtp_port: PositiveInt = Field(default=587, validation_alias="SMTP_PORT")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="starttls", validation_alias="SMTP_SECURITY"
    )
    smtp_username: str = Field(default="", validation_alias="SMTP_USERNAME")
    smtp_password: SecretStr = Field(default=SecretStr(""), validation_alias="SMTP_PASSWORD")
    smtp_from: str = Field(default="", validation_alias="SMTP_FROM")
    whatsapp_phone_number_id: str = Field(default="", validation_alias="WHATSAPP_PHONE_NUMBER_ID")
    whatsapp_token: SecretStr = Field(default=SecretStr(""), validation_alias="WHATSAPP_TOKEN")
    whatsapp_app_secret: SecretStr = Field(
        default=SecretStr(""), validation_alias="WHATSAPP_APP_SECRET"
    )
    whatsapp_verify_token: SecretStr = Field(
        default=SecretStr(""), validation_alias="WHATSAPP_VERIFY_TOKEN"
    )
    whatsapp_base_url: str = Field(
        default="https://graph.facebook.com", validation_alias="WHATSAPP_BASE_URL"
    )
    whatsapp_version: str = Field(default="v23.0", validation_alias="WHATSAPP_VERSION")
    whatsapp_cost_idr: NonNegativeInt = Field(default=0, validation_alias="WHATSAPP_COST_IDR")
    sms_base_url: str = Field(default="", validation_alias="SMS_BASE_URL")
    sms_api_key: str = Field(default="", validation_alias="SMS_API_KEY")
    sms_api_secret: SecretStr = Field(default=SecretStr(""), validation_alias="SMS_API_SECRET")
    sms_signature_secret: SecretStr = Field(
        default=SecretStr(""), validation_alias="SMS_SIGNATURE_SECRET"
    )
    sms_from: str = Field(default="", validation_alias="SMS_FROM")
    sms_cost_idr: NonNegativeInt = Field(default=0, validation_alias="SMS_COST_IDR")

    @property
    def letterhead(self) -> Letterhead:
        """What messages are written on."""
        return Letterhead(self.company_name, str(self.public_base_url))

    @model_validator(mode="after")
    def _whole(self) -> Self:
        pairs = {
            "SMTP_FROM": (self.smtp_host, self.smtp_from),
            "WHATSAPP_TOKEN": (self.whatsapp_phone_number_id, self.whatsapp_token),
            "SMS_API_KEY": (self.sms_base_url, self.sms_api_key),
            "SMS_FROM": (self.sms_base_url, self.sms_from),
        }
        for name, (given, needed) in pairs.items():
            text = needed.get_secret_value() if isinstance(needed, SecretStr) else needed
            if given and not text:
                raise ValueError(f"{name} is needed as well")
        return self
