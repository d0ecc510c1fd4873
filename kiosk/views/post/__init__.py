"""The postal desk's pages: scanning, parcels, manifests, handover records, the post's news, money and figures."""

from kiosk.views.post import desk, figures, handovers, manifests, news, numbers, parcels
from kiosk.views.post.common import blueprint

__all__ = ["blueprint", "desk", "figures", "handovers", "manifests", "news", "numbers", "parcels"]
