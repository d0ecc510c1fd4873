"""The tokens of each office, as Zalo gave them last."""

from __future__ import annotations

from peewee import CharField, IntegerField, TextField

from kiosk.plugin.rows import MomentField, PluginRow


class ZaloToken(PluginRow):
    """One office's tokens. `seed` tells which refresh token of the settings they come from, without being it.

    `version` grows with every renewal; `claimed_at` says since when somebody is at it.
    """

    office = IntegerField(primary_key=True)
    seed = CharField(max_length=64)
    access = TextField(default="")
    refresh = TextField()
    expires_at = MomentField()
    version = IntegerField(default=0)
    claimed_at = MomentField(null=True)

    class Meta:
        """A table of the plugin's own."""

        table_name = "plugin_zalo_oa_token"
