#include "plan.h"

#include "address.h"
#include "num.h"
#include "wire.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t product;

    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

uint64_t plan_flows(const struct plan *p)
{
    return times(times(p->src.n, p->sport.n), times(p->dst.n, p->dport.n));
}

/* The n-th address after the first; a block never reaches past its last 64 bits. */
static void host_at(const struct plan_hosts *h, uint8_t ip_version, uint64_t n, uint8_t ip[16])
{
    memcpy(ip, h->first, sizeof h->first);
    if (ip_version == 4)
        put_be32(ip, be32(ip) + (uint32_t)n);
    else
        put_be64(ip + 8, be64(ip + 8) + n);
}

/* Takes the next of the numbers that make up `flow`. */
static uint64_t digit(uint64_t *flow, uint64_t base)
{
    const uint64_t v = *flow % base;

    *flow /= base;
    return v;
}

struct plan_flow plan_flow(const struct plan *p, uint64_t flow)
{
    struct plan_flow f = {0};

    host_at(&p->src, p->ip_version, digit(&flow, p->src.n), f.src);
    f.sport = (uint16_t)(p->sport.first + digit(&flow, p->sport.n));
    host_at(&p->dst, p->ip_version, digit(&flow, p->dst.n), f.dst);
    f.dport = (uint16_t)(p->dport.first + digit(&flow, p->dport.n));
    return f;
}

bool plan_turns_back(const struct plan *p, uint64_t n, uint64_t *flow)
{
    for (*flow = 0; *flow < n; ++*flow) {
        const struct plan_flow f = plan_flow(p, *flow);
        if (f.sport == f.dport && memcmp(f.src, f.dst, sizeof f.src) == 0)
            return true;
    }
    return false;
}

/* Makes the block of all addresses that share the first `prefix` bits. */
static void block_4(struct plan_hosts *h, unsigned prefix)
{
    const uint32_t size = prefix == 0 ? 0 : UINT32_C(1) << (32 - prefix);
    const uint32_t base = be32(h->first) & (0 - size);

    h->n = prefix == 0 ? UINT64_C(1) << 32 : size;
    put_be32(h->first, base);
    if (h->n > 2) {
        put_be32(h->first, base + 1);
        h->n -= 2;
    }
}

static void block_6(struct plan_hosts *h, unsigned prefix)
{
    if (prefix <= 64) {
        h->n = UINT64_MAX;
        put_be64(h->first + 8, 1);
    } else {
        const uint64_t size = UINT64_C(1) << (128 - prefix);
        put_be64(h->first + 8, (be64(h->first + 8) & (0 - size)) + 1);
        h->n = size - 1;
    }
    const unsigned kept = prefix < 64 ? prefix : 64;
    const uint64_t mask = kept == 0 ? 0 : UINT64_MAX << (64 - kept);
    put_be64(h->first, be64(h->first) & mask);
}

bool plan_hosts_parse(const char *text, uint8_t ip_version, struct plan_hosts *h, struct err *e)
{
    const char *const slash = strchr(text, '/');
    const unsigned bits = ip_version == 4 ? 32 : 128;
    const size_t n = slash ? (size_t)(slash - text) : strlen(text);
    char ip[ADDRESS_MAX];
    uint8_t version;
    uint64_t prefix = bits;

    if (n >= sizeof ip)
        return err_set(e, "is not an IP address");
    memcpy(ip, text, n);
    ip[n] = '\0';
    *h = (struct plan_hosts){.n = 1};
    if (!address_parse(ip, h->first, &version))
        return err_set(e, "is not an IP address");
    if (version != ip_version)
        return err_set(e, "is not an IPv%u address (--ip=%u)", ip_version, ip_version);
    if (slash && (num_u64(slash + 1, strlen(slash + 1), &prefix) != NUM_OK || prefix > bits))
        return err_set(e, "has a prefix length that is not in 0..%u", bits);
    if (prefix < bits && version == 4)
        block_4(h, (unsigned)prefix);
    else if (prefix < bits)
        block_6(h, (unsigned)prefix);
    return true;
}

bool plan_ports_parse(const char *text, struct plan_ports *ports, struct err *e)
{
    const char *const dash = strchr(text, '-');
    const size_t n = dash ? (size_t)(dash - text) : strlen(text);
    uint64_t first, last;

    if (num_u64(text, n, &first) != NUM_OK || first > UINT16_MAX)
        return err_set(e, "is not a port (0..65535) or a range of ports");
    last = first;
    if (dash && (num_u64(dash + 1, strlen(dash + 1), &last) != NUM_OK || last > UINT16_MAX))
        return err_set(e, "is not a port (0..65535) or a range of ports");
    if (last < first)
        return err_set(e, "is a range that ends before it begins");
    *ports = (struct plan_ports){(uint16_t)first, (uint32_t)(last - first + 1)};
    return true;
}

bool plan_mac_parse(const char *text, uint8_t mac[6], struct err *e)
{
    return address_parse_mac(text, mac) || err_set(e, "is not a MAC address");
}

bool plan_payload_parse(const char *text, struct plan *p, struct err *e)
{
    const size_t digits = strlen(text);

    p->payload = strcmp(text, "random") == 0 ? PAYLOAD_RANDOM
                 : strcmp(text, "zero") == 0 ? PAYLOAD_ZERO
                                             : PAYLOAD_PATTERN;
    if (p->payload != PAYLOAD_PATTERN)
        return true;
    if (digits == 0 || digits % 2 != 0 || strspn(text, "0123456789abcdefABCDEF") != digits)
        return err_set(e, "is neither random, zero nor bytes as hex digits");
    if (digits / 2 > PLAN_MAX_PATTERN)
        return err_set(e, "is more than %d bytes", PLAN_MAX_PATTERN);
    p->n_pattern = (uint32_t)(digits / 2);
    for (size_t i = 0; i < p->n_pattern; i++)
        p->pattern[i] =
            (uint8_t)(address_hex_digit(text[2 * i]) << 4 | address_hex_digit(text[2 * i + 1]));
    return true;
}
