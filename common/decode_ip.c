#include "decode_parts.h"

#include <netinet/in.h>

enum { IPV4_HEADER = 20, IPV6_HEADER = 40, MOST_LENGTH = 65535 };

/* Numbers that <netinet/in.h> does not have. */
enum { PROTO_HIP = 139, PROTO_SHIM6 = 140 };

static uint16_t saturate(uint32_t n)
{
    return n > MOST_LENGTH ? MOST_LENGTH : (uint16_t)n;
}

/* Keeps the cursor inside the payload, n bytes on the wire: what comes after is padding. */
static void limit_to_payload(struct decoding *d, uint32_t n)
{
    cursor_limit(&d->at, n);
    d->wire = n;
    d->p->payload_len = saturate(n);
    d->p->payload = d->at.p;
    d->p->payload_caplen = d->at.left;
}

/* Leaves the transport header, `header` bytes of it, out of the payload. */
static void strip_transport(struct decoding *d, uint32_t header)
{
    struct packet *const p = d->p;
    const uint32_t captured = header < d->at.left ? header : d->at.left;

    p->payload_len = saturate(d->wire - header);
    p->payload = d->at.p + captured;
    p->payload_caplen = d->at.left - captured;
}

static void set_transport_unknown(struct packet *p)
{
    p->transport_unknown = true;
    p->payload_len = 0;
    p->payload_caplen = 0;
}

static void decode_tcp(struct decoding *d)
{
    enum { LEAST = 20, UP_TO_WINDOW = 16 };
    const uint8_t *const h = cursor_peek(&d->at, UP_TO_WINDOW);
    const uint32_t header = h ? (h[12] >> 4) * 4u : 0;

    if (header < LEAST || header > d->wire) {
        set_transport_unknown(d->p);
        return;
    }
    d->p->tcp_seq = be32(h + 4);
    d->p->tcp_flags = h[13];
    d->p->tcp_hdr_len = (uint8_t)header;
    d->p->tcp_window = be16(h + 14);
    strip_transport(d, header);
}

static void decode_udp(struct decoding *d)
{
    enum { HEADER = 8 };

    if (d->wire < HEADER)
        set_transport_unknown(d->p);
    else
        strip_transport(d, HEADER);
}

static bool has_ports(unsigned proto)
{
    return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_SCTP ||
           proto == IPPROTO_UDPLITE || proto == IPPROTO_DCCP;
}

static enum decode_status decode_payload(struct decoding *d)
{
    struct packet *const p = d->p;
    enum decode_status status;

    if (p->later_fragment)
        return DECODE_IP;
    if (has_ports(p->proto)) {
        const uint8_t *const h = cursor_peek(&d->at, 4);
        if (!h)
            return DECODE_PORTS_CUT;
        p->src_port = be16(h);
        p->dst_port = be16(h + 2);
    }
    if (d->decap && decode_tunnel(d, &status))
        return status;
    if (p->proto == IPPROTO_TCP)
        decode_tcp(d);
    else if (p->proto == IPPROTO_UDP)
        decode_udp(d);
    return DECODE_IP;
}

/* Moves past n bytes that must be inside the IP packet. */
static enum decode_status skip_inside(struct decoding *d, uint32_t n)
{
    if (n > d->wire)
        return DECODE_IP_BAD;
    return decoding_skip(d, n) ? DECODE_IP : DECODE_IP_CUT;
}

static void take_fragment(struct packet *p, unsigned offset, bool more)
{
    p->fragment_offset = (uint16_t)offset;
    p->later_fragment = offset != 0;
    p->more_fragments = more;
}

/* One extension header of protocol *proto, which becomes what the header says comes next. */
static enum decode_status skip_extension(struct decoding *d, uint8_t *proto)
{
    enum { LEAST = 8 };
    const uint8_t *const h = cursor_peek(&d->at, LEAST);
    uint32_t n = LEAST;

    if (!decoding_deeper(d))
        return DECODE_TOO_DEEP;
    if (!h)
        return d->wire < LEAST ? DECODE_IP_BAD : DECODE_IP_CUT;
    if (*proto == IPPROTO_FRAGMENT)
        take_fragment(d->p, be16(h + 2) & 0xfff8, h[3] & 1);
    else
        n = *proto == IPPROTO_AH ? (h[1] + 2u) * 4 : (h[1] + 1u) * 8;
    *proto = h[0];
    d->p->ip_hdr_len = (uint16_t)(d->p->ip_hdr_len + n);
    return skip_inside(d, n);
}

