"""Letters: what stands in them, and what the server's answers mean."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from kiosk.plugin import NotificationChannel, Rejected, Retry, Sent
from tests.api.desk import house
from tests.notify.conftest import mail_settings
from tests.notify.fakes import MailFake

ADDRESS = "dan@vi-du.test"


def channel(port: int, **values: object) -> NotificationChannel:
    settings = {
        "username": "",
        "password": None,
        "sender_name": "Bộ phận Một cửa",
        **mail_settings(port),
        **values,
    }
    (answer,) = house().call("email_notices", "notification_channels", {"office": 1}, settings).value
    return answer


def test_a_letter_says_it_in_text_and_in_html(mail: MailFake, notice) -> None:
    told = notice()
    assert channel(mail.port).send(told, ADDRESS) == Sent(told.id)
    ((sender, recipient, content),) = mail.letters
    assert "motcua@tinh.test" in sender
    assert ADDRESS in recipient
    letter = message_from_bytes(content, policy=policy.default)
    assert letter["Message-ID"] == f"<{told.id}@tinh.test>"
    assert letter["Subject"] == "Số T012: mời đến quầy – Trung tâm Phục vụ hành chính công"
    assert str(letter["From"]) == "Bộ phận Một cửa <motcua@tinh.test>"
    assert letter["Auto-Submitted"] == "auto-generated"
    text = letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith(f"Mời quý vị có số T012 đến quầy số 3.\n{told.follow_url}\n")
    page = letter.get_body(("html",)).get_content()
    assert f'<a href="{told.follow_url}">' in page
    assert '<html lang="vi">' in page


def test_what_a_centre_calls_itself_is_no_html(mail: MailFake, notice) -> None:
    channel(mail.port).send(notice(office="A <b>&</b> B"), ADDRESS)
    letter = message_from_bytes(mail.letters[0][2], policy=policy.default)
    assert "<b>" not in letter.get_body(("html",)).get_content()


def test_every_try_has_one_message_id(mail: MailFake, notice) -> None:
    mail.answers["END"] = ["451 later"]
    with pytest.raises(Retry, match="server_busy"):
        channel(mail.port).send(notice(), ADDRESS)
    channel(mail.port).send(notice(), ADDRESS)
    ids = [message_from_bytes(content)["Message-ID"] for _, _, content in mail.letters]
    assert len(ids) == 2
    assert len(set(ids)) == 1


@pytest.mark.parametrize(
    ("verb", "reply", "outcome"),
    [
        ("RCPT", f"550 no such user {ADDRESS}", Rejected("address_refused")),
        ("RCPT", "450 greylisted", Retry("server_busy")),
        ("MAIL", "550 not you", Retry("sender_refused")),
        ("DATA", "554 no", Rejected("message_refused")),
        ("END", "554 spam", Rejected("message_refused")),
        ("END", "421 closing", Retry("server_busy")),
    ],
)
def test_every_answer_means_one_thing(mail: MailFake, notice, verb: str, reply: str, outcome) -> None:
    mail.answers[verb] = [reply]
    with pytest.raises(type(outcome)) as caught:
        channel(mail.port).send(notice(), ADDRESS)
    assert caught.value.code == outcome.code
    assert ADDRESS not in repr(caught.value)
    assert caught.value.__suppress_context__


def test_a_server_without_encryption_gets_no_letter_and_no_password(mail: MailFake, notice) -> None:
    with pytest.raises(Retry, match="smtp_no_encryption"):
        channel(mail.port, security="starttls", username="motcua", password="pw").send(notice(), ADDRESS)
    assert mail.letters == []
    assert "AUTH" not in mail.verbs
    with pytest.raises(Retry, match="smtp_no_encryption"):
        channel(mail.port, host="mail.example", security="none").send(notice(), ADDRESS)


def test_a_password_that_is_wrong_is_the_admins_to_mend(mail: MailFake, notice) -> None:
    mail.extensions = ["AUTH PLAIN"]
    mail.answers["AUTH"] = ["535 wrong"]
    with pytest.raises(Retry, match="sign_in_refused") as caught:
        channel(mail.port, username="motcua", password="wrong").send(notice(), ADDRESS)
    assert caught.value.after == 60


def test_a_server_that_is_not_there(notice) -> None:
    with pytest.raises(Retry, match="unreachable"):
        channel(1).send(notice(), ADDRESS)


def test_check_settings_names_the_field() -> None:
    def complaint(**values: object) -> list[str]:
        settings = mail_settings(25) | values
        return list(house().call("email_notices", "check_settings", {"values": settings}, {}).value or {})

    assert complaint() == []
    assert complaint(sender="motcua") == ["sender"]
    assert complaint(host="mail.example") == ["security"]
    assert complaint(host="mail.example", security="starttls") == []
