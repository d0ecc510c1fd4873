"""The voices of an office: what the centre recorded, and the synthetic one that is made once and kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from kiosk.database import bookkeeping, office_transaction
from kiosk.domain.errors import Unavailable
from kiosk.domain.events import VoiceChanged
from kiosk.domain.hall import HallSettings
from kiosk.domain.speech import LANGUAGES, all_pieces
from kiosk.models import Office, VoiceClip
from kiosk.services.announce import announce
from kiosk.voice import espeak
from kiosk.voice.wav import samples_of, to_wav

log = logging.getLogger(__name__)

ESPEAK, CENTRE = "espeak", "centre"
PACKS = (ESPEAK, CENTRE)
REST = timedelta(minutes=10)
"""After the synthetic voice failed, nobody asks it again for so long: a board would wait at every call."""


def pack_name(pack: str, language: str) -> str:
    """How the clips of a pack are filed: "centre-vi"."""
    return f"{pack}-{language}"


def pieces_in(office_id: int, pack: str, language: str) -> set[str]:
    """The names of what a pack holds."""
    kept = _clips(office_id, pack, language)
    return {name for (name,) in VoiceClip.select(VoiceClip.piece).where(kept).tuples()}


def samples(office_id: int, pack: str, language: str, names: set[str]) -> dict[str, bytes]:
    """The samples of the named pieces, as far as the pack holds them."""
    rows = VoiceClip.select(VoiceClip.piece, VoiceClip.wav).where(
        _clips(office_id, pack, language) & (VoiceClip.piece << names)
    )
    return {name: samples_of(bytes(wav)) for name, wav in rows.tuples()}


def _clips(office_id: int, pack: str, language: str) -> object:
    return (VoiceClip.office == office_id) & (VoiceClip.pack == pack_name(pack, language))


def keep(
    office_id: int, language: str, sounds: Mapping[str, bytes], now: datetime, actor: str, pack: str = CENTRE
) -> None:
    """File the samples of named pieces, in place of what was there."""
    if not sounds:
        return
    name = pack_name(pack, language)
    with office_transaction(office_id, now, actor) as transaction:
        _replace(office_id, name, sounds, now)
        announce(transaction, VoiceChanged(pack=name, pieces=len(sounds)))


def drop(office_id: int, language: str, pieces: set[str], now: datetime, actor: str) -> None:
    """Forget pieces of the centre's own voice."""
    name = pack_name(CENTRE, language)
    with office_transaction(office_id, now, actor) as transaction:
        gone = (
            VoiceClip.delete()
            .where(_clips(office_id, CENTRE, language) & (VoiceClip.piece << pieces))
            .execute()
        )
        if gone:
            announce(transaction, VoiceChanged(pack=name, pieces=gone))


def _replace(office_id: int, name: str, sounds: Mapping[str, bytes], now: datetime) -> None:
    old = (VoiceClip.office == office_id) & (VoiceClip.pack == name) & (VoiceClip.piece << set(sounds))
    VoiceClip.delete().where(old).execute()
    VoiceClip.insert_many(
        {"office": office_id, "pack": name, "piece": piece, "wav": to_wav(sound), "created_at": now}
        for piece, sound in sounds.items()
    ).execute()


def is_made(office_id: int, language: str) -> bool:
    """Whether the synthetic voice has said all of its pieces."""
    return pieces_in(office_id, ESPEAK, language) >= {piece.name for piece in all_pieces(language)}


class _Resting:
    """Until when this process leaves the synthetic voice alone."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.until = datetime.min.replace(tzinfo=UTC)


_resting = _Resting()


def make_synthetic(office_id: int, language: str, now: datetime, anew: bool = False) -> bool:
    """Have the synthetic voice say what its pack still lacks (all of it when `anew`); whether the pack is whole now.

    A machine without a voice, or one that fails, is no error: it is asked again ten minutes later.
    """
    with _resting.lock:
        wanted = {piece.name: piece.text for piece in all_pieces(language)}
        if not anew:
            there = pieces_in(office_id, ESPEAK, language)
            wanted = {name: text for name, text in wanted.items() if name not in there}
        if not wanted:
            return True
        if now < _resting.until and not anew:
            return False
        try:
            spoken = espeak.speak(list(wanted.values()), language)
        except Unavailable:
            _resting.until = now + REST
            log.warning("no synthetic voice on this machine; calls of language %s are not spoken", language)
            return False
        with bookkeeping():  # nobody's decision: what any machine would make again alike
            _replace(office_id, pack_name(ESPEAK, language), dict(zip(wanted, spoken, strict=True)), now)
        return True


def prepare_voices(now: datetime) -> None:
    """Make the synthetic voice of every office that speaks, so that the first call need not wait for it."""
    for office in list(Office.select(Office.id, Office.hall)):
        if HallSettings.from_json(office.hall).voice.enabled:
            for language in LANGUAGES:
                make_synthetic(office.id, language, now)


def remake(office_id: int, now: datetime, actor: str) -> bool:
    """Have the synthetic voice say everything again, as after an update of it; whether it could."""
    done = all(make_synthetic(office_id, language, now, anew=True) for language in LANGUAGES)
    if done:
        with office_transaction(office_id, now, actor) as transaction:
            for language in LANGUAGES:
                pieces = len(all_pieces(language))
                announce(transaction, VoiceChanged(pack=pack_name(ESPEAK, language), pieces=pieces))
    return done
