"""UDP for tests of marks and rates.
udp.py send ADDRESS PORT COUNT BYTES SECONDS SPORT[=DSCP]…   COUNT datagrams of BYTES within SECONDS from each source port
udp.py echo PORT SECONDS                                     sends back what comes, on all addresses
udp.py rate PORT SECONDS [PORT…]                             prints for each port: datagrams, and bit/s of IP packets
                                                             after the first 1.5 s, in which a rate's burst goes"""
import select
import socket
import sys
import time

UDP_AND_IP = 28
BURST_SECONDS = 1.5


def bound(port):
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.bind(("::", port))
    return s


def send(address, port, count, size, seconds, *sources):
    target = socket.getaddrinfo(address, int(port), type=socket.SOCK_DGRAM)[0]
    senders = []
    for source in sources:
        sport, _, dscp = source.partition("=")
        s = socket.socket(target[0], socket.SOCK_DGRAM)
        if dscp and target[0] == socket.AF_INET:
            s.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, int(dscp) << 2)
        elif dscp:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, int(dscp) << 2)
        if target[0] == socket.AF_INET6:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        s.bind(("", int(sport)))
        senders.append(s)
    start = time.monotonic()
    for i in range(int(count)):
        time.sleep(max(0, start + float(seconds) * i / int(count) - time.monotonic()))
        for s in senders:
            s.sendto(bytes(int(size)), target[4])


def echo(port, seconds):
    s = bound(int(port))
    end = time.monotonic() + float(seconds)
    while select.select([s], [], [], max(0, end - time.monotonic()))[0]:
        data, peer = s.recvfrom(65536)
        s.sendto(data, peer)


def rate(port, seconds, *more):
    sockets = [bound(int(p)) for p in (port, *more)]
    seen = {s: [] for s in sockets}
    end = time.monotonic() + float(seconds)
    while ready := select.select(sockets, [], [], max(0, end - time.monotonic()))[0]:
        for s in ready:
            seen[s].append((time.monotonic(), len(s.recv(65536)) + UDP_AND_IP))
    for s in sockets:
        got = seen[s]
        late = [(t, n) for t, n in got if t > got[0][0] + BURST_SECONDS]
        span = late[-1][0] - late[0][0] if len(late) > 1 else 1
        print(len(got), round(8 * sum(n for _, n in late[1:]) / span))


{"send": send, "echo": echo, "rate": rate}[sys.argv[1]](*sys.argv[2:])
