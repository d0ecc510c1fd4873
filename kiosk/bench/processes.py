"""What the kernel says of our processes: memory, processor time, connections (Linux, /proc)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
KILOBYTES_IN_MEGABYTE = 1024
ESTABLISHED = "01"


@dataclass(frozen=True)
class Usage:
    """Megabytes and seconds of a set of processes; `rss` counts a shared page in each process, `pss` once."""

    rss: float
    pss: float
    cpu: float


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


def holders(pids: Collection[int], port: int) -> dict[int, int]:
    """Which of these processes holds each accepted connection to a local port, by the other end's port."""
    sockets: dict[str, int] = {}
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed while we look
                sockets[str(link.readlink())] = pid
    held = {}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        # proc(5): number, our address:port, theirs (ports in hexadecimal), state; the inode is the tenth field.
        fields = line.split()
        ours, theirs = (int(address.rpartition(":")[2], 16) for address in fields[1:3])
        socket = f"socket:[{fields[9]}]"
        if ours == port and fields[3] == ESTABLISHED and socket in sockets:
            held[theirs] = sockets[socket]
    return held


def usage(pids: list[int]) -> Usage:
    """What these processes hold and have used since they began."""
    return Usage(
        round(sum(_kilobytes(pid, "status", "VmRSS:") for pid in pids) / KILOBYTES_IN_MEGABYTE, 1),
        round(sum(_kilobytes(pid, "smaps_rollup", "Pss:") for pid in pids) / KILOBYTES_IN_MEGABYTE, 1),
        sum(_cpu_seconds(pid) for pid in pids),
    )


def _kilobytes(pid: int, file: str, name: str) -> int:
    for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0


def _cpu_seconds(pid: int) -> float:
    # proc(5): the command in brackets may hold spaces; utime and stime are the 12th and 13th fields after it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
