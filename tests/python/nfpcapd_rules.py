"""How nfpcapd 1.7.1 reads frames and makes records of them, where that is not how Weir does it.

Each rule has a name; a frame's view carries the names of the rules that made it another one than Weir's.
What nfpcapd does was found by following differences to their frames and in its man page and source."""
import ipaddress

# Names of the rules.
TUNNEL = "tunnels are opened"
OPTIONS = "tunnel headers with options are not read"
FRAGMENTS = "IPv4 fragments are one packet, when all are there"
EXTENSIONS = "IPv6 extension headers and AH are not passed over"
PORTS = "ports of TCP and UDP only"
CUT = "a packet that is cut before the end of its TCP, UDP or ICMP header is left out"
SHORT_UDP = "a UDP length below 8 is left out"
LINK = "a link layer that is not read"
LOOP_HEADER = "OpenBSD's loopback header is taken for 14 bytes"
SNAPLEN = "packets longer than the file's header says are cut to that"
MIXED = "pcapng is read up to an interface of another kind"
UNCHECKED = "IP headers that contradict themselves are believed"
LENGTH = "an IP length of 0 is believed"
GREAT = "lengths above 65535, where Weir's end"
ORDER = "start and end are the first and the last packet's times, not the least and the greatest"
EACH = "UDP on port 53, ICMP: a record for each packet"
TICKS = "timeouts are looked at every 11 s"
VLANS = "VLANs are not told apart"

# What comes before the packet, by link type, and what is taken to follow there.
ETHERNET, NULL, PPP, PPP_SERIAL, RAW, WLAN, LOOP, SLL = 1, 0, 9, 50, 101, 105, 108, 113
OFFSETS = {ETHERNET: 14, NULL: 4, PPP: 2, PPP_SERIAL: 4, RAW: 0, WLAN: 22, LOOP: 14, SLL: 16}
IPV4, IPV6, VLAN, MPLS, BRIDGE, PPPOE = 0x800, 0x86DD, 0x8100, 0x8847, 0x6558, 0x8864
UDP_HEADER = ICMP_HEADER = 8


class View:
    """What a frame, or the datagram that it completes, counts as."""

    def __init__(self, key, size, ts, rules):
        self.key = key
        self.bytes = size
        self.ts = ts
        self.rules = rules


def word(data, at):
    return data[at] << 8 | data[at + 1] if at + 2 <= len(data) else 0


