#!/usr/bin/env python3
"""A collector that keeps messages as they come, until it is killed: over UDP all in OUT, over TCP each
connection in OUT.1, OUT.2 and so on, whole messages only. Prints the port once it listens.

ipfix_collect.py udp|tcp PORT OUT      PORT 0: any
"""
import itertools
import socket
import sys


def udp(s, out):
    with open(out, "wb", buffering=0) as f:
        while True:
            f.write(s.recv(65535))


def receive(peer):
    try:
        return peer.recv(65536)
    except ConnectionResetError:
        return b""


def tcp(s, out):
    s.listen(1)
    for k in itertools.count(1):
        peer, _ = s.accept()
        rest = b""
        with open(f"{out}.{k}", "wb", buffering=0) as f:
            while data := receive(peer):
                rest += data
                while len(rest) >= 16 and len(rest) >= (size := int.from_bytes(rest[2:4], "big")):
                    f.write(rest[:size])
                    rest = rest[size:]
        peer.close()


def main(kind, port, out):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << (23 if kind == "udp" else 16))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", int(port)))
    print(s.getsockname()[1], flush=True)
    (udp if kind == "udp" else tcp)(s, out)


main(*sys.argv[1:])