static bool is_extension(unsigned proto)
{
    switch (proto) {
    case IPPROTO_HOPOPTS:
    case IPPROTO_ROUTING:
    case IPPROTO_FRAGMENT:
    case IPPROTO_AH:
    case IPPROTO_DSTOPTS:
    case IPPROTO_MH:
    case PROTO_HIP:
    case PROTO_SHIM6:
        return true;
    default:
        return false;
    }
}

static enum decode_status skip_extensions(struct decoding *d, uint8_t *proto)
{
    while (is_extension(*proto) && !d->p->later_fragment) {
        const enum decode_status status = skip_extension(d, proto);
        if (status != DECODE_IP)
            return status;
    }
    return DECODE_IP;
}

/* Fills in what the header of an IPv4 packet says, h[0..20). */
static void take_ipv4(struct packet *p, const uint8_t *h)
{
    p->ip_version = 4;
    p->dscp = h[1] >> 2;
    p->ecn = h[1] & 3;
    p->dont_fragment = h[6] & 0x40;
    take_fragment(p, (be16(h + 6) & 0x1fffu) * 8, h[6] & 0x20);
    p->ttl = h[8];
    p->proto = h[9];
    memcpy(p->src, h + 12, 4);
    memcpy(p->dst, h + 16, 4);
}

enum decode_status decode_ipv4(struct decoding *d)
{
    const uint8_t *const h = cursor_peek(&d->at, IPV4_HEADER);

    if (!h)
        return DECODE_IP_CUT;
    const uint32_t header = (h[0] & 0x0f) * 4u, total = be16(h + 2);
    /* Segmentation in the network card leaves 0 where the length will be. */
    const uint32_t length = total ? total : saturate(d->wire);
    if (h[0] >> 4 != 4 || header < IPV4_HEADER || length < header)
        return DECODE_IP_BAD;
    if (!cursor_skip(&d->at, header))
        return DECODE_IP_CUT;
    take_ipv4(d->p, h);
    d->p->ip_hdr_len = (uint16_t)header;
    d->p->len = (uint16_t)length;
    limit_to_payload(d, length - header);
    /* Ports may stand behind an authentication header, as they do in IPv6. */
    while (d->p->proto == IPPROTO_AH && !d->p->later_fragment) {
        const enum decode_status status = skip_extension(d, &d->p->proto);
        if (status != DECODE_IP)
            return status;
        limit_to_payload(d, d->wire);
    }
    return decode_payload(d);
}

static void take_ipv6(struct packet *p, const uint8_t *h)
{
    p->ip_version = 6;
    p->dscp = (uint8_t)(be16(h) >> 6 & 0x3f);
    p->ecn = h[1] >> 4 & 3;
    p->dont_fragment = false;
    take_fragment(p, 0, false);
    p->ip_hdr_len = IPV6_HEADER;
    p->proto = h[6];
    p->ttl = h[7];
    memcpy(p->src, h + 8, 16);
    memcpy(p->dst, h + 24, 16);
}

enum decode_status decode_ipv6(struct decoding *d)
{
    const uint8_t *const h = cursor_peek(&d->at, IPV6_HEADER);

    if (!h)
        return DECODE_IP_CUT;
    if (h[0] >> 4 != 6)
        return DECODE_IP_BAD;
    (void)decoding_skip(d, IPV6_HEADER);
    take_ipv6(d->p, h);
    /* Jumbograms and packets that the network card will segment have 0 where the length was. */
    const uint32_t said = be16(h + 4);
    const uint32_t n = said || h[6] == IPPROTO_NONE ? said : d->wire;
    d->p->len = saturate(n + IPV6_HEADER);
    limit_to_payload(d, n);
    const enum decode_status status = skip_extensions(d, &d->p->proto);
    if (status != DECODE_IP)
        return status;
    limit_to_payload(d, d->wire);
    return decode_payload(d);
}

enum decode_status decode_ip(struct decoding *d)
{
    const uint8_t *const h = cursor_peek(&d->at, 1);

    if (!h)
        return DECODE_IP_CUT;
    return h[0] >> 4 == 6 ? decode_ipv6(d) : decode_ipv4(d);
}
