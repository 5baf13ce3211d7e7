"""How argus 3.0.8 reads frames, where that is not how Weir does it; rules as in nfpcapd_rules."""
import ipaddress

from nfpcapd_rules import View, word

TUNNEL = "GRE over IPv4 is opened"
FRAGMENTS = "later fragments count for their first one's flow, in time order or not"
FRAGMENTS6 = "later fragments of IPv6 are a flow for each identification"
EXTENSIONS = "AH of IPv4 and mobility headers are not passed over"
ESP6 = "ESP over IPv6 is left out"
LINK = "a link layer that is not read"
PPP_HEADER = "PPP other than IP behind an address and a control byte is misread"
MIXED = "pcapng is read up to an interface of another kind"
SNAPLEN = "packets longer than the file's header says are cut to that"
CUT = "a header that is cut is read as though it were whole, or left out"
UNCHECKED = "IP headers that contradict themselves are believed"
PORTS = "ports of TCP and UDP only"
LENGTH = "an IPv4 packet of length 0 is left out"
FRACTION = "more than a million microseconds"
NOISE = "frames that Weir leaves out, since a header is cut or contradicts itself, are read as they come"
DEEP = "more than 16 extension headers, which Weir leaves out"
ZERO = "a time in the epoch's first second counts as none, and times are read with a sign of 32 bits"
ORDER = "start and end are those of the packets that came first and last"
LONG = "a flow of more than 100,000 s ends"
QUOTED = "an ICMP error moves the end of the direction that it quotes"
TRANSACTIONS = "UDP on port 53, ICMP, IGMP, ESP: a flow for each transaction, type or SPI"
ANEW = "a TCP connection begun anew is another flow"
VLANS = "VLANs are not told apart"
# Rules that the times of a direction, or the number of its flows, are not worked out from.
FRAGMENTED = {FRAGMENTS, FRAGMENTS6}
LOOSE = (FRAGMENTS, ZERO, QUOTED, ORDER, FRACTION)

# Bytes of the link layer that are not counted.
ETHERNET, NULL, PPP, RAW, RAW_BSD, HDLC, WLAN, SLL, RADIOTAP = 1, 0, 9, 101, 12, 104, 105, 113, 127
UNCOUNTED = {ETHERNET: 0, NULL: 4, PPP: 4, RAW: 0, RAW_BSD: 0, HDLC: 4, WLAN: 0, SLL: 16}
IPV4, IPV6, VLAN, MPLS, MPLS_MULTICAST, BRIDGE, PPPOE, PPP_TYPE = (
    0x800, 0x86DD, 0x8100, 0x8847, 0x8848, 0x6558, 0x8864, 0x880B)


def counted(frame):
    """Bytes that a frame counts for."""
    if frame.link == RADIOTAP:
        return frame.length - int.from_bytes(frame.data[2:4], "little")
    return frame.length - UNCOUNTED.get(frame.link, 0)


class Times:
    """Which frames have a time: of a direction, of ICMP, and of what Weir does not count, or counts otherwise."""

    def __init__(self):
        self.of = {}
        self.icmp = {}
        self.other = {}
        self.strange = None  # a frame with more than a million microseconds

    def add(self, frame, ts, row, keys):
        """keys: Weir's, which the row has, and argus's; each may be None."""
        for key in set(keys) - {None}:
            self.of.setdefault(key, {}).setdefault(ts, frame.number)
        if row and row["proto"] in ("1", "58"):
            self.icmp.setdefault(ts, frame.number)
        if keys[0] != keys[1] or not row:
            self.other.setdefault(ts, frame.number)
        if frame.fraction >= 10**9:
            self.strange = frame.number

    def misread_frame(self, times):
        found = [self.other.get(ts) for ts in times]
        return found[0] if all(found) else None


