"""A printer on a line of our own: look, send, and believe only what the printer says afterwards (docs/adr/0017)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import randbelow
from typing import TYPE_CHECKING

from kiosk.devices.conversation import QUESTION_IN_ORDER, Conversation
from kiosk.devices.escpos import request_process_id
from kiosk.devices.links.link import LINK_FAULTS, Link
from kiosk.devices.status import UNREACHABLE, PrinterStatus, PrintOutcome

if TYPE_CHECKING:
    from kiosk.devices.models import PrinterModel

_PROOF_ROUNDS = 4
"""How many times `Patience.answer` a printer that can prove its work may take to print one paper."""
_LONGEST_COMMAND = 512  # bytes of the longest command that is not a picture: a QR code's content
_WIDEST = 80  # bytes of a row of dots on the widest paper
_LETTERS = b"ABCDEFGHIJKLMNO"  # of process IDs: those that no mixture of answers can hide (answers.py)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds.

    `connect` for a line, `answer` for a printer's word, `send` for it to take the next bytes of a job.
    """

    connect: float = 2.0
    answer: float = 2.0
    send: float = 5.0


class LinePrinter:
    """One printer behind a link; kept as long as the printer exists, used by one thread.

    It remembers whether this printer ever proved a paper (process ID or GS r), so that later silence is a doubt,
    and whether the last job ended well, so that a picture cut off does not swallow the next ticket. A job
    blocks at most 3 x `send` + 2 x `connect` + 8 x `answer` + 1.5 seconds, 36.5 by default; a look at most
    `connect` + `answer` + 0.5. A host name may cost its look-up besides, a serial line the time of its bytes.
    """

    def __init__(
        self,
        model: PrinterModel,
        make_link: Callable[[], Link],
        *,
        slow_line: bool = False,
        patience: Patience | None = None,
    ) -> None:
        self.model = model
        self.slow_line = slow_line
        self.proves = False
        self.in_step = model.status == "none"
        self._make_link = make_link
        self._patience = patience or Patience()
        self._job = randbelow(len(_LETTERS) ** 4)
        self._mute = model.status == "none"

    def status(self) -> PrinterStatus:
        """Ask how it is; one that cannot be reached is offline, one that does not answer unknown."""
        try:
            with self._line() as (link, talk):
                return self._look(link, talk)
        except OSError:
            return UNREACHABLE

    def send(self, data: bytes) -> PrintOutcome:
        """Print one job over a line of its own and say how it ended; device faults never raise."""
        before = UNREACHABLE
        job_begun = False
        try:
            with self._line() as (link, talk):
                before = self._look(link, talk)
                if not before.can_print:
                    return PrintOutcome("not_printed", before.problem_code, before)
                filler = b"" if self.in_step else self._filler(talk)
                job_begun = True
                outcome = self._print(filler + data, before, link, talk)
                self.in_step = outcome.state == "confirmed"
                return outcome
        except OSError:
            if not job_begun:
                return PrintOutcome("not_printed", "printer_offline", UNREACHABLE)
        self.in_step = False
        after = self.status()
        # A printer that is well again after breaking the line off was unplugged or reset: what it held is lost.
        return PrintOutcome("doubtful", after.problem_code or "printer_offline", after)

    @contextmanager
    def _line(self) -> Iterator[tuple[Link, Conversation]]:
        link = self._make_link()
        try:
            try:
                link.open(self._patience.connect)
            except LINK_FAULTS as error:
                raise OSError("the line cannot be opened") from error
            yield link, Conversation(link, self._patience.send)
        except OSError:
            link.drop()
            raise
        finally:
            link.close()

    def _look(self, link: Link, talk: Conversation) -> PrinterStatus:
        if self._mute:
            return PrinterStatus(online=True, paper_out=link.paper_sensor() is False, mute=True)
        if not self.in_step:
            talk.end_command()
            talk.forget()  # late answers to what was asked before, on lines that do not begin anew
        return talk.status(self._patience.answer)

    def _print(self, data: bytes, before: PrinterStatus, link: Link, talk: Conversation) -> PrintOutcome:
        if self._mute:
            talk.send_job(data)
            link.flush(self._patience.answer)
            return PrintOutcome("confirmed", None, before, "line")
        ticket = self._next_ticket() if self.model.process_id == "try" else b""
        talk.send_job(data + (request_process_id(ticket) if ticket else b"") + QUESTION_IN_ORDER)
        return self._proof(ticket, before, talk)

    def _proof(self, ticket: bytes, before: PrinterStatus, talk: Conversation) -> PrintOutcome:
        """Wait for the printer's own word that the paper is out, looking after it now and then meanwhile."""
        answer = self._patience.answer
        deadline = time.monotonic() + _PROOF_ROUNDS * answer
        while True:
            heard = talk.wait_for(
                lambda: ticket in talk.process_ids or talk.answered_in_order or talk.in_trouble,
                min(answer, deadline - time.monotonic()),
            )
            in_order = talk.answered_in_order
            if ticket not in talk.process_ids:
                if not heard:
                    talk.end_command()
                # Questions that a picture happened to contain are answered as well: those answers are not ours.
                talk.forget()
                after = talk.status(answer)
            if ticket in talk.process_ids:  # or came while we asked: slow, but the better proof
                self.proves = True
                return PrintOutcome("confirmed", None, before, "process_id")
            if not after.can_print:
                return PrintOutcome("doubtful", after.problem_code, after)
            if in_order or talk.answered_in_order:
                self.proves = True
                return PrintOutcome("confirmed", None, after, "in_order")
            if not self.proves and not heard:
                return PrintOutcome("confirmed", None, after, "status")
            if time.monotonic() >= deadline:
                return PrintOutcome("doubtful", "printer_unknown", after)

    def _filler(self, talk: Conversation) -> bytes:
        """Return what a command cut off earlier may still wait for, unless the printer shows that it waits for none.

        A picture takes zeros as white dots; between commands they are nothing. Yet only a printer that does not
        answer gets any, for who knows what an odd one makes of them.
        """
        if not self._mute:
            talk.send_job(QUESTION_IN_ORDER)
            if talk.wait_for(lambda: talk.answered_in_order, self._patience.answer):
                self.proves = (
                    True  # who answers in order before a paper will after it, or the paper is in doubt
                )
                return b""
        picture = self.model.max_band * _WIDEST
        return bytes(_LONGEST_COMMAND if self.slow_line else max(picture, _LONGEST_COMMAND))

    def _next_ticket(self) -> bytes:
        self._job += 1
        digits = (self._job // len(_LETTERS) ** place % len(_LETTERS) for place in range(4))
        return bytes(_LETTERS[digit] for digit in digits)
