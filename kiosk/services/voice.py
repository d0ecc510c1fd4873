"""A call as sound: the pieces of a voice joined in the order in which they are said."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.database import local_day_of
from kiosk.domain.errors import DomainError, NotFound
from kiosk.domain.hall import VoiceSettings
from kiosk.domain.speech import LANGUAGES, call_pieces, in_pack
from kiosk.models import Counter, Office, Ticket
from kiosk.services.hall_settings import hall_settings
from kiosk.services.voice_packs import CENTRE, ESPEAK, pieces_in, samples
from kiosk.voice.joining import joined


def call_clip(office_id: int, ticket_id: int, language: str, now: datetime) -> bytes | None:
    """The present call of a ticket as WAV; None when nothing is to be heard: switched off, quiet hours, no voice.

    The tones come before Vietnamese only: English follows it. Where no voice can speak they come alone.
    Raises NotFound("unknown_ticket") unless the ticket was called today, DomainError("unknown_language").
    """
    if language not in LANGUAGES:
        raise DomainError("unknown_language", language=language[:12], allowed=list(LANGUAGES))
    office = Office.get_by_id(office_id)
    called = (
        Ticket.select(Ticket.label, Counter.number)
        .join(Counter)
        .where(
            (Ticket.id == ticket_id)
            & (Ticket.office == office_id)
            & (Ticket.day == local_day_of(now, office.zone))
            & Ticket.called_at.is_null(False)
        )
        .tuples()
        .first()
    )
    if called is None:
        raise NotFound("unknown_ticket", ticket=ticket_id)
    settings = hall_settings(office_id).voice
    if not settings.enabled or is_quiet(settings, now, office.zone):
        return None
    label, counter = called
    with_chime = settings.chime and language == "vi"
    return sentence_clip(office_id, (label, counter), language, settings, with_chime)


def sentence_clip(
    office_id: int,
    call: tuple[str, int],
    language: str,
    settings: VoiceSettings,
    with_chime: bool,
) -> bytes | None:
    """A call (label, counter) in the office's voice, or the whole of it in the synthetic one; never in both.

    None when there is neither, nor tones. Raises DomainError("unknown_language", "label_malformed").
    """
    wanted = call_pieces(*call, language, settings.digits)
    chosen = settings.pack if language == "vi" else settings.pack_en
    if chosen == CENTRE and (said := _said(office_id, CENTRE, language, wanted)):
        return joined(said, with_chime)
    said = _said(office_id, ESPEAK, language, wanted)
    return joined(said, with_chime) if said or with_chime else None


def _said(office_id: int, pack: str, language: str, wanted: list[str]) -> list[tuple[str, bytes]]:
    names = in_pack(wanted, pieces_in(office_id, pack, language), language)
    if names is None:
        return []
    sounds = samples(office_id, pack, language, set(names))
    # A piece deleted in between leaves the sentence to the other voice.
    return [(name, sounds[name]) for name in names] if sounds.keys() >= set(names) else []


def is_quiet(settings: VoiceSettings, now: datetime, zone: str) -> bool:
    """Whether the office's clock stands within hours in which nothing is spoken; the last minute is free again."""
    clock = f"{now.astimezone(ZoneInfo(zone)):%H:%M}"
    return any(first <= clock < last for first, last in settings.quiet)