def timing(mine, his, key, at):
    """The rules, and a frame or None, of a direction whose packets and bytes are the same."""
    if mine[2:4] != his[2:4]:
        times = at.of.get(key, {})
        if min(mine[2:4]) < 10**9 or max(mine[2:4]) >= 10**9 << 31:
            yield ZERO, None
        elif at.strange:
            yield FRACTION, at.strange
        elif mine[2] == his[2] and his[3] in at.icmp:
            yield QUOTED, at.icmp[his[3]]
        elif his[2] in times and his[3] in times:
            yield ORDER, times[his[2]]
    if mine[4] != his[4]:
        if transactions(key):
            yield TRANSACTIONS, None
        elif mine[4] > 1:
            yield VLANS, None
        elif mine[3] - mine[2] > 100000 * 10**9:
            yield LONG, None
        elif key[0] == 6:
            yield ANEW, None


def transactions(key):
    return key[0] in (1, 2, 50, 58) or key[0] == 17 and 53 in (key[2], key[4])


class Reader:
    def __init__(self):
        self.fragments = {}  # by (protocol, addresses, identification): the first one's key

    def view(self, frame, ts):
        """A View, or None; and the rules that applied."""
        self.rules = set()
        self.size, self.ts = counted(frame), ts
        start = self.link(frame)
        if start is None:
            self.rules.add(LINK if frame.link != PPP else PPP_HEADER)
            return None, self.rules
        return self.ip(frame.data, *start), self.rules

    def link(self, frame):
        data, link = frame.data, frame.link
        if link == ETHERNET:
            return self.ethernet(data, 0)
        if link == NULL:
            return (4, data[4] >> 4) if len(data) > 4 else None
        if link == SLL:
            return self.types(data, 16, word(data, 14))
        if link == HDLC:
            return self.types(data, 4, word(data, 2))
        if link == PPP:
            if word(data, 0) != 0xFF03 or word(data, 2) not in (0x21, 0x57):
                return None
            return (4, 4 if word(data, 2) == 0x21 else 6)
        if link in (RAW, RAW_BSD):
            return (0, data[0] >> 4) if data else None
        return self.wlan(data, int.from_bytes(data[2:4], "little") if link == RADIOTAP else 0)

    def wlan(self, data, at):
        if at + 34 > len(data) or data[at] & 0x0C != 8:
            return None
        at += 26 if data[at] & 0x80 else 24
        return self.llc(data, at)

    def ethernet(self, data, at):
        if at + 14 > len(data):
            return None
        kind = word(data, at + 12)
        return self.llc(data, at + 14) if kind <= 1500 else self.types(data, at + 14, kind)

    def llc(self, data, at):
        return self.types(data, at + 8, word(data, at + 6)) if data[at:at + 2] == b"\xaa\xaa" else None

    def ppp(self, data, at):
        if word(data, at) == 0xFF03:
            at += 2
        kind = data[at] if at < len(data) and data[at] & 1 else word(data, at)
        at += 1 if at < len(data) and data[at] & 1 else 2
        return self.types(data, at, {0x21: IPV4, 0x57: IPV6}.get(kind, 0))

    def types(self, data, at, kind):
        while at < len(data):
            if kind in (IPV4, IPV6):
                return (at, 4 if kind == IPV4 else 6)
            if kind == VLAN:
                kind = word(data, at + 2)
                at += 4
                if kind <= 1500:
                    return self.llc(data, at)
            elif kind in (MPLS, MPLS_MULTICAST):
                while at + 4 <= len(data) and not data[at + 2] & 1:
                    at += 4
                at += 4
                kind = {4: IPV4, 6: IPV6}.get(data[at] >> 4) if at < len(data) else None
            elif kind == BRIDGE:
                return self.ethernet(data, at)
            elif kind == PPPOE:
                return self.ppp(data, at + 6) if not data[at + 1] else None
            elif kind == PPP_TYPE:
                return self.ppp(data, at)
            else:
                return None
        return None

    def ip(self, data, at, version):
        if version == 6:
            return self.ipv6(data, at)
        if at + 20 > len(data):
            self.rules.add(CUT)
            return None
        total, header = word(data, at + 2), (data[at] & 15) * 4
        if data[at] >> 4 == 6 and version == 4:
            return self.ipv6(data, at)
        if data[at] >> 4 != 4 or header < 20 or total and total < header:
            self.rules.add(UNCHECKED)
        if total < 20:
            self.rules.add(LENGTH if total == 0 else UNCHECKED)
            return None
        ends = tuple(str(ipaddress.ip_address(data[at + n:at + n + 4])) for n in (12, 16))
        proto = data[at + 9]
        offset, identity = word(data, at + 6), (proto, *ends, word(data, at + 4))
        if offset & 0x1FFF:
            self.rules.add(FRAGMENTS)
            return self.seen(self.fragments.get(identity) or (proto, ends[0], 0, ends[1], 0))
        view = self.transport(data, at + header, proto, ends, (total or len(data) - at) - header)
        if view and offset & 0x2000:
            self.rules.add(FRAGMENTS)
            self.fragments[identity] = view.key
        return view

    def ipv6(self, data, at):
        if at + 40 > len(data):
            self.rules.add(CUT)
            return None
        ends = tuple(str(ipaddress.ip_address(data[at + n:at + n + 16])) for n in (8, 24))
        proto, left = data[at + 6], word(data, at + 4)
        at += 40
        if data[at - 40] >> 4 != 6:
            self.rules.add(UNCHECKED)
        depth = 0
        while proto in (0, 43, 44, 60) and at + 8 <= len(data):
            depth += 1
            if depth > 16:
                self.rules.add(DEEP)
            if proto == 44 and word(data, at + 2) & 0xFFF8:
                self.rules.add(FRAGMENTS6)
                ports = [int.from_bytes(data[at + n:at + n + 2], "little") for n in (4, 6)]
                if ipaddress.ip_address(ends[0]) > ipaddress.ip_address(ends[1]):
                    ports.reverse()
                ports = ports if data[at] in (6, 17) else (0, 0)
                return self.seen((data[at], ends[0], ports[0], ends[1], ports[1]))
            size = 8 if proto == 44 else (data[at + 1] + 1) * 8
            proto, at, left = data[at], at + size, left - size
        if proto in (0, 43, 44, 60):  # the chain goes on behind what was captured
            self.rules.add(CUT)
            return None
        if proto == 51:
            proto, at = (data[at], at + 12) if at < len(data) else (proto, at)
        if proto == 50:
            self.rules.add(ESP6)
            return None
        if proto in (135, 139, 140):
            self.rules.add(EXTENSIONS)
        if proto in (4, 41) and left < 20:
            self.rules.add(UNCHECKED)
        return self.transport(data, at, proto, ends, max(left, 20))

    def transport(self, data, at, proto, ends, left):
        if proto == 47 and ":" not in ends[0]:
            inner = self.gre(data, at)
            if inner:
                return self.ip(data, *inner)
        if proto == 51:
            self.rules.add(EXTENSIONS)
        if proto == 1 and at + 8 > len(data):
            self.rules.add(CUT)
            return None
        ports = (0, 0)
        if proto in (6, 17):
            if left >= (20 if proto == 6 else 8) and at + 4 <= len(data):
                ports = (word(data, at), word(data, at + 2))
            else:
                self.rules.add(CUT)
        elif proto in (33, 132, 136):
            self.rules.add(PORTS)
        return self.seen((proto, ends[0], ports[0], ends[1], ports[1]))

    def gre(self, data, at):
        flags, kind = word(data, at), word(data, at + 2)
        size = 4 + (4 if flags & 0xC000 else 0) + (4 if flags & 0x2000 else 0) + (4 if flags & 0x1000 else 0)
        if flags & 7 == 1 and flags & 0x80:
            size += 4
        start = self.types(data, at + size, kind)
        if start:
            self.rules.add(TUNNEL)
        return start

    def seen(self, key):
        return View(key, self.size, self.ts, self.rules)
