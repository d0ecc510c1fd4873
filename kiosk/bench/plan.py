"""What is measured, how much of it, and what it has to reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sizes:
    """How much work each part does; the targets are meant for these."""

    alone: int = 300
    """Tickets taken by one client."""
    together: int = 2_000
    """Tickets taken by eight clients, and tickets called by eight counters."""
    clients: int = 8
    boards: int = 50
    live_calls: int = 250
    live_pause: float = 0.15
    """Seconds between two calls while boards watch."""
    wall: int = 300
    """Boards, counters and small screens of a large centre."""
    wall_calls: int = 150
    papers: int = 10
    memory_tickets: int = 10_000
    boots: int = 5
    toggles: int = 50
    """Times a plugin is switched off, and times it is switched on."""
    menus: int = 200
    fees: int = 50
    """Times each procedure's fee is reckoned."""
    invented: int = 2_000
    """Procedures that are searched."""
    queries: int = 200
    phones: int = 60
    looks: int = 6_000
    """Questions of phones, all in all."""
    drawings: int = 400
    """Tickets drawn and packed."""
    presses: int = 25
    """Presses at each kiosk, once with all printers well and once beside a dead one."""
    spoken: int = 200
    """Calls fetched as sound, in both languages."""
    crowd: int = 5_000
    """People waiting at once while a counter decides whom to call."""
    decisions: int = 300
    """Decisions under each way of calling."""
    notices: int = 1_500
    """Notices of eight messengers, each of another request."""
    watched: int = 150
    """Notices watched at a counter, one after the other."""
    codes: int = 200
    statement_lines: int = 20_000
    scans: int = 300
    listed: int = 500
    """Parcels on the manifest that is printed."""
    carried: int = 2_000
    """Parcels the post tells of, five pieces of news each."""
    visitors: int = 1_500
    """Visitors of the day that is replayed."""


@dataclass(frozen=True)
class Target:
    """A figure and its limit: at most (≤) or at least (≥)."""

    part: str
    key: str
    sign: str
    limit: float
    unit: str
    words: str

    def met(self, value: float) -> bool:
        """Whether a measured value is good enough."""
        return value <= self.limit if self.sign == "≤" else value >= self.limit

    def miss(self, value: float) -> str:
        """By how much a value misses."""
        return f"{abs(value - self.limit):.4g} {self.unit} {'over' if self.sign == '≤' else 'short'}".replace(
            "  ", " "
        )


