/* --device and --flow: which packets make the one flow that a user asks for, and which way each
 * of them goes. */
#ifndef PCAP2FEAT_SELECTION_H
#define PCAP2FEAT_SELECTION_H

#include "decode.h"
#include "flow_key.h"

#include <stdbool.h>
#include <stdint.h>

enum selection_kind {
    SELECT_ALL, /* every flow, by its key */
    SELECT_MAC,
    SELECT_IP,
    SELECT_FLOW,
};

struct endpoint {
    uint8_t ip[16];
    uint8_t version; /* 4 or 6 */
    uint16_t port;
};

struct selection {
    enum selection_kind kind;
    uint8_t mac[6];       /* SELECT_MAC */
    struct endpoint a, b; /* SELECT_IP: a; SELECT_FLOW: forward is a to b */
    uint8_t proto;        /* SELECT_FLOW */
};

/* "aa:bb:cc:dd:ee:ff" or an IP address. False when it is neither. */
bool selection_device(struct selection *s, const char *text);

/* "PROTO A:PORT B:PORT", IPv6 as [A]:PORT; PROTO is TCP, UDP, SCTP, ICMP, ICMPV6 or a number;
 * without ":PORT" the port is 0. False when it is not that. */
bool selection_flow(struct selection *s, const char *text);

/* Not for SELECT_ALL: whether the packet belongs to the flow, and *forward. */
bool selection_takes(const struct selection *s, const struct packet *p, bool *forward);

/* Not for SELECT_ALL: a key that stands for the flow in flow_id(). */
struct flow_key selection_key(const struct selection *s);

#endif
