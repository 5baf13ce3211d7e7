#!/usr/bin/python3
"""random_packets.py SEED COUNT: a list for make_capture.py of a few flows that meet every rule of the
flow meter within a few packets, with --idle=3 --active=10 --linger=1 --activity=2: times at a
boundary and 1 ns to either side of it, backward times, FIN and RST and SYN anywhere, fragments,
VLANs, both versions of IP, ends with equal addresses, headers that contradict themselves."""
import random
import sys

SECOND = 10**9
BOUNDARIES = [SECOND, 2 * SECOND, 3 * SECOND, 10 * SECOND, SECOND // 1000 * 16]


def step(r):
    kind = r.random()
    if kind < 0.06:
        return r.choice(BOUNDARIES) + r.choice([-1, 0, 1])
    if kind < 0.14:
        return -r.choice([1, SECOND, r.randrange(5 * SECOND)])
    if kind < 0.2:
        return 0
    if kind < 0.203:
        return r.randrange(20 * SECOND)
    return r.randrange(r.choice([10**5, 10**7, SECOND // 4]))


def packet(r):
    version = r.choice(["10.0.0.%d", "10.0.0.%d", "fd00::%d"])
    a, b = r.choice([(1, 2), (2, 1), (1, 2), (2, 1), (3, 3)])
    ports = [1000 + r.randrange(3), 80]
    if a > b or r.random() < 0.3:
        ports.reverse()
    proto = r.choice(["tcp", "tcp", "tcp", "udp", "47"])
    if proto == "47":
        ports = [0, 0]
    keys = ["ttl=%d" % r.randrange(1, 256), "dscp=%d" % r.randrange(64)]
    if proto == "tcp":
        keys += ["flags=%d" % r.choice([16, 24, 16, 24, 2, 18, 17, 17, 4, 20, 6, 1, 0, r.randrange(256)]),
                 "window=%d" % r.randrange(65536)]
        if r.random() < 0.05:
            keys.append("offset=4")
    if r.random() < 0.1:
        keys.append("vlan=%d" % r.randrange(2))
    if r.random() < 0.05:
        keys.append("fragment=%d" % r.choice([8192, 8193, 1]))
    size = r.choice([0, 0, 1, 15, 16, 17, 100, 1024, r.randrange(1460)])
    return "%s %s %s %d %d %d %s" % (version % a, version % b, proto, ports[0], ports[1], size, " ".join(keys))


def main():
    r = random.Random(int(sys.argv[1]))
    now = 1700000000 * SECOND
    for _ in range(int(sys.argv[2])):
        now += step(r)
        print("%d.%09d %s" % (*divmod(now, SECOND), packet(r)))


main()
