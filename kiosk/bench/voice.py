"""How soon a call can be heard: the WAV of the call that was just made, fetched as a board fetches it."""

from __future__ import annotations

import uuid
from typing import Any

from kiosk import clock, database
from kiosk.bench.place import Place
from kiosk.bench.plan import Sizes
from kiosk.bench.wire import Wire, expect, get, milliseconds, post
from kiosk.services.voice_packs import prepare_voices

LANGUAGES = ("vi", "en")
HEADER_BYTES = 44
BYTES_A_SECOND = 44_100


def voice(place: Place, sizes: Sizes, progress: Any) -> dict[str, Any]:
    """One counter calls, and a board asks at once for the call in Vietnamese and then in English."""
    with database.connection():
        prepare_voices(clock.now())  # the worker does so when it starts; here nobody waits for it
    kiosk = {"Authorization": f"Bearer {place.kiosks[0]}"}
    officer = {"Cookie": f"kiosk_session={place.sessions[0]}"}
    board = {"Authorization": f"Bearer {place.board}"}
    wire = Wire(place.port)
    took: dict[str, list[float]] = {language: [] for language in LANGUAGES}
    silent = heard = 0
    for n in range(sizes.spoken):
        expect(wire.ask(post("/api/v1/tickets", {"line": place.line}, kiosk)), 201)
        fresh = {**officer, "Idempotency-Key": str(uuid.uuid4())}
        called = wire.ask(post(f"/api/v1/counters/{place.counters[0]}/next", {"finish": True}, fresh))
        expect(called, 200)
        for language in LANGUAGES:
            path = f"/api/v1/voice/calls/{called.json()['id']}?language={language}"
            answer = wire.ask(get(path, board))
            silent += answer.status == 204
            heard += max(0, len(answer.body) - HEADER_BYTES)
            took[language].append(answer.seconds)
        progress("voice, calls spoken", n + 1, sizes.spoken)
    wire.close()
    every = [seconds for each in took.values() for seconds in each]
    return {
        "calls": sizes.spoken,
        "silent": silent,
        "clip_seconds": round(heard / BYTES_A_SECOND / len(every), 2),
        **{f"ready_{language}_p50_ms": milliseconds(took[language], 0.50) for language in LANGUAGES},
        "ready_p50_ms": milliseconds(every, 0.50),
        "ready_p95_ms": milliseconds(every, 0.95),
        "ready_p99_ms": milliseconds(every, 0.99),
        "ready_max_ms": milliseconds(every, 1.0),
    }
