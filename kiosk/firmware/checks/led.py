"""Settings of LED displays, by the schema of their drivers."""

from __future__ import annotations

from kiosk.devices.displays.options import read_options
from kiosk.devices.yaml_file import ModelFileError, read_yaml
from kiosk.domain.errors import DomainError
from kiosk.firmware.checks.problem import Problem, Subject, Tools


def check(subject: Subject, _: Tools) -> list[Problem]:
    """One display's settings."""
    try:
        read_options(read_yaml(subject.path))
    except ModelFileError as error:
        return [subject.problem(error.key, error.reason)]
    except DomainError as error:
        return [
            subject.problem(str(error.fields.get("field", "")), str(error.fields.get("reason", error.code)))
        ]
    return []
