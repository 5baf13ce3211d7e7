#include "decode_parts.h"

/* A type field up to here is a length, and from LEAST_TYPE on a type; between, neither. */
enum { MOST_LENGTH = 1500, LEAST_TYPE = 0x600 };

/* VLAN tags by their identifiers: IEEE's two, then those of equipment older than the standard. */
static bool is_vlan(unsigned type)
{
    return type == TYPE_VLAN || type == TYPE_SERVICE_VLAN ||
           (type >= 0x9100 && type <= 0x9300 && (type & 0xff) == 0);
}

/* A MACsec header (802.1AE) whose content is only signed, not encrypted. */
static enum decode_status skip_macsec(struct decoding *d, unsigned *type)
{
    enum { HAS_CHANNEL = 0x20, ENCRYPTED = 0x08, CHANGED = 0x04 };
    const uint8_t *h = decoding_take(d, 6);

    if (!h || ((h[0] & HAS_CHANNEL) && !decoding_skip(d, 8)))
        return DECODE_LINK_CUT;
    if (h[0] & (ENCRYPTED | CHANGED))
        return DECODE_NOT_IP;
    h = decoding_take(d, 2);
    if (!h)
        return DECODE_LINK_CUT;
    *type = be16(h);
    return DECODE_IP;
}

/* With the cursor after the tag's identifier. Sets *type to the identifier of what comes next. */
static enum decode_status skip_tag(struct decoding *d, unsigned *type)
{
    if (!decoding_deeper(d))
        return DECODE_TOO_DEEP;
    if (*type == TYPE_MACSEC)
        return skip_macsec(d, type);
    const uint32_t n = *type == TYPE_VNTAG ? 6 : 4;
    const uint8_t *const p = decoding_take(d, n);
    if (!p)
        return DECODE_LINK_CUT;
    if (is_vlan(*type) && d->p->vlan == VLAN_NONE)
        d->p->vlan = be16(p) & 0xfff;
    *type = be16(p + n - 2);
    return DECODE_IP;
}

static enum decode_status skip_tags(struct decoding *d, unsigned *type)
{
    while (is_vlan(*type) || *type == TYPE_MACSEC || *type == TYPE_VNTAG) {
        const enum decode_status status = skip_tag(d, type);
        if (status != DECODE_IP)
            return status;
    }
    return DECODE_IP;
}

/* After the last label nothing says what follows. IP tells itself by its version; other than that
 * it is an Ethernet pseudowire, with a control word (RFC 4385: four zero bits, and in practice
 * twelve more) or without, unless the nibble 1 makes it a message of the pseudowire's own. */
static enum decode_status decode_after_labels(struct decoding *d)
{
    enum { CONTROL_WORD = 4 };
    const uint8_t *const p = cursor_peek(&d->at, 2);

    if (!p)
        return DECODE_LINK_CUT;
    switch (p[0] >> 4) {
    case 4:
        return decode_ipv4(d);
    case 6:
        return decode_ipv6(d);
    case 1:
        return DECODE_NOT_IP;
    default:
        if (be16(p) == 0 && !decoding_skip(d, CONTROL_WORD))
            return DECODE_LINK_CUT;
        return decoding_deeper(d) ? decode_ethernet(d) : DECODE_TOO_DEEP;
    }
}

enum decode_status decode_mpls(struct decoding *d)
{
    const uint8_t *p;

    do {
        p = decoding_take(d, 4);
        if (!p)
            return DECODE_LINK_CUT;
        if (!decoding_deeper(d))
            return DECODE_TOO_DEEP;
    } while (!(p[2] & 1));
    return decode_after_labels(d);
}

enum decode_status decode_llc(struct decoding *d)
{
    enum { SNAP = 0xaa, LLC_IP = 0x06, UNNUMBERED = 0x03 };
    const uint8_t *p = decoding_take(d, 3);

    if (!p)
        return DECODE_LINK_CUT;
    if (p[0] == LLC_IP && p[1] == LLC_IP && p[2] == UNNUMBERED)
        return decode_ipv4(d);
    if (p[0] != SNAP || p[1] != SNAP || p[2] != UNNUMBERED)
        return DECODE_NOT_IP;
    p = decoding_take(d, 5);
    if (!p)
        return DECODE_LINK_CUT;
    /* EtherTypes stand under organisation 0 and, bridged, under 802.1H's 00-00-F8. */
    const uint32_t organisation = be32(p) >> 8;
    if (organisation != 0 && organisation != 0xf8)
        return DECODE_NOT_IP;
    return decode_ethertype(d, be16(p + 3));
}

enum decode_status decode_ethertype(struct decoding *d, unsigned type)
{
    const enum decode_status status = skip_tags(d, &type);

    if (status != DECODE_IP)
        return status;
    switch (type) {
    case TYPE_IPV4:
        return decode_ipv4(d);
    case TYPE_IPV6:
        return decode_ipv6(d);
    case TYPE_MPLS:
    case TYPE_MPLS_MULTICAST:
        return decode_mpls(d);
    case TYPE_PPPOE:
        return decode_pppoe(d);
    case TYPE_PPP:
        return decode_ppp(d);
    case TYPE_LLC:
        return decode_llc(d);
    case TYPE_BACKBONE:
        if (!decoding_skip(d, 4))
            return DECODE_LINK_CUT;
        return decoding_deeper(d) ? decode_ethernet(d) : DECODE_TOO_DEEP;
    case TYPE_ETHERNET:
        return decoding_deeper(d) ? decode_ethernet(d) : DECODE_TOO_DEEP;
    default:
        break;
    }
    if (type >= LEAST_TYPE)
        return DECODE_NOT_IP;
    return type <= MOST_LENGTH ? decode_llc(d) : DECODE_LINK_BAD;
}

enum decode_status decode_ethernet(struct decoding *d)
{
    const uint8_t *const p = decoding_take(d, 14);

    if (!p)
        return DECODE_LINK_CUT;
    d->p->has_mac = true;
    memcpy(d->p->dst_mac, p, 6);
    memcpy(d->p->src_mac, p + 6, 6);
    const unsigned type = be16(p + 12);
    return type == TYPE_IPV4 ? decode_ipv4(d) : decode_ethertype(d, type);
}
