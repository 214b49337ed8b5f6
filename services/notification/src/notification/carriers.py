"""Builds the carriers that the settings name; without any, only people send."""

from __future__ import annotations

from notification.domain.ladder import Channel
from notification.domain.outgoing import Carrier
from notification.settings import Settings
from notification.sms import SmsService
from notification.smtp import Smtp
from notification.whatsapp import CloudApi
from shared.clock import Clock
from shared.http import HttpClient

CALL_SECONDS = 30.0


def carriers_of(
    settings: Settings, clock: Clock, clients: list[HttpClient]
) -> dict[Channel, Carrier]:
    """Build what can be used; clients that were made are added to ``clients``."""
    found: dict[Channel, Carrier] = {}
    if settings.smtp_host:
        found[Channel.EMAIL] = Smtp(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_from,
            settings.company_name,
            clock,
            settings.smtp_username,
            settings.smtp_password.get_secret_value(),
            settings.smtp_security,
        )
    if settings.whatsapp_phone_number_id:
        client = HttpClient(settings.whatsapp_base_url, timeout_seconds=CALL_SECONDS)
        clients.append(client)
        path = f"/{settings.whatsapp_version}/{settings.whatsapp_phone_number_id}/messages"
        token = settings.whatsapp_token.get_secret_value()
        found[Channel.WHATSAPP] = CloudApi(client, path, token, settings.whatsapp_cost_idr)
    if settings.sms_base_url:
        client = HttpClient(settings.sms_base_url, timeout_seconds=CALL_SECONDS)
        clients.append(client)
        found[Channel.SMS] = SmsService(
            client,
            settings.sms_api_key,
            settings.sms_api_secret.get_secret_value(),
            settings.sms_from,
            settings.sms_cost_idr,
        )
    return found
