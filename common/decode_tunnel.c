#include "decode_parts.h"

#include <netinet/in.h>

enum {
    PORT_GTP_U = 2152,
    PORT_TEREDO = 3544,
    PORT_GRE = 4754, /* RFC 8086 */
    PORT_VXLAN = 4789,
    PORT_GENEVE = 6081,
    PORT_MPLS = 6635,        /* RFC 7510 */
    PORT_VXLAN_LINUX = 8472, /* what Linux used before the number was assigned */
};

/* What a tunnel's header says comes next. */
enum {
    NEXT_NOTHING = -1, /* no tunnel, or a message of the tunnel's own: the outer packet stands */
    NEXT_CUT = -2,     /* the capture ends inside the header */
    NEXT_BAD = -3,     /* the header contradicts itself */
    NEXT_IP = 0,       /* IP that tells its version; other values are EtherTypes */
};

/* Encapsulated remote SPAN: a header of its own, then an Ethernet frame. */
static int strip_erspan(struct decoding *d, unsigned type, bool numbered)
{
    enum { ERSPAN = 0x88be, ERSPAN_3 = 0x22eb, PLATFORM_HEADER = 1 };

    if (type == ERSPAN) /* without a sequence number it is type I, which has no header */
        return !numbered || decoding_skip(d, 8) ? TYPE_ETHERNET : NEXT_CUT;
    if (type != ERSPAN_3)
        return (int)type;
    const uint8_t *const h = decoding_take(d, 12);
    if (!h || ((h[11] & PLATFORM_HEADER) && !decoding_skip(d, 8)))
        return NEXT_CUT;
    return TYPE_ETHERNET;
}

/* The source routes of RFC 1701: entries with a length, until one of length 0. */
static bool skip_routes(struct decoding *d)
{
    const uint8_t *h;

    do {
        h = decoding_take(d, 4);
        if (!h || !decoding_skip(d, h[3]))
            return false;
    } while (h[3] != 0);
    return true;
}

/* RFC 1701, 2784 and 2890; version 1 is PPTP's (RFC 2637). */
static int strip_gre(struct decoding *d)
{
    enum { CHECKSUM = 0x8000, ROUTES = 0x4000, KEY = 0x2000, NUMBERED = 0x1000, VERSION = 7 };
    enum { ACKNOWLEDGES = 0x0080 }; /* version 1 */
    const uint8_t *const h = decoding_take(d, 4);

    if (!h)
        return NEXT_CUT;
    const unsigned flags = be16(h), type = be16(h + 2), version = flags & VERSION;
    if (version > 1)
        return NEXT_NOTHING;
    uint32_t n = 0;
    if (flags & (CHECKSUM | ROUTES))
        n += 4;
    if (flags & KEY)
        n += 4;
    if (flags & NUMBERED)
        n += 4;
    if (version == 1 && (flags & ACKNOWLEDGES))
        n += 4;
    if (!decoding_skip(d, n) || (version == 0 && (flags & ROUTES) && !skip_routes(d)))
        return NEXT_CUT;
    /* Keepalives have no type, PPTP's bare acknowledgements nothing inside. */
    if (type == 0 || d->wire == 0)
        return NEXT_NOTHING;
    return strip_erspan(d, type, flags & NUMBERED);
}

static int strip_mpls(struct decoding *d)
{
    (void)d;
    return TYPE_MPLS;
}

static int strip_vxlan(struct decoding *d)
{
    enum { HAS_NETWORK = 0x08 };
    const uint8_t *const h = decoding_take(d, 8);

    if (!h)
        return NEXT_CUT;
    return (h[0] & HAS_NETWORK) && h[7] == 0 ? TYPE_ETHERNET : NEXT_NOTHING;
}

static int strip_geneve(struct decoding *d)
{
    enum { CONTROL = 0x80 };
    const uint8_t *const h = decoding_take(d, 8);

    if (!h)
        return NEXT_CUT;
    if (h[0] >> 6 != 0 || (h[1] & CONTROL))
        return NEXT_NOTHING;
    const uint32_t options = (h[0] & 0x3f) * 4u;
    if (options > d->wire)
        return NEXT_BAD;
    const int type = be16(h + 2);
    return decoding_skip(d, options) ? type : NEXT_CUT;
}

/* The extension headers of GTP-U, from the kind of the first one on: a length in 4 bytes, content,
 * and the kind of the next one as the last byte, 0 after the last one. */
