"""The carrier over SMTP (RFC 5321): a letter is accepted, refused, put off, or nobody knows."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Literal

from notification.domain.outgoing import Outcome, Parcel, Result, plain
from shared.clock import Clock

Security = Literal["none", "starttls", "tls"]
TIMEOUT_SECONDS = 20.0
_LATER = Outcome(Result.LATER, trouble="Server email tidak menjawab")
_NO_ADDRESS = Outcome(Result.REFUSED, trouble="Alamat email tidak dapat dipakai")
_UNKNOWN = Outcome(
    Result.UNKNOWN, trouble="Sambungan ke server email putus saat surat sedang diserahkan"
)


@dataclass(frozen=True, slots=True)
class Smtp:
    """Sends one letter per connection; the reference makes its Message-ID, the same each time."""

    host: str
    port: int
    sender: str
    company: str
    clock: Clock
    username: str = ""
    password: str = ""
    security: Security = "starttls"
    timeout_seconds: float = TIMEOUT_SECONDS

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand a letter over."""
        return await asyncio.to_thread(self._send, parcel)

    def _send(self, parcel: Parcel) -> Outcome:
        try:
            letter = self._letter(parcel)
        except ValueError:  # a header cannot hold it
            return _NO_ADDRESS
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            return _put_off(error)
        try:
            return self._hand_over(connection, parcel, letter)
        finally:
            _take_leave(connection)

    def _hand_over(self, connection: smtplib.SMTP, parcel: Parcel, letter: EmailMessage) -> Outcome:
        try:
            self._introduce(connection, parcel)
        except (OSError, smtplib.SMTPException) as error:
            return _put_off(error)
        try:
            code, said = connection.data(letter.as_bytes())
        except smtplib.SMTPResponseException as error:
            return _answered(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException):
            return _UNKNOWN
        if code != 250:
            return _answered(code, said)
        return Outcome(Result.SENT, provider_id=letter["Message-ID"])

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_seconds, context=context
            )
        connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)
        try:
            if self.security == "starttls":
                connection.starttls(context=ssl.create_default_context())
        except (OSError, smtplib.SMTPException):
            connection.close()
            raise
        return connection

    def _introduce(self, connection: smtplib.SMTP, parcel: Parcel) -> None:
        connection.ehlo_or_helo_if_needed()
        if self.username:
            connection.login(self.username, self.password)
        code, said = connection.mail(self.sender)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, said, self.sender)
        code, said = connection.rcpt(parcel.recipient)
        if code not in {250, 251}:
            raise smtplib.SMTPResponseException(code, said)

    def _letter(self, parcel: Parcel) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = formataddr((self.company, self.sender))
        letter["To"] = parcel.recipient
        letter["Subject"] = parcel.subject
        letter["Date"] = format_datetime(self.clock.now())
        letter["Message-ID"] = f"<{parcel.reference}@{self.sender.partition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter["Content-Language"] = parcel.language
        letter.set_content(plain(parcel.text) + "\n")
        return letter


def _take_leave(connection: smtplib.SMTP) -> None:
    """How the goodbye goes changes nothing."""
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()


def _put_off(error: Exception) -> Outcome:
    """Nothing was handed over yet: only what the server itself says for good is for good."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error)
    return _LATER


def _answered(code: int, said: bytes | str) -> Outcome:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    trouble = f"Server email menolak ({code} {' '.join(words.split())[:150]})"
    return Outcome(Result.REFUSED if 500 <= code < 600 else Result.LATER, trouble=trouble)
