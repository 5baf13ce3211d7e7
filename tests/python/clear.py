#!/usr/bin/python3
"""Makes what flows say in clear, byte by byte, for the tests of facts.

Usage: clear.py hello [KEY=VALUE...]            A TLS ClientHello in a record, in hex digits.
       clear.py server [KEY=VALUE...]           A ServerHello likewise.
       clear.py split WAY HEX                   make_capture.py's list of packets: a flow for each place
                                                at which the bytes are split over two segments.
       clear.py cut HEX                         Likewise: flows whose only segment was captured up to N.
       clear.py lie HEX                         Likewise: byte N is ff, in one that begins at 20000 00,
                                                and at 30000 one more.
       clear.py quic VERSION ID KIND AT:HEX...  A QUIC Initial packet of the client in hex digits, sealed with
                                                the keys of the connection ID; KIND to the connection ID
                                                KIND (first: to that one); a CRYPTO frame for each AT.

Keys of hello, lists with commas: sni, alpn (names), ciphers, extensions (types in hex, in order; the
body of those that the other keys do not give is empty), groups, signatures, versions (values in hex), formats (in hex),
version (of the header), record (bytes of the handshake a record). The client's random is 32 bytes 07.
Ways: order, reversed, again (each segment twice), overlap (the second begins 3 bytes early, with
other bytes there), nosyn, wrap (sequence numbers pass 2^32), three (three segments, the last first).
The flow of the split before byte N comes from port 10000 + N.
"""
import hmac
import struct
import sys


def listed(width, data):
    return len(data).to_bytes(width, "big") + data


def shorts(text):
    return b"".join(int(v, 16).to_bytes(2, "big") for v in text.split(",") if v)


def names(text):
    return b"".join(listed(1, name.encode("utf-8", "surrogateescape")) for name in text.split(","))


def bodies(keys, server):
    """Extensions by type, in the order in which they stand by default."""
    found = {}
    if "sni" in keys:
        found[0] = listed(2, b"\0" + listed(2, keys["sni"].encode("utf-8", "surrogateescape")))
    if "groups" in keys:
        found[10] = listed(2, shorts(keys["groups"]))
    if "formats" in keys:
        found[11] = listed(1, bytes.fromhex(keys["formats"]))
    if "signatures" in keys:
        found[13] = listed(2, shorts(keys["signatures"]))
    if "alpn" in keys:
        found[16] = listed(2, names(keys["alpn"]))
    if "versions" in keys:
        found[43] = shorts(keys["versions"]) if server else listed(1, shorts(keys["versions"]))
    return found


def extensions(keys, server):
    found = bodies(keys, server)
    order = [int(v, 16) for v in keys["extensions"].split(",") if v] if "extensions" in keys else list(found)
    all_of_them = b"".join(struct.pack(">H", t) + listed(2, found.get(t, b"")) for t in order)
    return listed(2, all_of_them) if order else b""


def hello(keys, server=False):
    version = struct.pack(">H", int(keys.get("version", "0303"), 16))
    ciphers = shorts(keys.get("ciphers", "1301"))
    if server:
        body = version + b"\7" * 32 + b"\0" + ciphers + b"\0" + extensions(keys, True)
    else:
        body = version + b"\7" * 32 + b"\0" + listed(2, ciphers) + b"\1\0" + extensions(keys, False)
    message = (b"\2" if server else b"\1") + listed(3, body)
    step = int(keys.get("record", len(message)))
    return b"".join(b"\x16\3\1" + listed(2, message[i:i + step]) for i in range(0, len(message), step))


def expand(secret, label, n):
    info = struct.pack(">HB", n, len(label) + 6) + b"tls13 " + label + b"\0\1"
    return hmac.new(secret, info, "sha256").digest()[:n]


def quic(version, identifier, to, frames):
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    second = version == 2
    salt = bytes.fromhex("0dede3def700a6db819381be6e269dcbf9bd2ed9" if second else
                         "38762cf7f55934b34d179ae6a4c80cadccbb7f0a")
    secret = expand(hmac.new(salt, identifier, "sha256").digest(), b"client in", 32)
    label = b"quicv2 " if second else b"quic "
    key, nonce, mask_key = expand(secret, label + b"key", 16), expand(secret, label + b"iv", 12), expand(
        secret, label + b"hp", 16)
    text = b"".join(b"\6" + struct.pack(">HH", 0x4000 | at, 0x4000 | len(data)) + data for at, data in frames)
    text = b"\1" + text + bytes(max(0, 1100 - len(text)))
    first = 0xd0 if second else 0xc0
    header = bytes([first | 1]) + struct.pack(">I", 0x6b3343cf if second else 1) + listed(1, to) + b"\0\0"
    header += struct.pack(">H", 0x4000 | (2 + len(text) + 16)) + b"\0\7"
    nonce = nonce[:-1] + bytes([nonce[-1] ^ 7])
    sealed = header + AESGCM(key).encrypt(nonce, text, header)
    at = len(header) - 2
    mask = Cipher(algorithms.AES(mask_key), modes.ECB()).encryptor().update(sealed[at + 4:at + 20])
    out = bytearray(sealed)
    out[0] ^= mask[0] & 15
    out[at] ^= mask[1]
    out[at + 1] ^= mask[2]
    return bytes(out)


def packet(time, port, payload, seq, flags=24):
    print("%d.%06d 10.0.0.1 10.0.0.2 tcp %d 443 x%s seq=%d flags=%d" % (
        time // 1000000, time % 1000000, port, payload.hex(), seq % 2**32, flags))


def split(way, data):
    time = 1000000
    for n in range(1, len(data)):
        start = 2**32 - n - 1 if way == "wrap" else 1000
        a, b = (start + 1, data[:n]), (start + 1 + n, data[n:])
        if way == "overlap" and n >= 3:
            b = (start + 1 + n - 3, b"\0\0\0" + data[n:])
        packets = [a, b]
        if way == "reversed":
            packets = [b, a]
        elif way == "again":
            packets = [a, a, b, b]
        elif way == "three" and n > 1:
            packets = [b, (start + 1 + n // 2, data[n // 2:n]), (start + 1, data[:n // 2])]
        if way != "nosyn":
            packet(time, 10000 + n, b"", start, 2)
        for seq, payload in packets:
            packet(time, 10000 + n, payload, seq)
        time += 1000


def cut(data):
    for n in range(len(data) + 1):
        print("1 10.0.0.1 10.0.0.2 tcp %d 443 x%s cut=%d" % (10000 + n, data.hex(), 54 + n))


def lie(data):
    for n, byte in enumerate(data):
        for port, value in ((10000, 0xff), (20000, 0), (30000, (byte + 1) % 256)):
            packet(1000000, port + n, data[:n] + bytes([value]) + data[n + 1:], 1)


def main():
    what = sys.argv[1]
    if what == "quic":
        identifier = bytes.fromhex(sys.argv[3])
        to = identifier if sys.argv[4] == "first" else bytes.fromhex(sys.argv[4])
        frames = [(int(f.split(":")[0]), bytes.fromhex(f.split(":")[1])) for f in sys.argv[5:]]
        return print(quic(int(sys.argv[2]), identifier, to, frames).hex())
    if what in ("cut", "lie"):
        return globals()[what](bytes.fromhex(sys.argv[2]))
    if what == "split":
        split(sys.argv[2], bytes.fromhex(sys.argv[3]))
    else:
        print(hello(dict(a.split("=", 1) for a in sys.argv[2:]), what == "server").hex())


main()
