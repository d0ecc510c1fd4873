"""`kiosk vietcombank-qr`: brought by the hook `cli_commands`, at work without a database or an office."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image

from kiosk.cli import main

PAYLOAD = (
    "00020101021238540010A00000072701240006970436011010319334300208QRIBFTTA530370454061350005802VN630443CC"
)


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with neither data nor settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIOSK_DATA", str(tmp_path / "none"))


def run(*arguments: str, read: str = "") -> Result:
    return CliRunner().invoke(main, ["vietcombank-qr", *arguments], input=read)


def test_a_payload_is_made_and_read() -> None:
    made = run("encode", "--account", "1031933430", "--amount", "135000")
    assert (made.exit_code, made.output) == (0, PAYLOAD + "\n")
    read = run("decode", PAYLOAD, "--json")
    assert read.exit_code == 0
    assert json.loads(read.output) == {
        "valid": True, "poi": "12", "bin": "970436", "account": "1031933430", "amount": 135000, "purpose": "",
        "bill": "", "reference": "", "terminal": "", "service": "QRIBFTTA", "currency": "704", "country": "VN",
    }  # fmt: skip
    assert run("decode", "-", read=PAYLOAD + "\n").exit_code == 0


def test_a_scanner_reads_the_picture(tmp_path: Path) -> None:
    picture = tmp_path / "fee.png"
    made = run(
        "encode",
        "--account",
        "1031933430",
        "--amount",
        "31160",
        "--purpose",
        "BGPH 7K3Q2MX",
        "--png",
        str(picture),
    )
    assert [code.text for code in zxingcpp.read_barcodes(Image.open(picture))] == [made.output.strip()]


def test_a_wrong_payload_ends_in_1_and_its_reason() -> None:
    refused = run("decode", PAYLOAD[:-1] + "D", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.output)["error"]["code"] == "crc_wrong"
    spoken = run("decode", PAYLOAD[:-1] + "D")
    assert (spoken.exit_code, spoken.stdout) == (1, "")
    assert "crc_wrong" in spoken.stderr
    nothing = run("encode", "--account", "1031933430", "--amount", "0")
    assert (nothing.exit_code, "amount_malformed" in nothing.stderr) == (1, True)


def test_the_help_names_it() -> None:
    assert "vietcombank-qr" in CliRunner().invoke(main, ["--help"]).output
    assert CliRunner().invoke(main, ["vietcombank-qr"]).exit_code == 2
    assert CliRunner().invoke(main, ["no-such-plugin"]).exit_code == 2
