"""The demo's printer page: papers and switches in the demo, nothing at all anywhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from peewee import Database
from PIL import Image

from kiosk.devices.faults import PrinterFaults
from kiosk.views.demo_printer import FAULTS
from tests.api.desk import Clock, Desk, build, opened_app

PAGE = "/demo/printer"


@pytest.fixture
def demo(sqlite_database: Database, data_dir: Path, noon: datetime) -> Iterator[Flask]:
    """The app as the demo runs it, with two virtual printers; one paper lies in the first one's tray."""
    trays = [data_dir / "printer", data_dir / "printer-2"]
    for tray in trays:
        tray.mkdir()
    drop(trays[0], 1, "T001 Sở Tư pháp")
    facts = [
        {"name": "Máy in 01", "output_dir": str(trays[0])},
        {
            "name": "Máy in 02",
            "output_dir": str(trays[1]),
            "control": str(data_dir / "printer-2-control.json"),
        },
    ]
    (data_dir / "demo.json").write_text(json.dumps({"printers": facts}), encoding="utf-8")
    with opened_app(sqlite_database, data_dir, Clock(noon), demo=True) as app:
        build(noon)
        yield app


def drop(tray: Path, number: int, words: str) -> None:
    Image.new("1", (576, 40), 1).save(tray / f"{number:04}.png")
    (tray / f"{number:04}.txt").write_text(
        f"paper: {number:04}\n\n[text]\n{words}\n\n[commands]\ncut\n", "utf-8"
    )


def switch(client: FlaskClient, printer: int, fault: str) -> int:
    """Press a switch as the page does, with its form's token."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(PAGE).text)
    assert token is not None
    answer = client.post(f"{PAGE}/{printer}", data={"csrf_token": token[1], "fault": fault})
    return answer.status_code


def state_of(data: Path, name: str = "printer-control.json") -> dict[str, object]:
    return json.loads((data / name).read_text(encoding="utf-8"))


def test_a_switch_turns_a_fault_on_and_off(demo: Flask, data_dir: Path) -> None:
    client = demo.test_client()
    assert switch(client, 1, "paper_out") == 303
    assert switch(client, 1, "late_by") == 303
    assert state_of(data_dir) == {"paper_out": True, "late_by": 3.0}
    assert re.search(r'value="paper_out" aria-pressed="true"', client.get(PAGE).text)
    assert switch(client, 1, "paper_out") == 303
    assert state_of(data_dir) == {"late_by": 3.0}
    assert switch(client, 1, "") == 303
    assert state_of(data_dir) == {}
    assert list(data_dir.glob("*.tmp")) == []


def test_each_printer_has_its_own_switches(demo: Flask, data_dir: Path) -> None:
    assert switch(demo.test_client(), 2, "cover_open") == 303
    assert state_of(data_dir, "printer-2-control.json") == {"cover_open": True}
    assert not (data_dir / "printer-control.json").exists()


@pytest.mark.parametrize("fault", FAULTS)
def test_the_virtual_printer_understands_every_switch(demo: Flask, data_dir: Path, fault: str) -> None:
    assert switch(demo.test_client(), 1, fault) == 303
    faults = PrinterFaults()
    faults.apply(state_of(data_dir))
    assert getattr(faults, fault)


def test_every_switch_is_on_the_page(demo: Flask) -> None:
    shown = set(re.findall(r'name="fault" value="(\w+)"', demo.test_client().get(PAGE).text))
    assert shown == set(FAULTS)


def test_papers_are_shown_newest_first_and_read_aloud(demo: Flask, data_dir: Path) -> None:
    for number in range(2, 9):
        drop(data_dir / "printer", number, f"T{number:03} Sở Tư pháp")
    client = demo.test_client()
    shown = re.findall(r'alt="Phiếu (\d+): (T\d+)', client.get(PAGE).text)
    assert shown == [(str(n), f"T{n:03}") for n in range(8, 2, -1)]
    picture = client.get(f"{PAGE}/1/papers/8.png")
    assert picture.mimetype == "image/png"
    assert picture.data == (data_dir / "printer" / "0008.png").read_bytes()


def test_what_is_not_there_is_not_found(demo: Flask, data_dir: Path) -> None:
    client = demo.test_client()
    for path in (f"{PAGE}/3/papers/1.png", f"{PAGE}/1/papers/99.png", f"{PAGE}/0/papers/1.png"):
        assert client.get(path).status_code == 404, path
    assert switch(client, 7, "paper_out") == 404
    assert switch(client, 1, "on_fire") == 422
    assert not (data_dir / "printer-control.json").exists()


def test_a_form_without_its_token_changes_nothing(demo: Flask, data_dir: Path) -> None:
    assert demo.test_client().post(f"{PAGE}/1", data={"fault": "paper_out"}).status_code == 400
    assert not (data_dir / "printer-control.json").exists()


@pytest.mark.parametrize("content", [None, "not json", "[1, 2]"])
def test_a_control_file_of_any_kind_is_survived(demo: Flask, data_dir: Path, content: str | None) -> None:
    if content is not None:
        (data_dir / "printer-control.json").write_text(content, encoding="utf-8")
    assert "Chạy bình thường" in demo.test_client().get(PAGE).text


def test_outside_the_demo_there_is_no_such_page(sqlite_desk: Desk) -> None:
    client = sqlite_desk.app.test_client()
    (sqlite_desk.data / "demo.json").write_text(json.dumps({"printers": [{"name": "x", "output_dir": "/"}]}))
    sqlite_desk.app.config["WTF_CSRF_ENABLED"] = False
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}/1/papers/1.png").status_code == 404
    assert client.post(f"{PAGE}/1", data={"fault": "paper_out"}).status_code == 404
    assert PAGE not in client.get("/").text
