#include "headers.h"

#include "payload.h"
#include "wire.h"

#include <netinet/in.h>
#include <string.h>

enum {
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
    TYPE_VLAN = 0x8100,
    IPV4_LENGTH = 20,
    IPV6_LENGTH = 40,
    UDP_LENGTH = 8,
    TCP_LENGTH = 20,
    DONT_FRAGMENT = 0x4000,
};

/* The options of a SYN: maximum segment size 1460, no operation, window scale 14 (the largest:
 * what a window of 65,535 can hold is not exceeded by any series with answers). */
static const uint8_t syn_options[HEADERS_SYN_OPTIONS] = {2, 4, 0x05, 0xb4, 1, 3, 3, 14};

/* No operation twice, timestamps of 10 bytes. */
static const uint8_t timestamps[] = {1, 1, 8, 10};

static uint32_t sum_words(const uint8_t *p, size_t n)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < n; i += 2)
        sum += be16(p + i);
    return sum;
}

static uint8_t *put_ethernet(uint8_t *p, const struct plan *plan, bool forward)
{
    memcpy(p, forward ? plan->dst_mac : plan->src_mac, 6);
    memcpy(p + 6, forward ? plan->src_mac : plan->dst_mac, 6);
    p += 12;
    if (plan->vlan != PLAN_NO_VLAN) {
        put_be16(p, TYPE_VLAN);
        put_be16(p + 2, plan->vlan);
        p += 4;
    }
    put_be16(p, plan->ip_version == 4 ? TYPE_IPV4 : TYPE_IPV6);
    return p + 2;
}

static uint8_t *put_ip(uint8_t *p, const struct plan *plan, const uint8_t *src, const uint8_t *dst)
{
    const uint8_t proto = plan->tcp ? IPPROTO_TCP : IPPROTO_UDP;

    if (plan->ip_version == 6) {
        p[0] = 0x60;
        p[6] = proto;
        memcpy(p + 8, src, 16);
        memcpy(p + 24, dst, 16);
        return p + IPV6_LENGTH;
    }
    p[0] = 0x45;
    put_be16(p + 6, DONT_FRAGMENT);
    p[9] = proto;
    memcpy(p + 12, src, 4);
    memcpy(p + 16, dst, 4);
    return p + IPV4_LENGTH;
}

struct headers headers_new(const struct plan *plan, const struct plan_flow *f, enum series_dir dir)
{
    const bool forward = dir == SERIES_FORWARD;
    const size_t address = plan->ip_version == 4 ? 4 : 16;
    const uint8_t *const src = forward ? f->src : f->dst, *const dst = forward ? f->dst : f->src;
    struct headers h = {0};

    uint8_t *const ip = put_ethernet(h.bytes, plan, forward);
    uint8_t *const transport = put_ip(ip, plan, src, dst);
    put_be16(transport, forward ? f->sport : f->dport);
    put_be16(transport + 2, forward ? f->dport : f->sport);
    h.ip_at = (uint8_t)(ip - h.bytes);
    h.transport_at = (uint8_t)(transport - h.bytes);
    h.n = (uint8_t)(h.transport_at + (plan->tcp ? TCP_LENGTH : UDP_LENGTH));
    if (plan->tcp && plan->timestamps) {
        memcpy(h.bytes + h.n, timestamps, sizeof timestamps);
        h.n += HEADERS_TIMESTAMPS;
    }
    h.ip_sum = sum_words(ip, IPV4_LENGTH);
    h.transport_sum = sum_words(src, address) + sum_words(dst, address) +
                      (plan->tcp ? IPPROTO_TCP : IPPROTO_UDP) + f->sport + f->dport;
    return h;
}

static uint16_t checksum(uint64_t sum)
{
    return (uint16_t)~payload_fold(sum);
}

/* The IP header; returns the length of what it carries. */
static uint32_t finish_ip(const struct headers *h, const struct headers_packet *p, uint8_t *to)
{
    uint8_t *const ip = to + h->ip_at;
    const uint32_t carried = p->ip_length - (uint32_t)(h->transport_at - h->ip_at);

    if (ip[0] == 0x60) {
        put_be16(ip + 4, (uint16_t)(p->ip_length - IPV6_LENGTH));
        ip[7] = p->ttl;
        return carried;
    }
    put_be16(ip + 2, (uint16_t)p->ip_length);
    put_be16(ip + 4, p->id);
    ip[8] = p->ttl;
    put_be16(ip + 10,
             checksum((uint64_t)h->ip_sum + p->ip_length + p->id + ((uint64_t)p->ttl << 8)));
    return carried;
}

void headers_put_udp(const struct headers *h, const struct headers_packet *p, uint8_t *to)
{
    memcpy(to, h->bytes, h->n);
    const uint32_t length = finish_ip(h, p, to);
    uint8_t *const udp = to + h->transport_at;
    /* The length counts twice: in the header and in the pseudo header. */
    const uint16_t sum = checksum((uint64_t)h->transport_sum + length + length + p->payload_sum);
    put_be16(udp + 4, (uint16_t)length);
    put_be16(udp + 6, sum == 0 ? 0xffff : sum);
}

void headers_put_tcp(const struct headers *h, const struct headers_packet *p, uint8_t *to)
{
    const unsigned options = p->flags & TCP_SYN ? HEADERS_SYN_OPTIONS : 0;
    const unsigned header = (unsigned)h->n - h->transport_at + options;

    memcpy(to, h->bytes, h->n);
    memcpy(to + h->n, syn_options, options);
    const uint32_t length = finish_ip(h, p, to);
    uint8_t *const tcp = to + h->transport_at;
    put_be32(tcp + 4, p->seq);
    put_be32(tcp + 8, p->ack);
    tcp[12] = (uint8_t)(header / 4 << 4);
    tcp[13] = p->flags;
    put_be16(tcp + 14, p->window);
    if (header - options > TCP_LENGTH) {
        put_be32(tcp + TCP_LENGTH + sizeof timestamps, p->stamp);
        put_be32(tcp + TCP_LENGTH + sizeof timestamps + 4, p->echo);
    }
    /* The checksum itself is still 0, and the ports are in transport_sum. */
    put_be16(tcp + 16, checksum((uint64_t)h->transport_sum + length + p->payload_sum +
                                sum_words(tcp + 4, header - 4)));
}
