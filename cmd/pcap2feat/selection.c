#include "selection.h"

#include "address.h"
#include "num.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

bool selection_device(struct selection *s, const char *text)
{
    *s = (struct selection){.kind = SELECT_MAC};
    if (address_parse_mac(text, s->mac))
        return true;
    s->kind = SELECT_IP;
    return address_parse(text, s->a.ip, &s->a.version);
}

/* The address part of [from, end) as text, without the brackets; *port is what follows it. */
static bool split_endpoint(const char *from, const char *end, char *ip, size_t size,
                           const char **port)
{
    const bool bracketed = *from == '[';
    const char *const close = bracketed ? memchr(from, ']', (size_t)(end - from))
                                        : memchr(from, ':', (size_t)(end - from));
    const char *const stop = close ? close : end;

    if (bracketed && !close)
        return false;
    from += bracketed;
    if ((size_t)(stop - from) >= size)
        return false;
    memcpy(ip, from, (size_t)(stop - from));
    ip[stop - from] = '\0';
    *port = bracketed ? stop + 1 : stop;
    return *port == end || **port == ':';
}

static bool parse_endpoint(const char *from, const char *end, struct endpoint *e)
{
    char ip[INET6_ADDRSTRLEN];
    const char *port;
    uint64_t v = 0;

    if (!split_endpoint(from, end, ip, sizeof ip, &port) || !address_parse(ip, e->ip, &e->version))
        return false;
    if (port < end && (num_u64(port + 1, (size_t)(end - port - 1), &v) != NUM_OK || v > UINT16_MAX))
        return false;
    e->port = (uint16_t)v;
    return true;
}

static bool parse_proto(const char *from, size_t n, uint8_t *proto)
{
    static const struct {
        const char *name;
        uint8_t number;
    } known[] = {
        {"TCP", IPPROTO_TCP},   {"UDP", IPPROTO_UDP},       {"SCTP", IPPROTO_SCTP},
        {"ICMP", IPPROTO_ICMP}, {"ICMPV6", IPPROTO_ICMPV6},
    };
    uint64_t v;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].name) == n && strncasecmp(known[i].name, from, n) == 0) {
            *proto = known[i].number;
            return true;
        }
    if (num_u64(from, n, &v) != NUM_OK || v > UINT8_MAX)
        return false;
    *proto = (uint8_t)v;
    return true;
}

bool selection_flow(struct selection *s, const char *text)
{
    const char *const first = strchr(text, ' ');
    const char *const second = first ? strchr(first + 1, ' ') : NULL;

    *s = (struct selection){.kind = SELECT_FLOW};
    return second && parse_proto(text, (size_t)(first - text), &s->proto) &&
           parse_endpoint(first + 1, second, &s->a) &&
           parse_endpoint(second + 1, text + strlen(text), &s->b) && s->a.version == s->b.version;
}

static bool is_end(const struct endpoint *e, const uint8_t ip[16], uint16_t port)
{
    return e->port == port && memcmp(e->ip, ip, sizeof e->ip) == 0;
}

static bool takes_flow(const struct selection *s, const struct packet *p, bool *forward)
{
    if (p->ip_version != s->a.version || p->proto != s->proto)
        return false;
    *forward = is_end(&s->a, p->src, p->src_port) && is_end(&s->b, p->dst, p->dst_port);
    return *forward || (is_end(&s->b, p->src, p->src_port) && is_end(&s->a, p->dst, p->dst_port));
}

bool selection_takes(const struct selection *s, const struct packet *p, bool *forward)
{
    switch (s->kind) {
    case SELECT_MAC:
        *forward = p->has_mac && memcmp(p->src_mac, s->mac, sizeof s->mac) == 0;
        return *forward || (p->has_mac && memcmp(p->dst_mac, s->mac, sizeof s->mac) == 0);
    case SELECT_IP:
        if (p->ip_version != s->a.version)
            return false;
        *forward = memcmp(p->src, s->a.ip, sizeof p->src) == 0;
        return *forward || memcmp(p->dst, s->a.ip, sizeof p->dst) == 0;
    case SELECT_FLOW:
        return takes_flow(s, p, forward);
    case SELECT_ALL:
        break;
    }
    return false;
}

struct flow_key selection_key(const struct selection *s)
{
    struct flow_key k = {
        .vlan = VLAN_NONE,
        .proto = s->proto,
        .ip_version = s->a.version,
        .low_port = s->a.port,
        .high_port = s->b.port,
    };

    memcpy(k.low, s->a.ip, sizeof k.low);
    memcpy(k.high, s->b.ip, sizeof k.high);
    if (s->kind == SELECT_MAC)
        memcpy(k.low, s->mac, sizeof s->mac);
    return k;
}
