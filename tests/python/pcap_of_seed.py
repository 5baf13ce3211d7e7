#!/usr/bin/python3
"""pcap_of_seed.py FOLDER SEED…: a capture of one packet, FOLDER/NAME, of each seed of the decoder's fuzz
target: two bytes of link type (the high one first), one that the target alone reads, the frame."""
import os
import struct
import sys

for path in sys.argv[2:]:
    with open(path, "rb") as file:
        seed = file.read()
    link, frame = seed[0] * 256 + seed[1], seed[3:]
    with open(os.path.join(sys.argv[1], os.path.basename(path)), "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, link))
        file.write(struct.pack("<IIII", 1700000000, 0, len(frame), len(frame)) + frame)