static int skip_gtp_extensions(struct decoding *d, unsigned kind)
{
    while (kind != 0) {
        const uint8_t *h = cursor_peek(&d->at, 1);
        if (!h)
            return NEXT_CUT;
        const uint32_t n = h[0] * 4u;
        if (n == 0)
            return NEXT_BAD;
        h = decoding_take(d, n);
        if (!h)
            return NEXT_CUT;
        kind = h[n - 1];
    }
    return NEXT_IP;
}

/* 3GPP TS 29.281: version 1, messages of type 255 carry a packet. */
static int strip_gtp(struct decoding *d)
{
    enum { VERSION_AND_KIND = 0xf0, VERSION_1_GTP = 0x30, CARRIES_PACKET = 255 };
    enum { EXTENDED = 4, NUMBERED = 2, N_PDU = 1 };
    const uint8_t *h = decoding_take(d, 8);

    if (!h)
        return NEXT_CUT;
    if ((h[0] & VERSION_AND_KIND) != VERSION_1_GTP || h[1] != CARRIES_PACKET)
        return NEXT_NOTHING;
    const unsigned flags = h[0];
    if (!(flags & (EXTENDED | NUMBERED | N_PDU)))
        return NEXT_IP;
    h = decoding_take(d, 4);
    if (!h)
        return NEXT_CUT;
    return flags & EXTENDED ? skip_gtp_extensions(d, h[3]) : NEXT_IP;
}

/* RFC 4380: an authentication and an origin indication may come before the IPv6 packet. */
static int strip_teredo(struct decoding *d)
{
    const uint8_t *h = cursor_peek(&d->at, 4);

    if (h && be16(h) == 1 && !decoding_skip(d, 13u + h[2] + h[3]))
        return NEXT_CUT;
    h = cursor_peek(&d->at, 2);
    if (h && be16(h) == 0 && !decoding_skip(d, 8))
        return NEXT_CUT;
    h = cursor_peek(&d->at, 1);
    return h && h[0] >> 4 == 6 ? TYPE_IPV6 : NEXT_NOTHING;
}

static int strip_udp(struct decoding *d)
{
    const unsigned from = d->p->src_port, to = d->p->dst_port;
    int (*strip)(struct decoding *) = NULL;

    if (to == PORT_VXLAN || to == PORT_VXLAN_LINUX)
        strip = strip_vxlan;
    else if (to == PORT_GENEVE)
        strip = strip_geneve;
    else if (to == PORT_GRE)
        strip = strip_gre;
    else if (to == PORT_MPLS)
        strip = strip_mpls;
    else if (to == PORT_GTP_U || from == PORT_GTP_U)
        strip = strip_gtp;
    else if (to == PORT_TEREDO || from == PORT_TEREDO)
        strip = strip_teredo;
    if (!strip)
        return NEXT_NOTHING;
    return decoding_skip(d, 8) ? strip(d) : NEXT_CUT;
}

static int strip_tunnel(struct decoding *d)
{
    switch (d->p->proto) {
    case IPPROTO_IPIP:
        return TYPE_IPV4;
    case IPPROTO_IPV6:
        return TYPE_IPV6;
    case IPPROTO_MPLS:
        return TYPE_MPLS;
    case IPPROTO_GRE:
        return strip_gre(d);
    case IPPROTO_UDP:
        return strip_udp(d);
    default:
        return NEXT_NOTHING;
    }
}

/* Only what stands before the outer IP header stays, until an inner Ethernet header replaces it. */
static void forget_outer(struct packet *p, bool ethernet_inside)
{
    struct packet clean = {.ts = p->ts, .vlan = ethernet_inside ? VLAN_NONE : p->vlan};

    clean.has_mac = p->has_mac;
    memcpy(clean.src_mac, p->src_mac, sizeof clean.src_mac);
    memcpy(clean.dst_mac, p->dst_mac, sizeof clean.dst_mac);
    *p = clean;
}

bool decode_tunnel(struct decoding *d, enum decode_status *status)
{
    struct decoding inner = *d;
    const int next = strip_tunnel(&inner);

    if (next == NEXT_NOTHING)
        return false;
    if (!decoding_deeper(&inner))
        *status = DECODE_TOO_DEEP;
    else if (next == NEXT_CUT)
        *status = DECODE_LINK_CUT;
    else if (next == NEXT_BAD)
        *status = DECODE_LINK_BAD;
    else {
        forget_outer(d->p, next == TYPE_ETHERNET);
        *status = next == NEXT_IP ? decode_ip(&inner) : decode_ethertype(&inner, (unsigned)next);
    }
    return true;
}
