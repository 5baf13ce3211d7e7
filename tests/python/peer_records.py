"""What Weir, nfdump, argus and tshark say of a capture, as records of one direction each.

Each program's output is kept in a folder, if one is named, and read from there the next time."""
import collections
import csv
import datetime
import ipaddress
import json
import os
import re
import subprocess
import tempfile

# A direction's key is (protocol, sender, its port, receiver, its port); times are nanoseconds.
Record = collections.namedtuple("Record", "key packets bytes first last")

PACKET_FIELDS = ("frame,ts,src_ip,dst_ip,src_port,dst_port,vlan,proto,ip_version,len,payload_len,tcp_hdr_len,"
                 "ip_hdr_len,frag_offset,ip_mf").split(",")
ENDS = "src_ip,dst_ip,src_port,dst_port,proto,vlan,end_reason"
FLOW_FIELDS = ENDS + "".join(",%s_packets,%s_bytes,%s_start,%s_end" % ((way,) * 4) for way in ("fwd", "bwd"))
FRAME_FIELDS = ["frame.number", "frame.len", "frame.cap_len", "frame.protocols", "ip.src", "ip.dst",
                "ip.frag_offset", "ip.flags.mf", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport",
                "udp.srcport", "udp.dstport", "tls.handshake.type", "tls.handshake.extensions_server_name",
                "tls.handshake.extensions_alpn_str", "tls.handshake.ja3", "tls.handshake.ja3s", "dns.qry.name",
                "dns.flags.response", "http.request.method", "http.host", "http.request.uri", "http.referer",
                "http.user_agent", "http.response.code", "ssh.protocol", "tls.record.content_type", "tcp.stream",
                "udp.stream", "_ws.malformed", "http.request.version", "tcp.len", "tcp.hdr_len", "tcp.flags"]
ARGUS_FIELDS = "proto,saddr,sport,daddr,dport,spkts,dpkts,sbytes,dbytes,sstime,sltime,dstime,dltime".split(",")
# Nothing ends within a capture: no timeout, no report of flows that go on.
ARGUS_CONF = """ARGUS_FLOW_TYPE="Bidirectional"
ARGUS_FLOW_KEY="CLASSIC_5_TUPLE"
ARGUS_FLOW_STATUS_INTERVAL=%d
ARGUS_MAR_STATUS_INTERVAL=100000000
ARGUS_IP_TIMEOUT=%d
ARGUS_TCP_TIMEOUT=%d
ARGUS_ICMP_TIMEOUT=%d
ARGUS_IGMP_TIMEOUT=%d
ARGUS_FRAG_TIMEOUT=%d
ARGUS_OTHER_TIMEOUT=%d
ARGUS_GENERATE_BIDIRECTIONAL_TIMESTAMPS=yes
"""
LONG = 100000


def run(command, **more):
    """Standard output, and standard error; both are kept whatever the exit status is."""
    env = {**os.environ, "TZ": "UTC", "PATH": os.environ["PATH"] + ":/usr/sbin"}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, check=False, **more)
    return done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "surrogateescape")


class Capture:
    def __init__(self, path, name, cache=None):
        self.path = path
        self.name = name
        self.cache = cache and os.path.join(cache, name)
        if self.cache:
            os.makedirs(self.cache, exist_ok=True)

    def kept(self, what, make):
        """What make() returned, a text and messages, now or before."""
        file = self.cache and os.path.join(self.cache, what)
        if not file:
            return make()
        if not os.path.exists(file):
            texts = make()
            for name, text in zip((file + ".err", file), texts[::-1]):
                with open(name, "w", encoding="utf-8", errors="surrogateescape", newline="") as f:
                    f.write(text)
        texts = []
        for name in (file, file + ".err"):
            with open(name, encoding="utf-8", errors="surrogateescape", newline="") as f:
                texts.append(f.read())
        return texts


def nanoseconds(text):
    seconds, _, fraction = text.partition(".")
    return int(seconds) * 10**9 + int((fraction + "0" * 9)[:9])


def address(text):
    return str(ipaddress.ip_address(text))


# --- Weir


def weir_packets(capture, decap):
    """By the frame's number."""
    more = ["--decap"] if decap else []
    text, _ = capture.kept("inner" if decap else "packets", lambda: run(
        ["pcap2feat", "-q", "--per=packet", "--fields=" + ",".join(PACKET_FIELDS), *more, capture.path]))
    return {int(row["frame"]): row for row in csv.DictReader(text.splitlines())}


