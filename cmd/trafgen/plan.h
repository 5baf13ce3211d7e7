/* Which headers the packets of each flow carry: protocols, addresses, ports, payload. */
#ifndef TRAFGEN_PLAN_H
#define TRAFGEN_PLAN_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

/* A block of addresses of consecutive hosts. */
struct plan_hosts {
    uint8_t first[16]; /* IPv4: the first 4 bytes */
    uint64_t n;        /* saturates */
};

struct plan_ports {
    uint16_t first;
    uint32_t n;
};

enum plan_payload {
    PAYLOAD_RANDOM, /* after four zeros */
    PAYLOAD_ZERO,
    PAYLOAD_PATTERN, /* repeated from the start of each payload */
};

enum { PLAN_MAX_PATTERN = 1024, PLAN_NO_VLAN = 0xffff };

struct plan {
    uint8_t ip_version; /* 4 or 6 */
    bool tcp;           /* else UDP */
    bool timestamps;    /* TCP: with the option of that name */
    uint16_t vlan;      /* PLAN_NO_VLAN: untagged */
    uint8_t src_mac[6], dst_mac[6];
    struct plan_hosts src, dst; /* src is the end that sends forward */
    struct plan_ports sport, dport;
    enum plan_payload payload;
    uint8_t pattern[PLAN_MAX_PATTERN];
    uint32_t n_pattern;
};

/* The ends of one flow. */
struct plan_flow {
    uint8_t src[16], dst[16];
    uint16_t sport, dport;
};

/* How many flows the plan tells apart; saturates. */
uint64_t plan_flows(const struct plan *p);

/* The ends of flow 0, 1, … < plan_flows(): the sender's address changes fastest, then its port, the
 * receiver's address and its port. */
struct plan_flow plan_flow(const struct plan *p, uint64_t flow);

/* Whether one of the first n flows has the same end twice; it is *flow. Unless one has, no two
 * flows have the same ends the other way round either: of such a pair, the end that comes first in
 * the plan would have been both ends of a flow before. */
bool plan_turns_back(const struct plan *p, uint64_t n, uint64_t *flow);

/* The parts of a plan from text. False with *e, which says what is wrong with the text ("is not an
 * IPv4 address"). A block of IPv4 leaves out its network and broadcast address, one of IPv6 its
 * first. */
bool plan_hosts_parse(const char *text, uint8_t ip_version, struct plan_hosts *h, struct err *e);
bool plan_ports_parse(const char *text, struct plan_ports *ports, struct err *e);
bool plan_mac_parse(const char *text, uint8_t mac[6], struct err *e);
bool plan_payload_parse(const char *text, struct plan *p, struct err *e);

#endif
