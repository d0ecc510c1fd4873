"""One letter by SMTP, to one address, and what the server's answers mean."""

from __future__ import annotations

import smtplib
import ssl
from typing import NoReturn

from kiosk.domain.people import check_email
from kiosk.plugin import Notice, NotificationChannel, Rejected, Retry, Sent, SettingValues

from .letter import letter

TIMEOUT_SECONDS = 10.0
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
REST_SECONDS = 60.0
"""For what only an admin can mend."""


class EmailChannel(NotificationChannel):
    """E-mail by the centre's server."""

    key = "email"
    title = "Thư điện tử"
    title_en = "E-mail"
    address_kind = "email"

    def __init__(self, settings: SettingValues) -> None:
        self._settings = settings
        self.per_second = settings["per_second"]

    def check_address(self, text: str) -> str:
        """The address, its domain in small letters; raises `email_malformed`."""
        return check_email(text)

    def send(self, notice: Notice, address: str) -> Sent:
        """Hand one letter to the server; our id is its Message-ID, by which mailboxes know a repetition."""
        message = letter(notice, address, self._settings)
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            _refused(code, "address_refused")
        except (smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError) as error:
            raise Retry(_trouble_of(error), REST_SECONDS) from None
        except smtplib.SMTPNotSupportedError:
            raise Retry("smtp_no_encryption", REST_SECONDS) from None
        except ssl.SSLError:
            raise Retry("smtp_certificate", REST_SECONDS) from None
        except smtplib.SMTPResponseException as error:
            _refused(error.smtp_code, "message_refused")
        except (OSError, smtplib.SMTPException):
            # Never the server's words: they repeat the address.
            raise Retry("unreachable") from None
        return Sent(notice.id)

    def _connected(self) -> smtplib.SMTP:
        """A conversation that is encrypted and signed in, or nothing at all."""
        own = self._settings
        security, host = own["security"], own["host"]
        if security == "none" and host not in LOOPBACK:
            raise Retry("smtp_no_encryption", REST_SECONDS)
        # Our name is the sender's domain: the machine's own name is nobody's business.
        name = own["sender"].rpartition("@")[2]
        if security == "tls":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, own["port"], name, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(host, own["port"], name, timeout=TIMEOUT_SECONDS)
        try:
            if security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if own["username"]:
                _sign_in(server, own["username"], own["password"] or "")
        except BaseException:
            server.close()
            raise
        return server


def _sign_in(server: smtplib.SMTP, username: str, password: str) -> None:
    try:
        server.login(username, password)
    except smtplib.SMTPNotSupportedError:
        raise Retry("sign_in_refused", REST_SECONDS) from None


def _refused(code: int, why: str) -> NoReturn:
    """4xx is for now, 5xx for good (RFC 5321, 4.2.1); 552 and 452 are a full mailbox."""
    if 500 <= code < 600:
        raise Rejected(why) from None
    raise Retry("server_busy") from None


def _trouble_of(error: smtplib.SMTPResponseException) -> str:
    return "sender_refused" if isinstance(error, smtplib.SMTPSenderRefused) else "sign_in_refused"
