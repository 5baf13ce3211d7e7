/* Where a collector listens: udp://HOST:PORT or tcp://HOST:PORT. */
#ifndef FLOW2IPFIX_COLLECTOR_H
#define FLOW2IPFIX_COLLECTOR_H

#include "err.h"

#include <netdb.h>
#include <stdbool.h>

struct collector {
    bool tcp;
    const char *url;
    char *host, *port;
    struct addrinfo *addresses; /* after collector_resolve() */
};

/* Takes an URL apart: an IPv6 address stands in brackets, without a port it is 4739. The URL must
 * stay. NULL with *e: it is none. Freed with collector_free(). */
struct collector *collector_new(const char *url, struct err *e);
void collector_free(struct collector *c);

/* Looks the host up. False with *e. */
bool collector_resolve(struct collector *c, struct err *e);

#endif
