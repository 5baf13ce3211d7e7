"""Frames of classic pcap and pcapng files, plainly: for comparisons, not for hostile input."""
import struct
from collections import namedtuple

# ts in ns; seconds and fraction are what a classic file says.
Frame = namedtuple("Frame", "number ts link length data seconds fraction", defaults=(0, 0))
MAGIC = {b"\xd4\xc3\xb2\xa1": ("<", 1000), b"\xa1\xb2\xc3\xd4": (">", 1000),
         b"\x4d\x3c\xb2\xa1": ("<", 1), b"\xa1\xb2\x3c\x4d": (">", 1)}

# Linux's modified format has 8 bytes more before each packet.
MODIFIED = {b"\x34\xcd\xb2\xa1": ("<", 1000), b"\xa1\xb2\xcd\x34": (">", 1000)}
MAGIC.update(MODIFIED)


def classic(data, order, unit, libpcap):
    if len(data) < 24:
        return
    most, link = struct.unpack_from(order + "II", data, 16)
    link &= 0xFFFF
    at, number = 24, 0
    more = 8 if data[:4] in MODIFIED else 0
    while at + 16 + more <= len(data):
        seconds, fraction, captured, length = struct.unpack_from(order + "IIII", data, at)
        at += 16 + more
        if captured > 1 << 18 or at + captured > len(data):
            return
        number += 1
        yield Frame(number, seconds * 10**9 + fraction * unit, link, length,
                    data[at:at + min(captured, most if libpcap and most else captured)], seconds, fraction)
        at += captured


def options(body, order):
    at = 0
    while at + 4 <= len(body):
        code, length = struct.unpack_from(order + "HH", body, at)
        if code == 0:
            return
        yield code, body[at + 4:at + 4 + length]
        at += 4 + (length + 3) // 4 * 4


def interface(body, order):
    """Its link type, most bytes of a packet, and how many units of time are a second."""
    units = 10**6
    for code, value in options(body[8:], order):
        if code == 9:
            units = 2**(value[0] & 127) if value[0] & 128 else 10**value[0]
    link, _, most = struct.unpack_from(order + "HHI", body)
    return link, most, units


def blocks(data, libpcap):
    at, order, number, interfaces, first = 0, "<", 0, [], None
    while at + 12 <= len(data):
        if data[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            interfaces = []
        kind, size = struct.unpack_from(order + "II", data, at)
        body = data[at + 8:at + size - 4]
        if size < 12 or size % 4 or at + size > len(data):
            return
        if kind == 1:
            interfaces.append(interface(body, order))
            first = first or interfaces[0]
            if libpcap and interfaces[-1][:2] != first[:2]:
                return
        elif kind in (2, 3, 6):
            i, high, low, captured, length = struct.unpack_from(order + "IIIII", body.ljust(20, b"\0"))
            start = 20
            if kind == 2:
                i = struct.unpack_from(order + "H", body)[0]
            if kind == 3:
                i, high, low, length, start = 0, 0, 0, i, 4
                captured = min(length, len(body) - 4)
            if i >= len(interfaces) or start + captured > len(body):
                return
            link, _, units = interfaces[i]
            number += 1
            yield Frame(number, (high << 32 | low) * 10**9 // units, link, length, body[start:start + captured])
        at += size


def frames(path, libpcap=False):
    """libpcap: as that reads them, pcapng up to an interface of another link type or greatest length, classic packets
    no longer than the file says that they are."""
    with open(path, "rb") as f:
        data = f.read()
    if data[:4] in MAGIC:
        return classic(data, *MAGIC[data[:4]], libpcap)
    return blocks(data, libpcap) if data[:4] == b"\x0a\x0d\x0d\x0a" else iter(())
