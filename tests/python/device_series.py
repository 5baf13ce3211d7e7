#!/usr/bin/python3
"""The rule of `pcap2feat --device=MAC`, read from the bytes of a capture once more.

device_series.py CAPTURE          the MAC addresses of its IP packets, a line each
device_series.py CAPTURE MAC      the series of that device: dir, len, dir_iat, iat; on standard
                                  error, how many packets are left out and why

A frame is an IP packet when its EtherType, behind any VLAN tags, is 0x0800 or 0x86dd. It is the
device's when its source address is MAC (dir 1) or else its destination (dir 0). len is the total
length of IPv4, and of IPv6 the payload length + 40. iat is the time in ns since the device's packet
before, dir_iat since the one before of the same direction; the first packet of each direction has
none, and no row. Times end at 2^48 - 1 ns. Nothing but struct is used: no library reads captures here."""
import struct
import sys


def pcap_frames(data):
    magic = data[:4]
    order = "<" if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    unit = 1000 if magic in (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4") else 1
    link = struct.unpack(order + "I", data[20:24])[0]
    at = 24
    while at < len(data):
        seconds, fraction, kept, _ = struct.unpack(order + "IIII", data[at:at + 16])
        yield link, seconds * 10**9 + fraction * unit, data[at + 16:at + 16 + kept]
        at += 16 + kept


def interface_of(order, body):
    """Link type and the number of time units in a second."""
    link, units, at = struct.unpack(order + "H", body[:2])[0], 10**6, 8
    while at + 4 <= len(body):
        code, length = struct.unpack(order + "HH", body[at:at + 4])
        if code == 9:
            power = body[at + 4]
            units = 2**(power & 127) if power & 128 else 10**power
        at += 4 + (length + 3) // 4 * 4
    return link, units


def pcapng_frames(data):
    at, order, interfaces = 0, "<", []
    while at < len(data):
        if data[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order, interfaces = ("<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"), []
        kind, length = struct.unpack(order + "II", data[at:at + 8])
        body = data[at + 8:at + length - 4]
        if kind == 1:
            interfaces.append(interface_of(order, body))
        elif kind == 6:
            number, high, low, kept, _ = struct.unpack(order + "IIIII", body[:20])
            link, units = interfaces[number]
            yield link, (high << 32 | low) * 10**9 // units, body[20:20 + kept]
        elif kind not in (0x0a0d0d0a, 4, 5):
            sys.exit(f"a block of kind {kind}")
        at += length


def frames(path):
    with open(path, "rb") as capture:
        data = capture.read()
    for link, ts, frame in (pcapng_frames if data[:4] == b"\x0a\x0d\x0d\x0a" else pcap_frames)(data):
        if link != 1:
            sys.exit(f"link type {link}")
        yield ts, frame


def ip_length(frame):
    """The IP packet's length by its header; None where there is no IP."""
    at = 12
    while frame[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    kind, packet = frame[at:at + 2], frame[at + 2:]
    if kind == b"\x08\x00":
        return struct.unpack(">H", packet[2:4])[0]
    if kind == b"\x86\xdd":
        return struct.unpack(">H", packet[4:6])[0] + 40
    return None


def step(before, ts):
    """Times are 48 bits, and never negative."""
    return min(max(ts - before, 0), 2**48 - 1)


def series(path, device):
    not_ip = others = firsts = backwards = 0
    last = {}  # latest time, by direction
    print("dir,len,dir_iat,iat")
    for ts, frame in frames(path):
        length = ip_length(frame)
        if length is None:
            not_ip += 1
            continue
        if device not in (frame[:6], frame[6:12]):
            others += 1
            continue
        way = 1 if frame[6:12] == device else 0
        latest = max(last.values(), default=ts)
        if way in last:
            print(way, length, step(last[way], ts), step(latest, ts), sep=",")
        else:
            firsts += 1
        backwards += ts < latest
        last[way] = max(ts, last.get(way, ts))
    for n, what in ((not_ip, "without a row: not IP"), (others, "without a row: not of the device"),
                    (firsts, "without a row: the first of a flow's direction"),
                    (backwards, "earlier than the one before: iat 0")):
        if n:
            print(f"pcap2feat: {n} packet{'' if n == 1 else 's'} {what}", file=sys.stderr)


def main():
    if len(sys.argv) == 3:
        series(sys.argv[1], bytes.fromhex(sys.argv[2].replace(":", "")))
        return
    devices = {mac for _, frame in frames(sys.argv[1]) if ip_length(frame) is not None
               for mac in (frame[:6], frame[6:12])}
    print(*sorted(mac.hex(":") for mac in devices), sep="\n")


main()
