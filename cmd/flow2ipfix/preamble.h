/* The messages that describe (templates and types), kept because they are sent again: over UDP now
 * and then, over TCP on every new connection. */
#ifndef FLOW2IPFIX_PREAMBLE_H
#define FLOW2IPFIX_PREAMBLE_H

#include "message.h"

#include <stddef.h>

struct preamble {
    struct message *at;
    size_t n, cap;
};

/* Start with a zeroed one. Keeps a copy. */
void preamble_add(struct preamble *p, const struct message *m);
void preamble_free(struct preamble *p);

/* A copy of a message, whose bytes the caller frees. */
struct message message_copy(const struct message *m);

#endif
