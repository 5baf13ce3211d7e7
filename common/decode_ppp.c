#include "decode_parts.h"

enum ppp_protocol {
    PPP_IPV4 = 0x0021,
    PPP_BRIDGED = 0x0031,
    PPP_IPV6 = 0x0057,
    PPP_MPLS = 0x0281,
    PPP_MPLS_MULTICAST = 0x0283,
};

/* Bridged frames (RFC 3518): flags, MAC type, then the frame. */
static enum decode_status decode_bridged(struct decoding *d)
{
    enum { MAC_ETHERNET = 1 };
    const uint8_t *const p = decoding_take(d, 2);

    if (!p)
        return DECODE_LINK_CUT;
    if (!decoding_deeper(d))
        return DECODE_TOO_DEEP;
    return p[1] == MAC_ETHERNET ? decode_ethernet(d) : DECODE_NOT_IP;
}

/* From the protocol field on, which may be compressed to one (odd) byte, after the address and
 * control field, which may be left out. */
enum decode_status decode_ppp(struct decoding *d)
{
    const uint8_t *p = cursor_peek(&d->at, 2);

    if (p && p[0] == 0xff && p[1] == 0x03)
        (void)decoding_skip(d, 2);
    p = decoding_take(d, 1);
    if (!p)
        return DECODE_LINK_CUT;
    unsigned protocol = p[0];
    if (!(protocol & 1)) {
        p = decoding_take(d, 1);
        if (!p)
            return DECODE_LINK_CUT;
        protocol = protocol << 8 | p[0];
    }
    switch (protocol) {
    case PPP_IPV4:
        return decode_ipv4(d);
    case PPP_IPV6:
        return decode_ipv6(d);
    case PPP_MPLS:
    case PPP_MPLS_MULTICAST:
        return decode_mpls(d);
    case PPP_BRIDGED:
        return decode_bridged(d);
    default:
        return DECODE_NOT_IP;
    }
}

enum decode_status decode_cisco_hdlc(struct decoding *d)
{
    const uint8_t *const p = decoding_take(d, 4);

    return p ? decode_ethertype(d, be16(p + 2)) : DECODE_LINK_CUT;
}

/* Serial lines: PPP or Cisco's framing, told by the address byte. */
enum decode_status decode_ppp_hdlc(struct decoding *d)
{
    enum { CISCO_UNICAST = 0x0f, CISCO_MULTICAST = 0x8f };
    const uint8_t *const p = cursor_peek(&d->at, 2);

    if (p && (p[0] == CISCO_UNICAST || p[0] == CISCO_MULTICAST) && p[1] == 0)
        return decode_cisco_hdlc(d);
    return decode_ppp(d);
}

enum decode_status decode_pppoe(struct decoding *d)
{
    enum { VERSION_1_TYPE_1 = 0x11, SESSION_DATA = 0 };
    const uint8_t *const p = decoding_take(d, 6);

    if (!p)
        return DECODE_LINK_CUT;
    if (!decoding_deeper(d))
        return DECODE_TOO_DEEP;
    if (p[0] != VERSION_1_TYPE_1)
        return DECODE_LINK_BAD;
    if (p[1] != SESSION_DATA)
        return DECODE_NOT_IP;
    const uint32_t n = be16(p + 4);
    cursor_limit(&d->at, n);
    if (d->wire > n)
        d->wire = n;
    return decode_ppp(d);
}
