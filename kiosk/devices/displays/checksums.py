"""Checksums that LED boards ask for."""

from __future__ import annotations

from functools import reduce
from operator import xor

CRC16_START = 0xFFFF
CRC16_POLYNOMIAL = 0xA001
"""0x8005 with its bits reversed, as Modbus over Serial Line (V1.02, 6.2.2) shifts to the right."""


def xor8(data: bytes) -> int:
    """All bytes by exclusive or: one byte."""
    return reduce(xor, data, 0)


def sum8(data: bytes) -> int:
    """All bytes added up, the lowest byte of it."""
    return sum(data) & 0xFF


def crc16_modbus(data: bytes) -> int:
    """CRC-16/MODBUS: two bytes, on the line the low one goes first."""
    crc = CRC16_START
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ CRC16_POLYNOMIAL if crc & 1 else crc >> 1
    return crc
