"""The papers that officers hand out: which forms hold on a day, their facts, and how dates and sums are worded."""

from __future__ import annotations

from kiosk.domain.papers.editions import (
    CIRCULARS,
    EDITION_2025_FROM,
    Edition,
    Form,
    Heading,
    edition_on,
    heading,
)
from kiosk.domain.papers.facts import (
    ApologySlip,
    ControlSlip,
    HandOver,
    Head,
    Missing,
    Party,
    ReceiptSlip,
    RefusalSlip,
    SecondStage,
    Sheet,
    StopNotice,
    SupplementSlip,
)
from kiosk.domain.papers.register import Register, RegisterRow

Paper = ReceiptSlip | SupplementSlip | RefusalSlip | ApologySlip | StopNotice | ControlSlip | Register

__all__ = [
    "CIRCULARS",
    "EDITION_2025_FROM",
    "ApologySlip",
    "ControlSlip",
    "Edition",
    "Form",
    "HandOver",
    "Head",
    "Heading",
    "Missing",
    "Paper",
    "Party",
    "ReceiptSlip",
    "RefusalSlip",
    "Register",
    "RegisterRow",
    "SecondStage",
    "Sheet",
    "StopNotice",
    "SupplementSlip",
    "edition_on",
    "heading",
]
