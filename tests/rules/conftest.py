"""The app before a full town hall, and an office at work."""

from tests.api.conftest import desk, sqlite_desk
from tests.services.test_stories import story

__all__ = ["desk", "sqlite_desk", "story"]
