/* What the parts of the facts share; facts.h is what others use. */
#ifndef PCAP2FEAT_FLOW_FACTS_PARTS_H
#define PCAP2FEAT_FLOW_FACTS_PARTS_H

#include "assembly.h"
#include "facts.h"
#include "quic_initial.h"
#include "tls_hello.h"

/* What a way of a virtual private network began with. */
struct vpn_way {
    bool seen; /* WireGuard's data: */
    uint32_t receiver;
    uint64_t counter;
    bool tls_crypt_2; /* OpenVPN's reset of a client, its bytes (0: none) and session: */
    uint16_t reset;
    uint8_t session[8];
};

struct facts {
    struct assembly held[2]; /* TCP: segments that wait for more, by way */
    struct vpn_way vpn[2];
    struct quic_hello quic;
    enum way quic_way;   /* the client's, once there are keys */
    unsigned quic_tries; /* datagrams that did not open */
    bool dns_port;       /* of what is held back */
    bool dns_asked;      /* the first question of the flow: */
    uint16_t dns_id, dns_type;
};

/* Bytes that a way begins with: a datagram, or what there is of a stream without a gap. */
struct given {
    const uint8_t *p;
    uint32_t n;
    bool final; /* nothing more will come */
    enum way way;
    uint64_t wanted;
    bool dns_port; /* an end has a port of DNS */
};

enum look {
    LOOK_NOTHING, /* it is not of this protocol */
    LOOK_MORE,    /* so far it may be */
    LOOK_FOUND,   /* it is, and the facts of this way are there */
    LOOK_ON,      /* likewise, but what follows may be something else */
};

/* That of the flow, made where there was none. */
struct facts *facts_of(struct part_facts *f);

/* Keeps a text where its column is wanted. */
void facts_put(struct part_facts *f, const struct given *g, enum feature_id id, const char *text);
void facts_put_text(struct part_facts *f, const struct given *g, enum feature_id id,
                    const struct fact_text *t);
void facts_put_bytes(struct part_facts *f, const struct given *g, enum feature_id id,
                     const uint8_t *p, size_t n);

static inline bool facts_want(const struct given *g, enum feature_id id)
{
    return g->wanted & fact_bit(id);
}

void facts_put_alpn(struct part_facts *f, const struct given *g, enum feature_id id,
                    const struct tls_hello *h);

/* The way of the connection's server: that of the SYN with ACK, or else backward. */
static inline enum way facts_server(const struct part_facts *f)
{
    return f->forward_serves ? WAY_FORWARD : WAY_BACKWARD;
}

/* Whether DNS may be in a packet: it has no mark of its own. */
static inline bool facts_dns_port(const struct packet *p)
{
    return p->src_port == 53 || p->dst_port == 53 || p->src_port == 5353 || p->dst_port == 5353 ||
           p->src_port == 5355 || p->dst_port == 5355;
}

void datagram_take(struct part_facts *f, uint64_t wanted, const struct packet *p, enum way way);
void datagram_finish(struct part_facts *f, uint64_t wanted);
void stream_take(struct part_facts *f, uint64_t wanted, const struct packet *p, enum way way);
void stream_finish(struct part_facts *f, uint64_t wanted);

/* One protocol each; wire: bytes of the message, of which some may not have been captured. */
enum look look_tls(struct part_facts *f, const struct given *g);
enum look look_http(struct part_facts *f, const struct given *g);
enum look look_ssh(struct part_facts *f, const struct given *g);
enum look look_dns(struct part_facts *f, const struct given *g, uint32_t wire);
enum look look_dns_stream(struct part_facts *f, const struct given *g);
enum look look_wireguard(struct part_facts *f, const struct given *g, uint32_t wire);
enum look look_openvpn(struct part_facts *f, const struct given *g, uint32_t wire);
enum look look_openvpn_stream(struct part_facts *f, const struct given *g);

#endif
