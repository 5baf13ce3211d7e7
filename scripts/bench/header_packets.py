"""header_packets.py ROWS DIR: for scripts/bench/xdp. Writes ROWS, a table of 20,000 made-up packets' headers with a
class that takes many leaves to tell, and 12 packets of the same kind as files DIR/NN.made."""
import random
import struct
import sys

NAMES = ("len", "ttl", "dscp", "ecn", "tcp_flags", "tcp_window", "ip_df")


def headers(rng):
    return (rng.randint(40, 1500), rng.randint(1, 255), rng.randint(0, 63), rng.randint(0, 3), rng.randint(0, 255),
            rng.randint(0, 65535), rng.randint(0, 1))


def class_of(row):
    length, ttl, dscp, _, flags, window, dont_fragment = row
    return "c%d" % ((length // 200 + ttl // 48 + dscp // 16 + flags // 64 + window // 12000 + dont_fragment) % 6)


def packet(row):
    length, ttl, dscp, ecn, flags, window, dont_fragment = row
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, dscp << 2 | ecn, length, 7, dont_fragment << 14, ttl, 6, 0,
                     bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    tcp = struct.pack(">HHIIBBHHH", 40000, 443, 1, 1, 5 << 4, flags, window, 0, 0)
    return bytes([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0]) + ip + tcp + bytes(length - 40)


def main():
    rng = random.Random(1)
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write(",".join(NAMES) + ",class\n")
        for _ in range(20000):
            row = headers(rng)
            out.write(",".join(map(str, row)) + "," + class_of(row) + "\n")
    for i in range(12):
        with open("%s/%02d.made" % (sys.argv[2], i), "wb") as out:
            out.write(packet(headers(rng)))


main()
