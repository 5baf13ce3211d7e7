#include "decode_parts.h"

#include <pcap/dlt.h>
#include <sys/socket.h>

/* AF_INET6 of the systems that write null and loopback headers. */
enum {
    INET6_LINUX = 10,
    INET6_WINDOWS = 23,
    INET6_BSD = 24,
    INET6_FREEBSD = 28,
    INET6_DARWIN = 30,
};

/* ARPHRD_… of Linux whose cooked frames have another meaning of the protocol field. */
enum { HARDWARE_NETLINK = 824 };

/* Values of the protocol field of cooked frames that are no EtherTypes. */
enum { COOKED_LLC = 4 };

/* The address family is in the byte order of the machine that captured (null) or of the network
 * (loop); families are small, so that either order can be told. */
static enum decode_status decode_null(struct decoding *d)
{
    const uint8_t *const p = decoding_take(d, 4);

    if (!p)
        return DECODE_LINK_CUT;
    const uint32_t big = be32(p), little = le32(p);
    switch (big < little ? big : little) {
    case AF_INET:
        return decode_ipv4(d);
    case INET6_LINUX:
    case INET6_WINDOWS:
    case INET6_BSD:
    case INET6_FREEBSD:
    case INET6_DARWIN:
        return decode_ipv6(d);
    default:
        return DECODE_NOT_IP;
    }
}

static enum decode_status decode_cooked_protocol(struct decoding *d, unsigned hardware,
                                                 unsigned protocol)
{
    if (hardware == HARDWARE_NETLINK)
        return DECODE_NOT_IP;
    if (protocol == COOKED_LLC)
        return decode_llc(d);
    return decode_ethertype(d, protocol);
}

static enum decode_status decode_cooked(struct decoding *d)
{
    const uint8_t *const p = decoding_take(d, 16);

    return p ? decode_cooked_protocol(d, be16(p + 2), be16(p + 14)) : DECODE_LINK_CUT;
}

static enum decode_status decode_cooked2(struct decoding *d)
{
    const uint8_t *const p = decoding_take(d, 20);

    return p ? decode_cooked_protocol(d, be16(p + 8), be16(p)) : DECODE_LINK_CUT;
}

/* Per-packet information: its own header, then a frame of the link type that it names. */
static enum decode_status decode_ppi(struct decoding *d)
{
    const uint8_t *const p = cursor_peek(&d->at, 8);

    if (!p)
        return DECODE_LINK_CUT;
    const uint32_t n = le16(p + 2), link = le32(p + 4);
    if (n < 8 || link > 0xffff)
        return DECODE_LINK_BAD;
    if (!decoding_skip(d, n))
        return DECODE_LINK_CUT;
    return decoding_deeper(d) ? decode_link(d, (int)link) : DECODE_TOO_DEEP;
}

enum decode_status decode_link(struct decoding *d, int link)
{
    switch (link) {
    case DLT_EN10MB:
        return decode_ethernet(d);
    case 12: /* DLT_RAW of most systems, of OpenBSD, and the number in files */
    case 14:
    case 101:
        return decode_ip(d);
    case DLT_IPV4:
        return decode_ipv4(d);
    case DLT_IPV6:
        return decode_ipv6(d);
    case DLT_NULL:
    case DLT_LOOP:
        return decode_null(d);
    case DLT_LINUX_SLL:
        return decode_cooked(d);
    case DLT_LINUX_SLL2:
        return decode_cooked2(d);
    case DLT_PPP:
    case DLT_PPP_SERIAL:
        return decode_ppp_hdlc(d);
    case DLT_PPP_WITH_DIR:
        return decoding_skip(d, 1) ? decode_ppp_hdlc(d) : DECODE_LINK_CUT;
    case DLT_C_HDLC:
        return decode_cisco_hdlc(d);
    case DLT_PPP_ETHER:
        return decode_pppoe(d);
    case DLT_IEEE802_11:
        return decode_wlan(d);
    case DLT_IEEE802_11_RADIO:
        return decode_radiotap(d);
    case DLT_PRISM_HEADER:
        return decode_prism(d);
    case DLT_IEEE802_11_RADIO_AVS:
        return decode_avs(d);
    case DLT_PPI:
        return decode_ppi(d);
    default:
        return DECODE_LINK_UNKNOWN;
    }
}
