"""An office at work, shared by the stories of this folder."""

from tests.services.test_stories import story

__all__ = ["story"]
