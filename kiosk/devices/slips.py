"""From the facts kept in a print job to the bytes of its paper: what every spooler prints from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.devices.encoding import (
    EncodedJob,
    encode_label,
    encode_money,
    encode_slip,
    encode_test_pattern,
)
from kiosk.devices.models import PrinterModel
from kiosk.domain.label import label_from_json
from kiosk.domain.money_slip import money_slip_from_json
from kiosk.domain.slips import slip_from_json, test_from_json

TEST = "test"
MONEY = "money"
LABEL = "label"


def encode_job(
    kind: str,
    facts: dict[str, Any],
    repeat: int,
    model: PrinterModel,
    dots: int | None = None,
    slow_line: bool = False,
) -> EncodedJob:
    """Return the bytes of a paper for this model; `repeat` counts the copies that may be out already.

    Raises KeyError, TypeError or ValueError for facts that are not those of a paper.
    """
    if kind == TEST:
        return encode_test_pattern(model, test_from_json(facts), slow_line=slow_line, dots=dots)
    if kind == MONEY:
        paper = replace(money_slip_from_json(facts), repeat=repeat)
        return encode_money(paper, model, slow_line=slow_line, dots=dots)
    if kind == LABEL:
        label = replace(label_from_json(facts), repeat=repeat)
        return encode_label(label, model, slow_line=slow_line, dots=dots)
    slip = replace(slip_from_json(facts), repeat=repeat)
    return encode_slip(slip, model, slow_line=slow_line, dots=dots)
