#!/usr/bin/env python3
"""Reads IPFIX back (RFC 7011, 5103, 5610, 6313), by itself and through tshark, and compares every
field of every record with the table that it came from. Nothing of it is taken from flow2ipfix.

ipfix_rows.py compare TABLE FILE…       all rows, in order (an UDP or TCP session is one FILE)
ipfix_rows.py subset TABLE FILE…        rows of TABLE, found by their flow; prints how many
ipfix_rows.py tshark TABLE FILE <PDML   what tshark says of FILE
ipfix_rows.py head FILE                 each message: bytes, time, sequence, domain, sets
ipfix_rows.py nfdump TABLE <RAW         what nfdump -o raw says, in what it keeps
"""
import csv
import ipaddress
import re
import struct
import sys
import xml.etree.ElementTree as ElementTree

REVERSE, CESNET, CERT = 29305, 8057, 6871


def number(b):
    return str(int.from_bytes(b, "big"))


def text(b):
    return b.decode()


def ntp(b):
    seconds, fraction = struct.unpack(">II", b)
    ns = fraction * 10**9 >> 32
    return f"{(seconds - 2208988800) % 2**32}.{ns:09d}"


def milliseconds(b):
    ms = int.from_bytes(b, "big")
    return f"{ms // 1000}.{ms % 1000:03d}"


def in_era(row):
    """Nanoseconds count from 1900 in 32 bits of seconds: milliseconds tell how often they wrapped."""
    for column in ("start", "end"):
        if column in row and column + "_ms" in row:
            seconds, _, decimals = row[column].partition(".")
            era = int(row[column + "_ms"].partition(".")[0]) >> 32
            row[column] = f"{int(seconds) + (era << 32)}.{decimals}"
    return row


def mac(b):
    return b.hex(":")


def address(b):
    return str(ipaddress.ip_address(b))


# What others have defined: element -> column, bytes (0: any), how to read it.
KNOWN = {
    (0, 156): ("start", 8, ntp), (0, 157): ("end", 8, ntp),
    (0, 152): ("start_ms", 8, milliseconds), (0, 153): ("end_ms", 8, milliseconds),
    (0, 8): ("src_ip", 4, address), (0, 27): ("src_ip", 16, address),
    (0, 12): ("dst_ip", 4, address), (0, 28): ("dst_ip", 16, address),
    (0, 7): ("src_port", 2, number), (0, 11): ("dst_port", 2, number),
    (0, 4): ("proto", 1, number), (0, 60): ("ip_version", 1, number),
    (0, 58): ("vlan", 2, number), (0, 56): ("src_mac", 6, mac), (0, 80): ("dst_mac", 6, mac),
    (0, 148): ("flow", 8, bytes.hex), (0, 136): ("reason", 1, number),
    (0, 239): ("biflow", 1, number), (0, 96): ("predicted", 0, text),
    (CESNET, 808): ("tls.sni", 0, text), (CESNET, 809): ("tls.ja4", 0, text),
    (CESNET, 2): ("dns.qname", 0, text), (CESNET, 200): ("http.method", 0, text),
    (CERT, 117): ("http.host", 0, text), (CERT, 115): ("http.referer", 0, text),
    (CERT, 111): ("http.user_agent", 0, text),
}
for element, column, size in (
        (1, "bytes", 8), (2, "packets", 8), (6, "tcp_flags_or", 2), (25, "len_min", 8),
        (26, "len_max", 8), (52, "ttl_min", 1), (53, "ttl_max", 1), (186, "init_window", 2),
        (195, "dscp_first", 1), (218, "syn", 8), (219, "fin", 8), (220, "rst", 8), (221, "psh", 8),
        (222, "ack", 8), (223, "urg", 8)):
    KNOWN[0, element] = ("fwd_" + column, size, number)
    KNOWN[REVERSE, element] = ("bwd_" + column, size, number)
KNOWN_LISTS = {(CESNET, 1016): ("dir_", 1), (CESNET, 1060): ("fwd_payload_hist_", 0),
               (CESNET, 1062): ("bwd_payload_hist_", 0)}
