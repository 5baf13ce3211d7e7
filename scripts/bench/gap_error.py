"""How far the gaps between packets are off, as received: two captures, what was sent and what arrived.

Usage: gap_error.py SENT RECEIVED

Frames are matched by their bytes, in order; a gap counts where both its packets arrived. Prints, with
tabs between: packets lost; the error of gaps, us: p50, p99, max; drift, us: how much later than asked
the last tenth of the packets came than the first tenth, by their medians.
"""
import struct
import sys


def packets(path):
    """(ns, bytes) of each packet of a little-endian pcap file."""
    with open(path, "rb") as f:
        data = f.read()
    scale = 1 if struct.unpack_from("<I", data)[0] == 0xa1b23c4d else 1000
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, length, _ = struct.unpack_from("<IIII", data, at)
        at += 16 + length
        yield seconds * 10**9 + fraction * scale, data[at - length:at]


def match(sent, received):
    """(place in sent, ns sent, ns received) of each packet that arrived."""
    places = {}
    for i, (_, frame) in enumerate(sent):
        places.setdefault(frame, []).append(i)
    last = -1
    for ns, frame in received:
        place = next((i for i in places.get(frame, ()) if i > last), None)
        if place is not None:
            last = place
            yield place, sent[place][0], ns


def main():
    sent = list(packets(sys.argv[1]))
    pairs = list(match(sent, packets(sys.argv[2])))
    late = [got - pairs[0][2] - (asked - pairs[0][1]) for _, asked, got in pairs]
    errors = sorted(abs(late[i] - late[i - 1]) for i in range(1, len(pairs))
                    if pairs[i][0] == pairs[i - 1][0] + 1)
    tenth = max(1, len(late) // 10)
    first, last = sorted(late[:tenth]), sorted(late[-tenth:])
    drift = last[len(last) // 2] - first[len(first) // 2]
    print(len(sent) - len(pairs),
          *(f"{ns / 1000:.3f}" for ns in (errors[len(errors) // 2], errors[len(errors) * 99 // 100],
                                         errors[-1], drift)), sep="\t")


main()