def weir_flows(capture, name, options):
    text, _ = capture.kept(name, lambda: run(
        ["pcap2feat", "-q", "--per=flow", "--fields=" + FLOW_FIELDS, *options, capture.path]))
    records = []
    for row in csv.DictReader(text.splitlines()):
        a, b = (row["src_ip"], int(row["src_port"])), (row["dst_ip"], int(row["dst_port"]))
        for way, sender, receiver in (("fwd_", a, b), ("bwd_", b, a)):
            if row[way + "packets"] != "0":
                records.append(Record((int(row["proto"]), *sender, *receiver), int(row[way + "packets"]),
                                      int(row[way + "bytes"]), nanoseconds(row[way + "start"]),
                                      nanoseconds(row[way + "end"])))
    return records


# --- nfdump


def nfdump_run(capture, active, idle):
    with tempfile.TemporaryDirectory() as folder:
        _, messages = run(["nfpcapd", "-r", capture.path, "-w", folder, "-e", "%d,%d" % (active, idle), "-B", "4096",
                           "-t", "1000000000"])
        text, _ = run(["nfdump", "-R", folder, "-q", "-o", "json"])
    return text, messages


def milliseconds(text):
    """Also of years that datetime does not know, which nfpcapd makes of what is no time."""
    year, month, day, hour, minute, second, ms = map(int, re.split("[-T:.]", text))
    cycles, year = divmod(year - 2000, 400)  # of 146097 days
    days = datetime.date(2000 + year, month, day).toordinal() - datetime.date(1970, 1, 1).toordinal() + cycles * 146097
    return ((days * 24 + hour) * 3600 + minute * 60 + second) * 10**9 + ms * 10**6


def nfdump_records(capture, active=3600, idle=3600):
    text, messages = capture.kept("nfdump-%d-%d" % (active, idle), lambda: nfdump_run(capture, active, idle))
    if "Setup failed" in messages:
        return None
    records = []
    for row in json.loads("[" + text + "]") if text.startswith("{") else []:
        v = "4" if "src4_addr" in row else "6"
        key = (int(row["proto"]), address(row["src%s_addr" % v]), row.get("src_port", 0),
               address(row["dst%s_addr" % v]), row.get("dst_port", 0))
        records.append(Record(key, row["in_packets"], row["in_bytes"], milliseconds(row["first"]),
                              milliseconds(row["last"])))
    return records


# --- argus


def argus_run(capture, status, timeout):
    with tempfile.TemporaryDirectory() as folder:
        conf, out = os.path.join(folder, "conf"), os.path.join(folder, "out")
        with open(conf, "w", encoding="utf-8") as f:
            f.write(ARGUS_CONF % ((status,) + (timeout,) * 6))
        _, messages = run(["argus", "-X", "-F", conf, "-r", capture.path, "-w", out])
        text, _ = run(["ra", "-X", "-r", out, "-nn", "-u", "-p", "6", "-c", ",", "-s", *ARGUS_FIELDS])
    return text, messages


def argus_rows(capture, status=LONG, timeout=LONG):
    text, messages = capture.kept("argus-%d-%d" % (status, timeout), lambda: argus_run(capture, status, timeout))
    rows = csv.reader(text.splitlines()[1:])
    return [dict(zip(ARGUS_FIELDS, row)) for row in rows], messages


# --- tshark

def tshark_run(capture, defragment):
    """Its fields of each frame, and its tables of conversations."""
    state = "TRUE" if defragment else "FALSE"
    fields = [word for field in FRAME_FIELDS for word in ("-e", field)]
    return run(["tshark", "-n", "-o", "ip.defragment:" + state, "-o", "ipv6.defragment:" + state, "-T", "fields",
                "-E", "separator=/t", "-E", "aggregator=\x1f", *fields, "-z", "conv,tcp", "-z", "conv,udp",
                "-r", capture.path])


def tshark(capture, defragment=False):
    """Its fields by the frame's number, and the lines of its tables of conversations; IP fragments are put together
    on demand."""
    name = "tshark-defragmented" if defragment else "tshark"
    text, messages = capture.kept(name, lambda: tshark_run(capture, defragment))
    frames, _, tables = text.partition("=" * 80 + "\n")
    rows = [dict(zip(FRAME_FIELDS, line.split("\t"))) for line in frames.splitlines()]
    return {int(row["frame.number"]): row for row in rows}, tables.splitlines(True), messages


LINE = re.compile(r"(\S+):(\d+)\s+<->\s+(\S+):(\d+)\s+(\d+)\s.*?\s(?:bytes|kB|MB)\s+(\d+)\s")


def conversations(lines):
    """Packets by direction, of tshark's tables, which begin a TCP conversation anew where ports are used again."""
    packets, proto = collections.Counter(), None
    for line in lines:
        if line.endswith(" Conversations\n"):
            proto = {"TCP": 6, "UDP": 17}[line.split()[0]]
        found = LINE.match(line)
        if found:
            a, b = (found[1], int(found[2])), (found[3], int(found[4]))
            packets[proto, *b, *a] += int(found[5])
            packets[proto, *a, *b] += int(found[6])
        elif "<->" in line:
            raise ValueError("not understood: " + line)
    return packets
