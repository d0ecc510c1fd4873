"""Commands that read the log: reports and the proof of its chain."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import click

from kiosk import clock
from kiosk.cli.opening import DAY, open_database


@click.command()
@click.argument("name", type=click.Choice(["period-summary"]))
@click.option("--office", "office_key", required=True, help="Office key.")
@click.option("--from", "first", type=DAY, required=True, help="First day, YYYY-MM-DD.")
@click.option("--to", "last", type=DAY, required=True, help="Last day, YYYY-MM-DD.")
@click.option(
    "--as-of", type=click.DateTime(), help="Only what was entered by then (UTC); now when left out."
)
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
def report(
    name: str, office_key: str, first: datetime, last: datetime, as_of: datetime | None, form: str
) -> None:
    """Compute a report from the log and write it to standard output."""
    from kiosk.plugin import gate
    from kiosk.reports.csv_export import to_csv
    from kiosk.reports.period_summary import period_summary
    from kiosk.services import look

    open_database(migrated=True)
    now = clock.now()
    moment = as_of.replace(tzinfo=UTC) if as_of else now
    place = look.office_by_key(office_key)
    summary = period_summary(place["id"], first.date(), last.date(), moment, now=now)
    titles = {key: department.title for key, department in gate.departments().items()}
    if form == "csv":
        sys.stdout.buffer.write(to_csv(summary, titles))
        return
    click.echo(json.dumps(summary.to_json(titles), ensure_ascii=False, indent=2))


@click.command("verify-log")
@click.option("--office", "office_key", help="Only this office; all when left out.")
def verify_log(office_key: str | None) -> None:
    """Recompute the hash chain of the journal; exits 1 at the first entry that does not hold."""
    from kiosk.services import look
    from kiosk.services.verify_log import verify_office

    open_database(migrated=True)
    places = [look.office_by_key(office_key)] if office_key else look.offices()
    broken = False
    for place in places:
        found = verify_office(place["id"])
        broken = broken or found.broken is not None
        if found.broken is None:
            click.echo(f"{place['key']}: {found.entries} entries, chain holds, head {found.head[:16]}")
        else:
            click.echo(f"{place['key']}: entry {found.broken.seq} {found.broken.reason}", err=True)
    if broken:
        sys.exit(1)