def time_of(frame, ts):
    """Microseconds. Of a classic file seconds and microseconds have a sign, and what is negative is huge without it."""
    seconds, fraction = frame.seconds, frame.fraction
    if max(seconds, fraction) < 1 << 31:
        return ts // 1000 * 1000
    if fraction >= 1 << 31:
        fraction += (1 << 64) - (1 << 32)
    if seconds >= 1 << 31:
        seconds -= 1 << 32
    return (seconds * 1000 + fraction // 1000) % (1 << 64) * 10**6


class Reader:
    def __init__(self):
        self.fragments = {}  # by (protocol, addresses, identification): the first one's time, bytes
        self.buffer = bytearray(1 << 18)

    def view(self, frame, ts):
        """A View, or None; and the rules that applied."""
        self.rules = set()
        self.ts = ts
        return self.read(frame), self.rules

    def read(self, frame):
        data = frame.data
        self.buffer[:len(data)] = data
        start = self.link(frame, data)
        if start is None:
            self.rules.add(LINK)
            return None
        return self.ip(data, *start)

    def link(self, frame, data):
        """Where IP begins and the VLAN is passed, or None."""
        link = frame.link
        if link not in OFFSETS:
            return None
        at = OFFSETS[link]
        if link == ETHERNET:
            kind = word(data, 12)
        elif link == SLL:
            kind = word(data, 14)
        elif link in (NULL, LOOP):
            if link == LOOP:
                self.rules.add(LOOP_HEADER)
            family = int.from_bytes(data[:4], "little" if link == NULL else "big")
            kind = {2: IPV4, 24: IPV6, 28: IPV6, 30: IPV6}.get(family)
        else:
            kind = IPV4
        return self.types(data, at, kind)

    def types(self, data, at, kind):
        while at < len(data) and kind is not None and kind > 1500:
            if kind in (IPV4, IPV6):
                return (at,)
            if kind == VLAN:
                kind = word(data, at + 2)
                at += 4
            elif kind == MPLS:
                while at + 4 <= len(data) and not data[at + 2] & 1:
                    at += 4
                at += 4
                kind = {4: IPV4, 6: IPV6}.get(data[at] >> 4) if at < len(data) else None
            elif kind == BRIDGE:
                kind = word(data, at + 12) if at + 14 <= len(data) else None
                at += 14
            elif kind == PPPOE:
                if data[at] != 0x11 or data[at + 1] or word(data, at + 6) not in (0x21, 0x57):
                    return None
                return (at + 8,)
            else:
                return None
        return None

    def ip(self, data, at):
        if at >= len(data):
            self.rules.add(CUT)
            return None
        version = data[at] >> 4
        if version == 6:
            if at + 40 > len(data):
                self.rules.add(CUT)
                return None
            ends = tuple(str(ipaddress.ip_address(data[at + n:at + n + 16])) for n in (8, 24))
            if word(data, at + 4) == 0:
                self.rules.add(LENGTH)
            if word(data, at + 4) + 40 > 65535:
                self.rules.add(GREAT)
            return self.transport(data, at + 40, data[at + 6], ends, word(data, at + 4) + 40, self.ts, 0)
        if version != 4 or at + 20 > len(data):
            self.rules.add(UNCHECKED if version != 4 else CUT)
            return None
        return self.ipv4(data, at)

    def ipv4(self, data, at):
        header = (data[at] & 15) * 4
        total, flags = word(data, at + 2), word(data, at + 6)
        offset, more = (flags & 0x1FFF) * 8, flags & 0x2000
        ends = tuple(str(ipaddress.ip_address(data[at + n:at + n + 4])) for n in (12, 16))
        if header < 20 or total < header:
            self.rules.add(LENGTH if total == 0 else UNCHECKED)
        if at + header > len(data):
            self.rules.add(CUT)
            return None
        ts, size, port = self.ts, total, 0
        at += header
        if offset or more:
            self.rules.add(FRAGMENTS)
            key = (data[at - header + 9], *ends, word(data, at - header + 4))
            whole = self.assemble(key, offset, more, data[at:], header)
            if whole is None:
                return None
            ts, size, payload = whole
            return self.transport(payload, 0, key[0], ends, size, ts, key[3])
        return self.transport(data, at, data[at - header + 9], ends, size, ts, port)

    def assemble(self, key, offset, more, payload, header):
        if offset == 0:
            if key in self.fragments:
                return None
            self.fragments[key] = [self.ts, bytearray(65536)]
        elif key not in self.fragments:
            return None
        ts, buffer = self.fragments[key]
        buffer[offset:offset + len(payload)] = payload
        if more:
            return None
        del self.fragments[key]
        end = offset + len(payload)
        return ts, header + end, bytes(buffer[:end])

    def transport(self, data, at, proto, ends, size, ts, port):
        left = len(data) - at
        view = lambda sport, dport: View((proto, ends[0], sport, ends[1], dport), size, ts, self.rules)
        if proto == 6:
            # Past the end of the frame stands what earlier ones left there.
            header = ((data[at + 12] if left > 12 else self.buffer[at + 12]) >> 4) * 4
            if header > left:
                self.rules.add(CUT)
                return None
            if header < 20 or left < 4:
                self.rules.add(UNCHECKED)
            return view(word(data, at), word(data, at + 2))
        if proto == 17:
            if left < UDP_HEADER:
                self.rules.add(CUT)
                return None
            if word(data, at + 4) < UDP_HEADER:
                self.rules.add(SHORT_UDP)
                return None
            return view(word(data, at), word(data, at + 2))
        if proto in (1, 58):
            if left < ICMP_HEADER:
                self.rules.add(CUT)
                return None
            return view(0, 0)
        if proto in (4, 41):
            self.rules.add(TUNNEL)
            return self.ip(data, at)
        if proto == 47:
            return self.gre(data, at, view)
        if proto in (132, 136, 33):
            self.rules.add(PORTS)
        if proto in (0, 43, 44, 51, 60, 135, 139, 140):
            self.rules.add(EXTENSIONS)
        return view(port, 0)

    def gre(self, data, at, view):
        flags, kind = word(data, at), word(data, at + 2)
        if flags & 7 == 1:
            return view(0, 0) if kind == 0x880B else None
        self.rules.add(TUNNEL)
        if flags & 0xF000:
            self.rules.add(OPTIONS)
        if flags & 7 > 1:
            return None
        start = self.types(data, at + 4, kind)
        return self.ip(data, *start) if start else None


def each_packet(key):
    """Whether each packet is a record of its own."""
    return key[0] in (1, 58) or key[0] == 17 and 53 in (key[2], key[4])


class Table:
    """From views to records, as nfpcapd ends them: .records are lists key, packets, bytes, first, last."""

    def __init__(self, active, idle):
        self.active = active
        self.idle = idle
        self.open = {}
        self.records = []
        self.looked = self.expired = 0

    def add(self, view):
        record = [view.key, 1, view.bytes, view.ts, view.ts]
        if each_packet(view.key):
            self.records.append(record)
        elif view.key in self.open:
            record = self.open[view.key]
            record[1] += 1
            record[2] += view.bytes
            record[4] = view.ts
        else:
            self.open[view.key] = record

    def tick(self, frame, ts):
        """Looks for timeouts, if it is time; not at a frame whose link layer is not read at all."""
        now = ts // 10**9
        if frame.link not in OFFSETS:
            return
        if now - self.looked <= 1:
            return
        self.looked = now
        if self.expired == 0:
            self.expired = now
        if now - self.expired <= 10:
            return
        self.expired = now
        for key, record in list(self.open.items()):
            if now - record[4] // 10**9 > self.idle or now - record[3] // 10**9 > self.active:
                self.records.append(self.open.pop(key))

    def finish(self):
        self.records += self.open.values()
        return self.records
