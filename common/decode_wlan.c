#include "decode_parts.h"

/* First byte of frame control: version in bits 0-1, type in 2-3, subtype in 4-7. */
enum {
    TYPE_MASK = 0x0c,
    TYPE_DATA = 0x08,
    SUBTYPE_NO_DATA = 0x40,
    SUBTYPE_QOS = 0x80,
};

/* Second byte. */
enum {
    TO_DS = 0x01,
    FROM_DS = 0x02,
    PROTECTED = 0x40,
    ORDER = 0x80, /* of a QoS frame: an HT control field is there */
};

static void take_addresses(struct packet *p, const uint8_t *h)
{
    const unsigned ds = h[1] & (TO_DS | FROM_DS);
    const uint8_t *const a1 = h + 4, *const a2 = h + 10, *const a3 = h + 16;

    p->has_mac = true;
    memcpy(p->dst_mac, ds & TO_DS ? a3 : a1, 6);
    memcpy(p->src_mac, ds == (TO_DS | FROM_DS) ? h + 24 : ds == FROM_DS ? a3 : a2, 6);
}

/* From the 802.11 header on. padded: the radio filled it up to a multiple of 4 bytes. */
static enum decode_status decode_data(struct decoding *d, bool padded)
{
    enum { AGGREGATE = 0x80 }; /* in the first byte of the QoS control field */
    const uint8_t *h = cursor_peek(&d->at, 2);

    if (!h)
        return DECODE_LINK_CUT;
    if (h[0] & 3)
        return DECODE_LINK_BAD;
    if ((h[0] & TYPE_MASK) != TYPE_DATA || (h[0] & SUBTYPE_NO_DATA) || (h[1] & PROTECTED))
        return DECODE_NOT_IP;
    const bool qos = h[0] & SUBTYPE_QOS;
    const uint32_t fixed = (h[1] & (TO_DS | FROM_DS)) == (TO_DS | FROM_DS) ? 30 : 24;
    const uint32_t n = fixed + (qos ? 2 : 0) + (qos && (h[1] & ORDER) ? 4 : 0);
    h = decoding_take(d, n);
    if (!h || (padded && !decoding_skip(d, -n & 3)))
        return DECODE_LINK_CUT;
    if (be16(h + 22) & 0x0f00) /* the fragment number: only the first fragment has the IP header */
        return DECODE_NOT_IP;
    if (qos && (h[fixed] & AGGREGATE)) /* several packets in one frame */
        return DECODE_LINK_UNKNOWN;
    take_addresses(d->p, h);
    return decode_llc(d);
}

enum decode_status decode_wlan(struct decoding *d)
{
    return decode_data(d, false);
}

/* The flags field of radiotap, which tells of padding. Fields stand in the order of their bits in
 * the words of presence, each aligned to its size: only the time (8 bytes) comes before it. */
static bool radiotap_padded(const uint8_t *h, uint32_t n)
{
    enum { HAS_TIME = 1, HAS_FLAGS = 2, PADDED = 0x20 };
    const uint32_t present = le32(h + 4), more = 1u << 31;
    uint32_t at = 8;

    if (!(present & HAS_FLAGS))
        return false;
    for (uint32_t word = present; word & more; at += 4) {
        if (at + 4 > n)
            return false;
        word = le32(h + at);
    }
    if (present & HAS_TIME)
        at = ((at + 7) & ~7u) + 8;
    return at < n && (h[at] & PADDED);
}

enum decode_status decode_radiotap(struct decoding *d)
{
    const uint8_t *h = cursor_peek(&d->at, 8);

    if (!h)
        return DECODE_LINK_CUT;
    const uint32_t n = le16(h + 2);
    if (h[0] != 0 || n < 8)
        return DECODE_LINK_BAD;
    h = decoding_take(d, n);
    return h ? decode_data(d, radiotap_padded(h, n)) : DECODE_LINK_CUT;
}

enum decode_status decode_avs(struct decoding *d)
{
    const uint8_t *const h = cursor_peek(&d->at, 8);

    if (!h)
        return DECODE_LINK_CUT;
    const uint32_t n = be32(h + 4);
    if (n < 8)
        return DECODE_LINK_BAD;
    return decoding_skip(d, n) ? decode_data(d, false) : DECODE_LINK_CUT;
}

/* Some drivers write AVS headers under Prism's link type. */
enum decode_status decode_prism(struct decoding *d)
{
    enum { PRISM_BYTES = 144, AVS_VERSION = 0x80211 };
    const uint8_t *const h = cursor_peek(&d->at, 4);

    if (!h)
        return DECODE_LINK_CUT;
    if (be32(h) >> 12 == AVS_VERSION)
        return decode_avs(d);
    return decoding_skip(d, PRISM_BYTES) ? decode_data(d, false) : DECODE_LINK_CUT;
}
