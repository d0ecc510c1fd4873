"""What a printer sends, told apart byte by byte: answers, automatic status, process IDs.

Source: Epson, "ESC/POS Command Reference" (DLE EOT, GS a, GS r, GS ( H and "status identification"). Bits 4 and 7
decide: only the first byte of each kind has bit 4, so nothing that comes in between can be taken for a part.
"""

from __future__ import annotations

_PROCESS_ID = 0x37  # the first byte of the answer to GS ( H


def is_real_time_answer(byte: int) -> bool:
    """Tell an answer to DLE EOT from every other byte a printer sends."""
    return byte & 0x93 == 0x12


def is_automatic_status(byte: int) -> bool:
    """Tell the first of the four bytes that automatic status back (GS a) sends unasked."""
    return byte & 0x93 == 0x10


class Answers:
    """Sorts what comes from a printer, however it is cut and mixed.

    A process ID is found in any mixture when its four characters have bits 4 and 7 clear (@, A to O, a to o).
    """

    def __init__(self) -> None:
        self.real_time: list[int] = []
        self.in_order: list[int] = []  # answers to GS r, sent when the head has come as far as the question
        self.process_ids: list[bytes] = []
        self.automatic: bytes | None = None  # the last block sent unasked
        self._block = bytearray()  # of automatic status, begun
        self._process_id = bytearray()  # 37h 22h, four characters, 00h, begun

    def take(self, chunk: bytes) -> None:
        """Take in what was received."""
        for byte in chunk:
            if byte & 0x90:
                self._begin(byte)
            elif self._block:
                self._go_on_with_block(byte)
            elif self._process_id:
                self._go_on_with_process_id(byte)
            elif byte <= 0x0F:
                self.in_order.append(byte)

    def _begin(self, byte: int) -> None:
        if is_real_time_answer(byte):
            self.real_time.append(byte)
        elif is_automatic_status(byte):
            self._block[:] = (byte,)
        elif byte == _PROCESS_ID:
            self._process_id[:] = (byte,)
        # what else has these bits is XON, XOFF or noise

    def _go_on_with_block(self, byte: int) -> None:
        self._block.append(byte)
        if len(self._block) == 4:
            self.automatic = bytes(self._block)
            self._block.clear()

    def _go_on_with_process_id(self, byte: int) -> None:
        self._process_id.append(byte)
        if len(self._process_id) == 7:
            if self._process_id[1] == 0x22 and self._process_id[6] == 0:
                self.process_ids.append(bytes(self._process_id[2:6]))
            self._process_id.clear()
