"""Commands about offices and their staff."""

from __future__ import annotations

import click

from kiosk import clock
from kiosk.cli.opening import open_database


@click.group()
def office() -> None:
    """Offices of this installation."""


@office.command("add")
@click.argument("key")
@click.argument("title")
@click.option("--subtitle", default="", help="Second line, such as the province.")
@click.option("--agency", default="H02", show_default=True, help="Agency code in dossier codes.")
@click.option("--code-form", type=click.Choice(["tt01", "qd20"]), default="tt01", show_default=True)
def office_add(key: str, title: str, subtitle: str, agency: str, code_form: str) -> None:
    """Found an office, named KEY in addresses and commands."""
    from kiosk.services.set_up_office import set_up_office

    open_database()
    set_up_office(key, title, clock.now(), subtitle=subtitle, agency=agency, code_form=code_form)
    click.echo(f"office {key} added")


@click.group()
def user() -> None:
    """Accounts of the staff."""


@user.command("add")
@click.argument("username")
@click.option("--office", "office_key", required=True, help="Office key.")
@click.option("--name", "display_name", required=True, help="Name as staff see it.")
@click.option(
    "--role", type=click.Choice(["officer", "manager", "admin"]), default="admin", show_default=True
)
@click.password_option(help="At least 10 characters; asked for when left out.")
def user_add(username: str, office_key: str, display_name: str, role: str, password: str) -> None:
    """Add an account; the first admin of an installation is made here, there is no default password."""
    from kiosk.services import look, manage_users

    open_database()
    place = look.office_by_key(office_key)
    manage_users.add_user(
        place["id"], username, display_name, role, clock.now(), "system:cli", password=password
    )
    click.echo(f"user {username} added")