REASONS = {"idle": "1", "active": "2", "fin": "3", "rst": "3", "first": "4", "file": "4",
           "input": "4", "cap": "5"}
TYPE_SIZES = {1: 1, 2: 2, 3: 4, 4: 8}  # unsigned8 to unsigned64


class Session:
    """Templates and types of one exporter; what it sent, message by message."""

    def __init__(self):
        self.templates, self.types, self.names = {}, {}, {}
        self.sequence = 0

    def messages(self, data):
        while data:
            assert len(data) >= 16, "a message is cut"
            version, size, when, sequence, domain = struct.unpack(">HHIII", data[:16])
            assert version == 10 and 16 < size <= len(data), (version, size, len(data))
            yield when, sequence, domain, list(self.sets(data[16:size])), size
            data = data[size:]

    def sets(self, data):
        while data:
            kind, size = struct.unpack(">HH", data[:4])
            assert 4 < size <= len(data), "a set that is empty or cut"
            yield kind, data[4:size]
            data = data[size:]

    def records(self, data):
        """Each record of rows as (export time, {column: text})."""
        for when, sequence, _, sets, _ in self.messages(data):
            assert sequence == self.sequence, f"sequence {sequence}, not {self.sequence}"
            n = 0
            for kind, body in sets:
                if kind in (2, 3):
                    self.read_templates(body, kind == 3)
                    continue
                while body:
                    fields, body = self.read_record(self.templates[kind], body)
                    n += 1
                    if any(f[:2] == (0, 303) for f in fields):
                        self.read_type({f[1]: f[3] for f in fields})
                    else:
                        yield when, self.columns(fields)
            self.sequence += n

    def read_templates(self, body, options):
        while body:
            tid, count = struct.unpack(">HH", body[:4])
            body = body[6 if options else 4:]
            fields = []
            for _ in range(count):
                element, size = struct.unpack(">HH", body[:4])
                body, pen = body[4:], 0
                if element & 0x8000:
                    pen, = struct.unpack(">I", body[:4])
                    body = body[4:]
                fields.append((pen, element & 0x7FFF, size))
            assert tid >= 256 and self.templates.get(tid, fields) == fields
            self.templates[tid] = fields

    @staticmethod
    def read_record(template, body):
        fields = []
        for pen, element, size in template:
            length = size
            if size == 65535:
                length, body = body[0], body[1:]
                if length == 255:
                    length, = struct.unpack(">H", body[:2])
                    body = body[2:]
            assert length <= len(body), "a record is cut"
            fields.append((pen, element, size, body[:length]))
            body = body[length:]
        return fields, body

    def read_type(self, f):
        key = (int.from_bytes(f[346], "big"), int.from_bytes(f[303], "big"))
        column = f[340].decode().split(":")[0]
        self.types[key] = (column, f[339][0])
        name = f[341].decode()
        assert name.startswith("weir") and self.names.setdefault(name, key) == key, name

    def own(self, key, value):
        column, kind = self.types[key]
        if kind == 13:
            return column, text(value)
        assert len(value) == TYPE_SIZES[kind], (column, value)
        return column, number(value)

    def columns(self, fields):
        row = {}
        for pen, element, size, value in fields:
            if (pen, element) == (0, 291):
                row.update(self.list_columns(value))
                continue
            if (pen, element) in KNOWN:
                column, length, read = KNOWN[pen, element]
                assert length in (0, size), (column, size)
                value = read(value)
            else:
                column, value = self.own((pen, element), value)
            assert column not in row, column
            row[column] = value
        return in_era(row)

    def list_columns(self, value):
        semantic, element, size = struct.unpack(">BHH", value[:5])
        assert semantic == 4 and element & 0x8000
        pen, = struct.unpack(">I", value[5:9])
        element, items = element & 0x7FFF, value[9:]
        if (pen, element) in KNOWN_LISTS:
            stem, first = KNOWN_LISTS[pen, element]
        else:
            about, kind = self.types[pen, element]
            stem, first = re.fullmatch(r"(.*_)(\d+) to .*", about).groups()
            assert TYPE_SIZES[kind] == size
        assert len(items) % size == 0
        row = {}
        for i in range(len(items) // size):
            item = items[i * size:][:size]
            if stem == "dir_":
                item = {b"\1": b"\1", b"\xff": b"\0"}[item]
            row[f"{stem}{int(first) + i}"] = number(item)
        return row


def same_row(got, want, where):
    """Exits unless the record says what the row says and nothing more."""
    got = {k: v for k, v in got.items() if v != ""}
    want = {k: v for k, v in want.items() if v != ""}
    for column in ("start", "end"):
        if column in want:
            seconds, _, decimals = want[column].partition(".")
            want[column] = f"{seconds}.{decimals:<09}"
            want[column + "_ms"] = f"{seconds}.{decimals:<09}"[:-6]
    if "end_reason" in want:
        want["reason"] = REASONS[want["end_reason"]]
    for column in ("src_ip", "dst_ip"):
        if column in want:
            want[column] = str(ipaddress.ip_address(want[column]))
    if got.pop("biflow", None) not in (None, "1"):
        sys.exit(f"{where}: biflowDirection")
    for column in sorted(got.keys() | want.keys()):
        if got.get(column) != want.get(column):
            sys.exit(f"{where}: {column} is {got.get(column)}, not {want.get(column)}")


def table(path):
    with open(path, newline="", encoding="utf-8") as f:
        head = f.readline()
        f.seek(0)
        return list(csv.DictReader(f, delimiter="\t" if "\t" in head else ","))


def content(path):
    with open(path, "rb") as f:
        return f.read()


def compare(rows, paths):
    n = 0
    for path in paths:
        for _, got in Session().records(content(path)):
            if n == len(rows):
                sys.exit(f"{path}: more records than rows")
            same_row(got, rows[n], f"row {n + 1}")
            n += 1
    if n != len(rows):
        sys.exit(f"{n} records, {len(rows)} rows")
    print(f"{n} rows equal")


def subset(rows, paths):
    by_flow, seen = {r["flow"]: r for r in rows}, set()
    assert len(by_flow) == len(rows)
    for path in paths:
        for _, got in Session().records(content(path)):
            same_row(got, by_flow[got["flow"]], got["flow"])
            if got["flow"] in seen:
                sys.exit(f"{got['flow']} twice")
            seen.add(got["flow"])
    print(len(seen))


def head(path):
    for when, sequence, domain, sets, size in Session().messages(content(path)):
        print(size, when, sequence, domain, " ".join(f"{k}:{len(b) + 4}" for k, b in sets))


def tshark_columns(flow, session):
    """A flow of tshark's as columns. It takes the IANA elements apart by name, and gives those of
    enterprises by their numbers."""
    names = {"flow_id": (148,), "packets": (2,), "octets": (1,), "length_min": (25,),
             "length_max": (26,), "srcaddr": (8,), "dstaddr": (12,), "srcaddrv6": (27,),
             "dstaddrv6": (28,), "srcport": (7,), "dstport": (11,), "tcpflags": (6,),
             "tcp_windows_size": (186,), "protocol": (4,), "ttl_min": (52,),
             "ttl_max": (53,), "ip_dscp": (195,), "biflow_direction": (239,),
             "total_tcp_syn": (218,), "total_tcp_fin": (219,), "total_tcp_rst": (220,),
             "total_tcp_psh": (221,), "total_tcp_ack": (222,), "total_tcp_urg": (223,),
             "flow_end_reason": (136,), "vlanid": (58,), "ip_version": (60,),
             "srcmac": (56,), "dstmac": (80,), "appl_name": (96,)}
    own_pens = {pen for pen, _ in session.types}
    row = {}
    for f in flow:
        name, shown = f.get("name").removeprefix("cflow."), f.get("showname") or ""
        if name == "timedelta":
            for t in f:
                unit = "_ms" if "millisec" in shown else ""
                column = {"abstimestart": "start", "abstimeend": "end"}[t.get("name")[6:]] + unit
                value = bytes.fromhex(t.get("value"))
                row[column] = (milliseconds if unit else ntp)(value)
                ns = re.search(r":\d\d(\.\d+) UTC", t.get("show")).group(1)
                if not unit and not row[column].endswith(ns):
                    sys.exit(f"tshark shows {t.get('show')}, not {row[column]}")
            continue
        value = bytes.fromhex(f.get("value") or "")
        if name in names:
            pen = REVERSE if "(Reverse" in shown else 0
            fields = [(pen, names[name][0], len(value), value)]
        elif name.startswith("enterprise_private") or name == "unknown_field_type":
            element = int(re.search(r"Type (\d+)", shown).group(1))
            pen = (0 if element == 291 else CESNET if "CESNET" in shown else
                   CERT if "CERT" in shown else min(own_pens))
            fields = [(pen, element, len(value), value)]
        else:
            sys.exit(f"tshark's {name} ({shown}) is not expected")
        row.update(session.columns(fields))
    return in_era(row)


def nfdump(rows):
    """nfdump -o raw: a line a field. It keeps milliseconds, and the TCP flags of one direction."""
    kept = {"first": ("start",), "last": ("end",), "proto": ("proto",),
            "tcp flags": ("fwd_tcp_flags_or",), "src port": ("src_port",),
            "dst port": ("dst_port",), "in packets": ("fwd_packets",), "in bytes": ("fwd_bytes",),
            "out packets": ("bwd_packets",), "out bytes": ("bwd_bytes",), "src addr": ("src_ip",),
            "dst addr": ("dst_ip",), "in src mac": ("src_mac",), "in dst mac": ("dst_mac",),
            "src vlan": ("vlan",), "end reason": ("end_reason",)}
    flows, n = [], 0
    for line in sys.stdin:
        if line.startswith("Flow Record"):
            flows.append({})
        elif " = " in line:
            name, _, value = line.partition(" = ")
            flows[-1][name.strip()] = value.split()[0]
    if len(flows) != len(rows):
        sys.exit(f"nfdump: {len(flows)} flows, {len(rows)} rows")
    for got, want in zip(flows, rows):
        n += 1
        for name, (column,) in kept.items():
            expected = want.get(column) or None
            shown = got.get(name)
            if column.endswith("_port") and got.get("ICMP"):
                continue  # it shows the type in place of ports
            if column in ("start", "end"):
                shown = f"{int(shown) // 1000}.{int(shown) % 1000:03d}"
                expected = expected[:-6]
            elif column == "end_reason" and expected:
                shown, expected = str(int(shown, 16)), REASONS[expected]
            elif column == "fwd_tcp_flags_or" and expected:
                shown = str(int(shown, 16))
            elif column.startswith("bwd_") and expected in (None, "0"):
                shown, expected = shown or "0", "0"
            elif column.endswith("_ip"):
                expected = str(ipaddress.ip_address(expected))
            if expected is not None and shown != expected:
                sys.exit(f"nfdump: row {n}: {name} is {shown}, {column} {expected}")
    print(f"nfdump: {n} rows equal")


def tshark(rows, path):
    session, n = Session(), 0
    for _ in session.records(content(path)):
        pass
    for _, packet in ElementTree.iterparse(sys.stdin.buffer):
        if packet.tag != "packet":
            continue
        if packet.find(".//*[@name='_ws.malformed']") is not None:
            sys.exit("tshark: malformed")
        for flow in packet.iter("field"):
            if not re.fullmatch(r"Flow \d+", flow.get("show") or ""):
                continue
            if flow.find("*[@name='cflow.information_element_id']") is not None or \
                    any("Information Element" in (f.get("showname") or "") for f in flow):
                continue
            same_row(tshark_columns(flow, session), rows[n], f"tshark: row {n + 1}")
            n += 1
        packet.clear()
    if n != len(rows):
        sys.exit(f"tshark: {n} flows, {len(rows)} rows")
    print(f"tshark: {n} rows equal")


def main(do, *args):
    if do == "compare":
        compare(table(args[0]), args[1:])
    elif do == "subset":
        subset(table(args[0]), args[1:])
    elif do == "tshark":
        tshark(table(args[0]), args[1])
    elif do == "nfdump":
        nfdump(table(args[0]))
    elif do == "head":
        head(args[0])


main(*sys.argv[1:])
