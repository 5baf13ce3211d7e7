/* What the parts of the decoder share; decode.h is what others use. Each step moves the cursor past
 * its header and goes on with the next; the status of the last one is the status of the frame. */
#ifndef WEIR_DECODE_PARTS_H
#define WEIR_DECODE_PARTS_H

#include "cursor.h"
#include "decode.h"

enum ethertype {
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
    TYPE_VLAN = 0x8100,
    TYPE_SERVICE_VLAN = 0x88a8,
    TYPE_MPLS = 0x8847,
    TYPE_MPLS_MULTICAST = 0x8848,
    TYPE_PPPOE = 0x8864,
    TYPE_LLC = 0x8870, /* LLC in frames too long for a length field */
    TYPE_PPP = 0x880b,
    TYPE_MACSEC = 0x88e5,
    TYPE_BACKBONE = 0x88e7, /* 802.1ah: a service tag, then a whole Ethernet frame */
    TYPE_VNTAG = 0x8926,    /* of virtual network cards: 4 bytes, then a type */
    TYPE_ETHERNET = 0x6558, /* a whole Ethernet frame */
};

struct decoding {
    struct cursor at;
    uint32_t wire; /* bytes on the wire from `at` on: for IP headers that do not say their length */
    unsigned depth; /* tags, extension headers and tunnels so far */
    bool decap;
    struct packet *p;
};

/* Moves past n bytes, on the wire too. */
static inline bool decoding_skip(struct decoding *d, uint32_t n)
{
    if (!cursor_skip(&d->at, n))
        return false;
    d->wire -= n <= d->wire ? n : d->wire;
    return true;
}

static inline const uint8_t *decoding_take(struct decoding *d, uint32_t n)
{
    const uint8_t *const p = d->at.p;

    return decoding_skip(d, n) ? p : NULL;
}

/* One more header that may nest; false past DECODE_DEPTH. */
static inline bool decoding_deeper(struct decoding *d)
{
    return ++d->depth <= DECODE_DEPTH;
}

/* By a DLT_… of libpcap (decode_link.c). */
enum decode_status decode_link(struct decoding *d, int link);

/* (decode_ether.c) */
enum decode_status decode_ethernet(struct decoding *d);
enum decode_status decode_ethertype(struct decoding *d, unsigned type);
enum decode_status decode_llc(struct decoding *d);
enum decode_status decode_mpls(struct decoding *d);

/* (decode_ppp.c) */
enum decode_status decode_ppp(struct decoding *d);
enum decode_status decode_ppp_hdlc(struct decoding *d);
enum decode_status decode_cisco_hdlc(struct decoding *d);
enum decode_status decode_pppoe(struct decoding *d);

/* (decode_wlan.c) */
enum decode_status decode_wlan(struct decoding *d);
enum decode_status decode_radiotap(struct decoding *d);
enum decode_status decode_prism(struct decoding *d);
enum decode_status decode_avs(struct decoding *d);

/* (decode_ip.c) decode_ip() goes by the version that the packet says. */
enum decode_status decode_ip(struct decoding *d);
enum decode_status decode_ipv4(struct decoding *d);
enum decode_status decode_ipv6(struct decoding *d);

/* (decode_tunnel.c) With `at` at the payload of IP packet *d->p: true when it is a tunnel that
 * carries a packet, whose status is then *status. */
bool decode_tunnel(struct decoding *d, enum decode_status *status);

#endif
