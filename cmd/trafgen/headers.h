/* The headers of one direction of one flow: written once, and the little that differs from packet
 * to packet put into a copy, checksums by what they are of the rest. */
#ifndef TRAFGEN_HEADERS_H
#define TRAFGEN_HEADERS_H

#include "plan.h"
#include "series.h"

#include <stdint.h>

enum {
    HEADERS_SYN_OPTIONS = 8,
    HEADERS_TIMESTAMPS = 12,
    /* Ethernet, VLAN, IPv6, TCP. */
    HEADERS_MAX = 14 + 4 + 40 + 20 + HEADERS_TIMESTAMPS + HEADERS_SYN_OPTIONS,
};

struct headers {
    uint32_t transport_sum; /* of addresses, protocol and ports */
    uint32_t ip_sum;        /* IPv4: of its header without length, identification and TTL */
    uint8_t ip_at, transport_at;
    uint8_t n; /* bytes, without the options of a SYN */
    uint8_t bytes[HEADERS_MAX];
};

/* The headers of packets of a flow in this direction. */
struct headers headers_new(const struct plan *p, const struct plan_flow *f, enum series_dir dir);

/* Bytes of the IP packet without any payload. */
static inline uint32_t headers_ip_length(const struct headers *h)
{
    return (uint32_t)h->n - h->ip_at;
}

enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_PSH = 0x08, TCP_ACK = 0x10 };

/* What differs from packet to packet. */
struct headers_packet {
    uint32_t ip_length; /* bytes of the IP packet, options of a SYN counted */
    uint16_t payload_sum;
    uint8_t ttl;
    uint16_t id; /* IPv4 identification */
    uint32_t seq, ack;
    uint8_t flags; /* TCP; a SYN carries HEADERS_SYN_OPTIONS bytes of options */
    uint16_t window;
    uint32_t stamp, echo; /* timestamps, where the plan has them */
};

/* Writes the headers at `to`. */
void headers_put_udp(const struct headers *h, const struct headers_packet *p, uint8_t *to);
void headers_put_tcp(const struct headers *h, const struct headers_packet *p, uint8_t *to);

#endif
