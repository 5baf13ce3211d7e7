/* An interface that is listened to: a handle of libpcap, which never waits, and what the kernel
 * counts. Packets go through a ring that libpcap maps (TPACKET_V3, or TPACKET_V2 where each packet
 * is to come at once). */
#ifndef WEIR_TAP_H
#define WEIR_TAP_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TAP_TIMEOUT_MS = 100,          /* the longest that the kernel keeps a block that is not full */
    TAP_BUFFER = 32 * 1024 * 1024, /* bytes of the ring by default */
    TAP_NO_GROUP = -1,
    TAP_MOST_GROUP = 65535,
};

struct tap_options {
    int snaplen;    /* bytes of a packet */
    int buffer;     /* bytes of the ring; the kernel rounds up to whole blocks */
    bool immediate; /* packets come one at a time, at once; otherwise in blocks */
    int group; /* share the packets, by flow, with who else has this number; TAP_NO_GROUP: no */
};

/* What the kernel has counted since the tap was opened. */
struct tap_counts {
    uint64_t received; /* packets, those dropped too */
    uint64_t dropped;  /* the ring was full */
    uint64_t lost;     /* the interface itself had no room */
};

struct tap;
struct pcap;

/* Promiscuous, nanoseconds where the interface has them. NULL with *e. Freed with tap_close(). */
struct tap *tap_open(const char *interface, const struct tap_options *o, struct err *e);
void tap_close(struct tap *t);

struct pcap *tap_pcap(const struct tap *t);

/* A packet with an earlier time (ns since the epoch) came before the group was joined and is not
 * ours; 0 without a group. */
uint64_t tap_since(const struct tap *t);

/* A packet that is there is read at the latest so many ms later: 0 if immediate. */
int tap_delay(const struct tap *t);

/* To be given to poll() with POLLIN. */
int tap_fd(const struct tap *t);

/* False where the kernel does not count. Opens nothing. */
bool tap_counts(struct tap *t, struct tap_counts *counts);

#endif
