"""Tables of a plugin's own: named `plugin_<name>_…`, made by its migrations, bound to the installation's database.

Every statement is a change of its own: what has to be true together is said in one UPDATE and its WHERE.
"""

from __future__ import annotations

from kiosk.models.base import JsonField, MomentField
from kiosk.models.base import Row as PluginRow

__all__ = ["JsonField", "MomentField", "PluginRow"]
