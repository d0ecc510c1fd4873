"""The voice by the admin: how calls are spoken, and what the centre has recorded of its own."""

from __future__ import annotations

import io
import zipfile
from array import array
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kiosk.domain.errors import DomainError, NotFound
from kiosk.domain.hall import VoiceSettings
from kiosk.domain.speech import LANGUAGES, Piece, all_pieces
from kiosk.models import VoiceClip
from kiosk.services.hall_settings import change_hall, hall_settings
from kiosk.services.voice import sentence_clip
from kiosk.services.voice_packs import (
    CENTRE,
    ESPEAK,
    PACKS,
    drop,
    is_made,
    keep,
    pack_name,
    pieces_in,
    samples,
)
from kiosk.voice import espeak
from kiosk.voice.levelling import levelled
from kiosk.voice.wav import LONGEST_SECONDS, read_wav, to_wav

MOST_BYTES_OF_A_CLIP = 2 * 1024 * 1024
"""Six seconds at 96 kHz in two channels, and room for what recorders write beside the sound."""
MOST_BYTES_OF_A_PACK = 16 * 1024 * 1024
MOST_MEMBERS = 200
MOST_UNPACKED = 32 * 1024 * 1024
LANGUAGE_OF_PACK = {"vi": "pack", "en": "pack_en"}


def voice_page(office_id: int, language: str, piece: str) -> dict[str, Any]:
    """What the page shows: the settings, how far each voice is, and the pieces of one language, one of them chosen.

    An unknown language or piece is as if none had been named.
    """
    language = language if language in LANGUAGES else LANGUAGES[0]
    recorded = pieces_in(office_id, CENTRE, language)
    rows = [_row(each, recorded) for each in all_pieces(language)]
    missing = (row for row in rows if row["needed"] and not row["recorded"])
    named = (row for row in rows if row["name"] == piece)
    return {
        "settings": hall_settings(office_id).voice,
        "synthetic": espeak.is_available(),
        "made": all(is_made(office_id, each) for each in LANGUAGES),
        "progress": {each: progress(office_id, each) for each in LANGUAGES},
        "language": language,
        "pieces": rows,
        "chosen": next(named, None) or next(missing, rows[0]),
        "longest": LONGEST_SECONDS,
    }


def progress(office_id: int, language: str) -> dict[str, int]:
    """How many of the pieces that a pack needs are recorded. Raises DomainError("unknown_language")."""
    needed = {piece.name for piece in all_pieces(language) if piece.needed}
    return {"recorded": len(needed & pieces_in(office_id, CENTRE, language)), "total": len(needed)}


def _row(piece: Piece, recorded: set[str]) -> dict[str, Any]:
    return {
        "name": piece.name,
        "text": piece.text,
        "needed": piece.needed,
        "recorded": piece.name in recorded,
    }


def change_voice(office_id: int, values: Mapping[str, Any], now: datetime, actor: str) -> None:
    """Change how calls are spoken. Raises DomainError("hall_setting_malformed")."""
    for key in LANGUAGE_OF_PACK.values():
        if values.get(key, ESPEAK) not in PACKS:
            raise DomainError("hall_setting_malformed", field=key, allowed=list(PACKS))
    change_hall(office_id, "voice", values, now, actor)


def keep_clip(office_id: int, language: str, piece: str, data: bytes, now: datetime, actor: str) -> None:
    """File a recording of a piece in the centre's own voice, cut and levelled.

    Raises NotFound("voice_piece_unknown"), DomainError("voice_clip_malformed", "voice_clip_too_long",
    "voice_clip_silent").
    """
    _require_piece(language, piece)
    keep(office_id, language, {piece: _cleaned(data)}, now, actor)


def drop_clip(office_id: int, language: str, piece: str, now: datetime, actor: str) -> None:
    """Forget a recording. Raises NotFound("voice_piece_unknown")."""
    _require_piece(language, piece)
    drop(office_id, language, {piece}, now, actor)


def clip(office_id: int, language: str, piece: str, pack: str = CENTRE) -> bytes:
    """A piece as WAV. Raises NotFound("voice_piece_unknown") also for one not recorded yet."""
    _require_piece(language, piece)
    if pack not in PACKS or not (found := samples(office_id, pack, language, {piece})):
        raise NotFound("voice_piece_unknown", piece=piece)
    return to_wav(found[piece])


def require_language(language: str) -> None:
    """Raises DomainError("unknown_language")."""
    if language not in LANGUAGES:
        raise DomainError("unknown_language", language=language[:12], allowed=list(LANGUAGES))


def _require_piece(language: str, piece: str) -> None:
    if language not in LANGUAGES or piece not in {each.name for each in all_pieces(language)}:
        raise NotFound("voice_piece_unknown", piece=piece[:24])


def _cleaned(data: bytes) -> bytes:
    samples_read: array[int] = levelled(read_wav(data))
    return samples_read.tobytes()


def export_pack(office_id: int, language: str) -> bytes:
    """The centre's own voice as a ZIP of WAV files named after their pieces."""
    name = pack_name(CENTRE, language)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for row in (
            VoiceClip.select()
            .where((VoiceClip.office == office_id) & (VoiceClip.pack == name))
            .order_by(VoiceClip.piece)
        ):
            bundle.writestr(f"{row.piece}.wav", bytes(row.wav))
    return out.getvalue()


def import_pack(office_id: int, language: str, data: bytes, now: datetime, actor: str) -> int:
    """Take recordings from a ZIP as `export_pack` makes it, all or none; how many.

    Nothing is unpacked to a disk; a member is known by its bare name, and read no further than a clip may be long.
    Raises DomainError("unknown_language", "voice_pack_malformed", "voice_pack_too_large"), and for its recordings as `keep_clip` does,
    with the `piece` at fault.
    """
    require_language(language)
    sounds = {}
    left = MOST_UNPACKED
    for piece, wav in _members(data):
        left -= len(wav)
        if left < 0 or len(wav) > MOST_BYTES_OF_A_CLIP:
            raise DomainError("voice_pack_too_large", piece=piece[:24])
        try:
            _require_piece(language, piece)
            sounds[piece] = _cleaned(wav)
        except DomainError as error:
            raise type(error)(error.code, **{**error.fields, "piece": piece[:24]}) from None
    keep(office_id, language, sounds, now, actor)
    return len(sounds)


def _members(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            entries = [entry for entry in bundle.infolist() if not entry.is_dir()]
            if not entries:
                raise DomainError("voice_pack_malformed")
            if len(entries) > MOST_MEMBERS or sum(e.file_size for e in entries) > MOST_UNPACKED:
                raise DomainError("voice_pack_too_large", piece="")
            found = []
            for entry in entries:
                # What the directory says of the size may be a lie: one byte too many is enough to know.
                with bundle.open(entry) as file:
                    found.append((entry.filename.removesuffix(".wav"), file.read(MOST_BYTES_OF_A_CLIP + 1)))
            return found
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        # RuntimeError: a member with a password; NotImplementedError: packed in a way unknown here.
        raise DomainError("voice_pack_malformed") from None


def try_out(office_id: int, call: tuple[str, int], language: str, pack: str, digits: str) -> bytes:
    """A sentence in a voice, whatever the hours, to be listened to; the tones alone if no voice can say it.

    Raises DomainError("unknown_language", "label_malformed", "hall_setting_malformed").
    """
    kept: VoiceSettings = hall_settings(office_id).voice
    wanted = replace(kept, pack=pack, pack_en=pack, digits=digits)
    wanted.check()
    clip_made = sentence_clip(office_id, call, language, wanted, True)
    return clip_made if clip_made is not None else to_wav(b"")
