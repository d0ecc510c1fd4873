"""The letter itself: plain text, and the same as simple HTML."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from kiosk.plugin import Notice, SettingValues

FOOTERS = {
    "vi": "Quý vị nhận thư này vì đã nhập địa chỉ tại trang theo dõi số. Có thể ngừng nhận ngay tại trang đó. Xin không trả lời thư này.",
    "en": "You receive this because you left your address on the page of your number. You can stop it there. Please do not reply.",
}


def letter(notice: Notice, address: str, settings: SettingValues) -> EmailMessage:
    """The notice to one address; `EmailMessage` refuses line breaks in headers."""
    sender = settings["sender"]
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"{notice.title} – {notice.office}"
    message["From"] = Address(settings["sender_name"], addr_spec=sender)
    message["To"] = Address(addr_spec=address)
    message["Date"] = format_datetime(notice.at)
    message["Message-ID"] = f"<{notice.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday reply comes back
    message["Content-Language"] = notice.language
    footer = FOOTERS.get(notice.language, FOOTERS["vi"])
    message.set_content(
        f"{notice.body}\n{notice.follow_url}\n\n{notice.office}\n-- \n{footer}\n", cte="base64"
    )
    message.add_alternative(_html(notice, footer), subtype="html", cte="base64")
    return message


def _html(notice: Notice, footer: str) -> str:
    url = escape(notice.follow_url, quote=True)
    return (
        f'<!doctype html><html lang="{escape(notice.language, quote=True)}"><head><meta charset="utf-8">'
        f"<title>{escape(notice.title)}</title></head><body>"
        f"<h1>{escape(notice.title)}</h1><p>{escape(notice.body)}</p>"
        f'<p><a href="{url}">{url}</a></p><p>{escape(notice.office)}</p><hr><p>{escape(footer)}</p></body></html>\n'
    )
