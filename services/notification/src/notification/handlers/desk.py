"""What the system writes on, and which carriers it may choose from."""

from __future__ import annotations

from dataclasses import dataclass

from notification.domain.ladder import Channel
from notification.domain.message import Letterhead
from notification.handlers.composing import Letter
from shared.phones import is_indonesian_mobile


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the system writes; ``ready`` are the channels that the settings name."""

    letterhead: Letterhead
    ready: frozenset[Channel] = frozenset()

    def route(self, wanted: Channel, letter: Letter) -> tuple[Channel, str] | None:
        """Choose how a letter goes, and to which address; None: no way at all.

        Where the wanted channel is not ready, or the customer has no address for it, or WhatsApp
        has not approved the words, a person sends by click-to-chat.
        """
        customer = letter.customer
        mobile = customer.phone if is_indonesian_mobile(customer.phone) else None
        approved = mobile if letter.whatsapp_name else None
        addresses = {
            Channel.EMAIL: customer.email,
            Channel.SMS: mobile,
            Channel.WHATSAPP: approved,
        }
        address = addresses.get(wanted)
        if wanted in self.ready and address:
            return wanted, address
        return (Channel.WHATSAPP_LINK, mobile) if mobile else None
