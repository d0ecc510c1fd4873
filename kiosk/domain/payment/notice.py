"""The refusal of a bank messenger's notice."""

from __future__ import annotations

from kiosk.domain.errors import DomainError

REFUSED_STATUS = {"body_too_large": 413, "content_type_wrong": 415, "body_malformed": 400}
UNPROVEN = frozenset(
    {"signature_missing", "signature_wrong", "timestamp_malformed", "timestamp_old", "timestamp_ahead"}
)
"""The sender did not prove who it is: nothing it says is kept, not even that it called."""


class NoticeRefused(DomainError):
    """A notice that is not taken; `code` says why, `path` which field of the body where one is to blame.

    Neither repeats anything of the body.
    """

    def __init__(self, code: str, path: str = "") -> None:
        super().__init__(code, **({"path": path} if path else {}))
        self.path = path

    @property
    def http_status(self) -> int:
        """401 for a sender who is not believed, else what says best what is wrong."""
        return 401 if self.code in UNPROVEN else REFUSED_STATUS.get(self.code, 422)
