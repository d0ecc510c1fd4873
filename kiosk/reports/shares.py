"""The percentages of the period summary, each with the base it is taken over.

The same claim is published over several bases (49 % online is true over what came in during the period, 48 % over
everything received), so a percentage never stands without the name of its denominator.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

from kiosk.domain.counting import Counts, Share

RECEIVED = ("received", "tổng số hồ sơ tiếp nhận")
IN_PERIOD = ("in_period", "hồ sơ tiếp nhận trong kỳ")
RESOLVED = ("resolved", "hồ sơ đã giải quyết")


@dataclass(frozen=True)
class ShareRule:
    """Which figures make a share; `parts` are summed, `base` is (figure, Vietnamese name)."""

    name: str
    title: str
    parts: tuple[str, ...]
    base: tuple[str, str]

    def of(self, counts: Counts) -> Share:
        """The share in these counts."""
        figure, base_name = self.base
        return Share(
            self.name,
            sum(attrgetter(part)(counts) for part in self.parts),
            attrgetter(figure)(counts),
            base_name,
        )


SHARES = (
    ShareRule("early_of_resolved", "Giải quyết trước hạn", ("early",), RESOLVED),
    ShareRule("on_time_of_resolved", "Giải quyết đúng hạn", ("on_time",), RESOLVED),
    ShareRule("late_of_resolved", "Giải quyết quá hạn", ("late",), RESOLVED),
    # NĐ 61/2018 Đ.30.2.c takes the on-time rate over everything received.
    ShareRule("by_deadline_of_received", "Giải quyết trước và đúng hạn", ("early", "on_time"), RECEIVED),
    ShareRule("in_progress_of_received", "Đang giải quyết", ("in_progress",), RECEIVED),
    ShareRule(
        "online_of_in_period", "Tiếp nhận trực tuyến, trên số trong kỳ", ("in_period_online",), IN_PERIOD
    ),
    ShareRule("online_of_received", "Tiếp nhận trực tuyến, trên tổng số", ("in_period_online",), RECEIVED),
    ShareRule("bcci_of_received", "Tiếp nhận, trả kết quả qua BCCI", ("post_total",), RECEIVED),
)