TARGETS = (
    Target("issue", "alone_p50_ms", "≤", 10, "ms", "issue, 1 client: half within"),
    Target("issue", "together_per_second", "≥", 300, "tickets/s", "issue, 8 clients: rate"),
    Target("issue", "together_p95_ms", "≤", 40, "ms", "issue, 8 clients: 95 % within"),
    Target("issue", "duplicates", "≤", 0, "numbers", "numbers given twice"),
    Target("issue", "gaps", "≤", 0, "numbers", "numbers left out"),
    Target("call", "per_second", "≥", 250, "calls/s", "call next, 8 counters: rate"),
    Target("call", "p95_ms", "≤", 40, "ms", "call next, 8 counters: 95 % within"),
    Target("call", "called_twice", "≤", 0, "tickets", "tickets called twice"),
    Target("call", "inversions", "≤", 0, "tickets", "tickets called before an earlier one"),
    Target(
        "live", "press_to_last_board_p50_ms", "≤", 15, "ms", "press to the last of 50 boards: half within"
    ),
    Target(
        "live", "press_to_last_board_p99_ms", "≤", 60, "ms", "press to the last of 50 boards: 99 % within"
    ),
    Target("live", "lost", "≤", 0, "events", "calls a board did not hear of"),
    Target(
        "wall", "press_to_last_board_p99_ms", "≤", 100, "ms", "press to the last of 300 boards: 99 % within"
    ),
    Target("wall", "lost", "≤", 0, "events", "calls one of 300 boards did not hear of"),
    Target("follow", "per_second", "≥", 800, "answers/s", "phones that follow, while counters call: rate"),
    Target("follow", "server_ms", "≤", 2, "ms", "server time of one answer"),
    Target("follow", "unchanged_percent", "≥", 99, "%", "answers without a body, as nothing changed"),
    Target("memory", "rss_mb", "≤", 350, "MB", "resident memory after 10,000 tickets"),
    Target("memory", "growth_mb", "≤", 5, "MB", "its growth over the second 5,000"),
    Target("plugins", "load_s", "≤", 2.5, "s", "all plugins loaded in a fresh process"),
    Target("plugins", "ready_s", "≤", 2.5, "s", "server with all plugins started and healthy"),
    Target("plugins", "stale", "≤", 0, "answers", "stale answers after a plugin was switched"),
    Target("plugins", "toggles_unasked", "≤", 0, "toggles", "switches not asked of every server process"),
    Target("plugins", "menu_p50_ms", "≤", 30, "ms", "kiosk menu, every department: half within"),
    Target("plugins", "page_p50_ms", "≤", 30, "ms", "kiosk page, every department: half within"),
    Target("plugins", "fee_p50_ms", "≤", 1, "ms", "a procedure's fee: half within"),
    Target("plugins", "fee_worst_p50_ms", "≤", 1, "ms", "the slowest procedure's fee: half within"),
    Target("plugins", "search_p50_ms", "≤", 20, "ms", "search among 2,000 procedures: half within"),
    Target("plugins", "search_p95_ms", "≤", 20, "ms", "search among 2,000 procedures: 95 % within"),
    Target("printing", "draw_p50_ms", "≤", 12, "ms", "a ticket drawn and packed: half within"),
    Target("printing", "largest_kb", "≤", 20, "KB", "the largest ordinary ticket for 80 mm"),
    Target(
        "printing",
        "press_to_last_byte_p95_ms",
        "≤",
        120,
        "ms",
        "press to the last byte, 8 kiosks: 95 % within",
    ),
    Target(
        "printing", "beside_a_dead_one_p95_ms", "≤", 120, "ms", "the same beside a dead printer: 95 % within"
    ),
    Target("printing", "lost", "≤", 0, "papers", "papers that never came"),
    Target("voice", "ready_p95_ms", "≤", 50, "ms", "a call as sound, after the call: 95 % within"),
    Target("hall", "decide_worst_p95_ms", "≤", 5, "ms", "whom to call among 5,000, any rule: 95 % within"),
    Target("hall", "replay_s", "≤", 2, "s", "a day of 1,500 visitors replayed under other rules"),
    Target("post", "scan_p95_ms", "≤", 100, "ms", "scan to dossier on screen: 95 % within"),
    Target("post", "manifest_pdf_s", "≤", 3, "s", "a manifest of 500 parcels as PDF"),
    Target("post", "news_s", "≤", 5, "s", "10,000 rows of statuses, upload to last row"),
    Target("money", "code_p95_ms", "≤", 3, "ms", "a VietQR code and its picture: 95 % within"),
    Target("money", "notices_per_second", "≥", 200, "notices/s", "signed notices, each credited: rate"),
    Target("money", "notice_to_screen_p95_ms", "≤", 150, "ms", "notice to the counter's screen: 95 % within"),
    Target("money", "unseen", "≤", 0, "notices", "notices a counter did not hear of"),
    Target("money", "statement_s", "≤", 5, "s", "a statement of 20,000 lines, upload to last line"),
    Target("voice", "silent", "≤", 0, "calls", "calls without a sound"),
)


def judge(figures: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Every target of the parts that were measured, with what was measured and by how much it misses."""
    return [
        {
            "part": target.part,
            "figure": target.key,
            "words": target.words,
            "target": f"{target.sign} {target.limit:g} {target.unit}",
            "measured": figures[target.part][target.key],
            "ok": (ok := target.met(figures[target.part][target.key])),
            "misses_by": "" if ok else target.miss(figures[target.part][target.key]),
        }
        for target in TARGETS
        if target.part in figures
    ]
