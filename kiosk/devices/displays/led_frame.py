"""The frame of our own LED protocol, as written down in docs/led-protocol.md."""

from __future__ import annotations

from kiosk.devices.displays.checksums import xor8
from kiosk.devices.displays.contract import DisplayState, Shown

STX, ETX, ACK, NAK = 0x02, 0x03, 0x06, 0x15
EVERYBODY = 0
"""The address all displays of a line obey and none answers."""

STATE_LETTERS: dict[Shown, str] = {"called": "C", "serving": "S", "free": "F", "closed": "X", "away": "A"}


def led_frame(address: int, state: DisplayState, text: str) -> bytes:
    """STX, two digits of address, state letter, 0 or 1 for blinking, one digit of length, text, checksum, ETX.

    The checksum is the exclusive or of everything between STX and itself, as two hexadecimal capitals.
    """
    body = f"{address:02d}{STATE_LETTERS[state.state]}{int(state.blink)}{len(text)}{text}".encode("ascii")
    return bytes((STX,)) + body + f"{xor8(body):02X}".encode("ascii") + bytes((ETX,))


def answer_to(address: int) -> dict[bytes, bool]:
    """The two answers a display may give: taken (ACK), or not understood (NAK)."""
    own = f"{address:02d}".encode("ascii")
    return {bytes((ACK,)) + own: True, bytes((NAK,)) + own: False}


ANSWER_BYTES = 3
