/* Frames onto an Ethernet interface, as they are. */
#ifndef TRAFGEN_SENDER_H
#define TRAFGEN_SENDER_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sender;

enum sender_status {
    SENDER_SENT,
    SENDER_FULL, /* the interface's queue takes no more now: the frame is lost */
    SENDER_BAD,  /* *e is set: nothing more can be sent */
};

/* NULL with *e: no such interface, not Ethernet (or loopback), down, or not allowed. Freed with
 * sender_close(). */
struct sender *sender_open(const char *interface, struct err *e);
void sender_close(struct sender *s); /* NULL is allowed */

/* The longest IP packet that it takes, bytes: a frame may be longer by the Ethernet header and a
 * VLAN tag. */
uint32_t sender_mtu(const struct sender *s);

enum sender_status sender_send(struct sender *s, const void *frame, size_t n, struct err *e);

/* Sends nothing, through the same code as far as that goes: what it touches is in the caches
 * after. */
void sender_warm(void *sender);

#endif
