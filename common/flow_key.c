#include "flow_key.h"

#include <endian.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static bool sender_is_high(const struct packet *p)
{
    const int order = memcmp(p->src, p->dst, sizeof p->src);

    return order != 0 ? order > 0 : p->src_port > p->dst_port;
}

struct flow_key flow_key_by(const struct packet *p, bool swapped)
{
    struct flow_key k = {.vlan = p->vlan, .proto = p->proto, .ip_version = p->ip_version};

    memcpy(k.low, swapped ? p->dst : p->src, sizeof k.low);
    memcpy(k.high, swapped ? p->src : p->dst, sizeof k.high);
    k.low_port = swapped ? p->dst_port : p->src_port;
    k.high_port = swapped ? p->src_port : p->dst_port;
    return k;
}

struct flow_key flow_key_of(const struct packet *p, bool *swapped)
{
    *swapped = sender_is_high(p);
    return flow_key_by(p, *swapped);
}

/* The key as bytes that are the same on every machine. */
static struct flow_key portable(const struct flow_key *k)
{
    struct flow_key bytes = *k;

    bytes.low_port = htole16(k->low_port);
    bytes.high_port = htole16(k->high_port);
    bytes.vlan = htole16(k->vlan);
    return bytes;
}

int flow_key_compare(const struct flow_key *a, const struct flow_key *b)
{
    const struct flow_key x = portable(a), y = portable(b);

    return memcmp(&x, &y, sizeof x);
}

uint64_t flow_key_hash(const struct flow_key *k)
{
    return flow_key_hash_seeded(k, 0);
}

uint64_t flow_key_hash_seeded(const struct flow_key *k, uint64_t seed)
{
    const struct flow_key bytes = portable(k);

    return XXH3_64bits_withSeed(&bytes, sizeof bytes, seed);
}

uint64_t flow_id(const char *file, const struct flow_key *k, uint64_t first_ts)
{
    const struct {
        struct flow_key key;
        uint64_t ts;
    } first = {portable(k), htole64(first_ts)};

    _Static_assert(sizeof first == sizeof(struct flow_key) + sizeof(uint64_t), "padding is hashed");
    return XXH3_64bits_withSeed(&first, sizeof first, XXH3_64bits(file, strlen(file)));
}
