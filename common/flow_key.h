/* What makes two packets belong to one flow: 5-tuple and VLAN, both directions alike. One key
 * function for all tools. */
#ifndef WEIR_FLOW_KEY_H
#define WEIR_FLOW_KEY_H

#include "decode.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Ordered so that the lower (address, port) comes first; no padding, so keys compare and hash as
 * bytes. */
struct flow_key {
    uint8_t low[16], high[16];
    uint16_t low_port, high_port;
    uint16_t vlan;
    uint8_t proto, ip_version;
};

/* The key of a packet. *swapped is true when its sender is the high end. */
struct flow_key flow_key_of(const struct packet *p, bool *swapped);

/* The same where it is known which end the sender is. */
struct flow_key flow_key_by(const struct packet *p, bool swapped);

static inline bool flow_key_equal(const struct flow_key *a, const struct flow_key *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* The order of keys, as memcmp() tells it: by their bytes as they are hashed, the same on every
 * machine. */
int flow_key_compare(const struct flow_key *a, const struct flow_key *b);

/* 64-bit hash (XXH3), the same for both directions on every machine. */
uint64_t flow_key_hash(const struct flow_key *k);

/* The same with a seed: a table that strangers fill takes a random one, so that they can't choose
 * addresses that all fall together. */
uint64_t flow_key_hash_seeded(const struct flow_key *k, uint64_t seed);

/* The value of the flow column: XXH3 over the key and the first packet's time, seeded with XXH3
 * over the file's name. */
uint64_t flow_id(const char *file, const struct flow_key *k, uint64_t first_ts);

#endif
