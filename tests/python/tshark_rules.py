"""In which conversations tshark 4.0 counts a frame, where that is not how Weir does it.

Each rule has a name, as in nfpcapd_rules. tshark's tables of conversations count every TCP and UDP header of a frame,
but no one that it can't take apart to its end."""

TUNNEL = "what is in a tunnel counts too"
LINK = "a link layer or file format that Weir does not read"
TRANSPORT = "a TCP or UDP header that is cut or contradicts itself is in no conversation"
ROUTED = "an address in a source route, routing header or home address option takes an end's place"
FAMILY = "a loopback family that is none, taken for a type"

SEPARATOR = "\x1f"


def several(row, name):
    return row[name].split(SEPARATOR) if row[name] else []


def headers(row):
    """The keys of a frame's TCP and UDP headers from the outermost in, and how many IP headers stand before each."""
    ends = {v: list(zip(several(row, v + ".src"), several(row, v + ".dst"))) for v in ("ip", "ipv6")}
    ports = {p: list(zip(several(row, p + ".srcport"), several(row, p + ".dstport"))) for p in ("tcp", "udp")}
    found, current, depth = [], None, 0
    for name in row["frame.protocols"].split(":"):
        if name in ("icmp", "icmpv6"):
            break  # what an error quotes
        if name in ends and ends[name]:
            current = ends[name].pop(0)
            depth += 1
        elif name in ports and ports[name] and current:
            source, target = ports[name].pop(0)
            proto = 6 if name == "tcp" else 17
            found.append(((proto, current[0], int(source), current[1], int(target)), depth))
    return found


def unsound(row):
    """Whether tshark gave up in the outermost TCP or UDP header."""
    if not row["tcp.stream"] and not row["udp.stream"]:
        return True
    header = several(row, "tcp.hdr_len")
    if not header:
        return False
    if int(header[0]) < 20 or not row["tcp.flags"] or "Malformed Packet: TCP" in row["_ws.malformed"]:
        return True
    missing = int(row["frame.len"]) - int(row["frame.cap_len"])
    return missing > int((several(row, "tcp.len") or ["0"])[0])


def view(row, mine):
    """The keys that a frame counts for, which Weir counts for the key `mine` or None, and the rules by key."""
    counted, rules = [], {}
    routed = "ipv6.routing" in row["frame.protocols"] or "ipv6.dstopts" in row["frame.protocols"]
    for key, depth in headers(row):
        if depth == 1 and unsound(row):
            continue
        if depth == 1 and routed:
            rules[key[0], key[2], key[4]] = ROUTED  # which address it is tshark does not print: by ports
            continue
        counted.append(key)
        if depth > 1:
            rules[key] = TUNNEL
        elif mine is None:
            rules[key] = FAMILY if row["frame.protocols"].startswith("null:") else LINK
        elif key != mine:
            rules[key] = rules[mine] = ROUTED
    if mine and mine not in counted and mine not in rules:
        rules[mine] = ROUTED if routed else TRANSPORT
    return counted, rules
