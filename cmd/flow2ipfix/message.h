/* An IPFIX message on its way out. */
#ifndef FLOW2IPFIX_MESSAGE_H
#define FLOW2IPFIX_MESSAGE_H

#include "wire.h"

#include <stddef.h>
#include <stdint.h>

enum {
    MESSAGE_HEAD = 16,
    MESSAGE_MOST = 65535,
};

struct message {
    uint8_t *p;
    size_t n;
    uint32_t rows;    /* of the table */
    uint32_t records; /* what the sequence number counts: rows, and descriptions of elements */
    uint32_t time;    /* seconds: when it was exported, by the rows' own clock; 0: they have none */
};

/* Sets when it is exported, and how many records went before it. */
static inline void message_stamp(const struct message *m, uint32_t seconds, uint32_t sequence)
{
    put_be32(m->p + 4, seconds);
    put_be32(m->p + 8, sequence);
}

#endif
