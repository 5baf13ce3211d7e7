/* From a captured frame to its IP packet: link layers, VLAN and MPLS tags, PPPoE, IPv4 and IPv6
 * with their options, extension headers and fragments, TCP and UDP headers, and tunnels if asked.
 * Pure functions on hostile bytes: nothing past caplen is read, no length field is trusted. */
#ifndef WEIR_DECODE_H
#define WEIR_DECODE_H

#include "capture.h"

#include <stdbool.h>
#include <stdint.h>

/* An IP packet. Addresses of IPv4 are in the first 4 bytes, the other 12 are 0. */
struct packet {
    uint64_t ts;          /* ns since the epoch */
    uint16_t len;         /* IP packet in bytes; saturates at 65535 */
    uint16_t payload_len; /* after the TCP/UDP header, by the IP length, else after the IP header */
    uint16_t src_port, dst_port; /* TCP, UDP, SCTP, DCCP, UDP-Lite; 0 without ports, and in
                                    fragments other than the first */
    uint16_t tcp_window;
    uint16_t ip_hdr_len;      /* IP header with options, extension and authentication headers */
    uint16_t fragment_offset; /* bytes */
    uint16_t vlan;            /* outermost VLAN identifier; VLAN_NONE without a tag */
    uint8_t ip_version;       /* 4 or 6 */
    uint8_t proto;            /* after IPv6's extension headers and authentication headers */
    uint8_t ttl, dscp, ecn;
    bool dont_fragment; /* IPv4's bit */
    bool more_fragments;
    uint8_t tcp_flags;      /* the low 8 bits; 0 without TCP */
    uint8_t tcp_hdr_len;    /* 0 without TCP */
    bool later_fragment;    /* a fragment other than the first */
    bool transport_unknown; /* the TCP or UDP header, after its ports, is cut or contradicts itself:
                               what is of TCP, and payload_len, are 0 and say nothing */
    bool has_mac;           /* src_mac and dst_mac are set */
    uint8_t src_mac[6], dst_mac[6];
    uint8_t src[16], dst[16];
    uint32_t tcp_seq;        /* sequence number; without TCP it says nothing */
    uint32_t payload_caplen; /* what was captured of the payload, in bytes: */
    const uint8_t *payload;
    uint64_t filters; /* bits of filters that it matches: 0, for who asks them to set */
};

enum { VLAN_NONE = 0xffff };

enum decode_status {
    DECODE_IP,           /* *p is set */
    DECODE_NOT_IP,       /* ARP, LLDP, 802.11 management…: no IP in it */
    DECODE_LINK_UNKNOWN, /* a link type or framing (802.11 aggregates) that Weir does not read */
    DECODE_LINK_CUT,     /* the capture ends inside the headers before IP */
    DECODE_LINK_BAD,     /* those headers contradict themselves */
    DECODE_IP_CUT,       /* the capture ends inside the IP header or its extensions */
    DECODE_IP_BAD,       /* the IP header contradicts itself */
    DECODE_PORTS_CUT,    /* the capture ends before the ports, or so does the packet */
    DECODE_TOO_DEEP,     /* more tags, extension headers or tunnels than DECODE_DEPTH */
    DECODE_STATUS_COUNT
};

enum { DECODE_DEPTH = 16 };

/* decap: the innermost IP packet of GRE (and ERSPAN, PPTP), IP-in-IP, MPLS-in-IP, VXLAN, GENEVE,
 * GTP-U and Teredo tunnels instead of the outermost, with the MACs and VLAN of the Ethernet header
 * nearest to it; where the inner one can't be read, the packet counts as what stopped it. Messages
 * of a tunnel's own that carry nothing (GTP echo, keepalives) and later fragments of the outer
 * packet count as themselves. */
enum decode_status decode_frame(const struct frame *f, bool decap, struct packet *p);

/* For the summary line of skipped packets: "not IP", "cut short in the IP header"… */
const char *decode_status_text(enum decode_status status);

#endif
