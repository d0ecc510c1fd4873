"""A past day of the hall under other rules, before they are switched on."""

from kiosk.services.replay.read_day import days_with_visitors, default_day, read_day
from kiosk.services.replay.trial import rules_in_force, try_rules

__all__ = ["days_with_visitors", "default_day", "read_day", "rules_in_force", "try_rules"]
