"""Printer models, by the schema their loader uses."""

from __future__ import annotations

from kiosk.devices.models import load_model
from kiosk.devices.yaml_file import ModelFileError
from kiosk.firmware.checks.problem import Problem, Subject, Tools


def check(subject: Subject, _: Tools) -> list[Problem]:
    """One model's file."""
    try:
        load_model(subject.path)
    except ModelFileError as error:
        return [subject.problem(error.key, error.reason)]
    return []
