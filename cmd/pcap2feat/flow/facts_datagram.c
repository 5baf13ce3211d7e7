/* Facts of UDP: each datagram stands for itself, but QUIC's first ones. */
#include "facts_parts.h"
#include "ja4.h"

#include <stdio.h>

/* "1", "2", "draft-29", and others in hex. */
static void put_quic_version(struct part_facts *f, const struct given *g, uint32_t version)
{
    char text[16];

    if (version == QUIC_V1 || version == QUIC_V2)
        (void)snprintf(text, sizeof text, "%d", version == QUIC_V1 ? 1 : 2);
    else if (version >> 8 == 0xff0000)
        (void)snprintf(text, sizeof text, "draft-%u", (unsigned)(version & 0xff));
    else
        (void)snprintf(text, sizeof text, "0x%08x", (unsigned)version);
    facts_put(f, g, F_QUIC_VERSION, text);
}

static enum look read_quic(struct part_facts *f, const struct given *g)
{
    struct assembly *const crypto = &f->facts->quic.crypto;
    struct tls_hello h;
    char text[JA4_SIZE];

    if (assembly_ready(crypto) == 0)
        return LOOK_ON;
    const enum tls_status status =
        tls_hello_message(crypto->bytes, assembly_ready(crypto), g->final, &h);
    if (status == TLS_MORE)
        return LOOK_ON;
    if (status == TLS_NOT || !h.client)
        return LOOK_FOUND;
    facts_put_bytes(f, g, F_QUIC_SNI, h.sni.p, h.sni.left);
    facts_put_alpn(f, g, F_QUIC_ALPN, &h);
    if (facts_want(g, F_QUIC_JA4) && ja4(&h, 'q', text))
        facts_put(f, g, F_QUIC_JA4, text);
    return LOOK_FOUND;
}

static enum look look_quic(struct part_facts *f, const struct given *g)
{
    enum { OPENINGS_MOST = 32 };
    struct quic_packet q;

    if (!quic_packet_at(g->p, g->n, &q))
        return LOOK_NOTHING;
    facts_put(f, g, F_APP_PROTOCOL, "quic");
    put_quic_version(f, g, q.version);
    if (!facts_want(g, F_QUIC_SNI) && !facts_want(g, F_QUIC_ALPN) && !facts_want(g, F_QUIC_JA4))
        return LOOK_FOUND;
    struct facts *const all = facts_of(f);
    if (all->quic.has_keys && all->quic_way != g->way)
        return LOOK_ON; /* the server's */
    if (!quic_hello_take(&all->quic, g->p, g->n))
        return ++all->quic_tries < OPENINGS_MOST ? LOOK_ON : LOOK_FOUND;
    all->quic_way = g->way;
    return read_quic(f, g);
}

static enum look look_at(struct part_facts *f, struct given *g, uint32_t wire)
{
    enum look look = look_dns(f, g, wire);

    if (look == LOOK_NOTHING)
        look = look_quic(f, g);
    if (look == LOOK_NOTHING)
        look = look_wireguard(f, g, wire);
    if (look == LOOK_NOTHING)
        look = look_openvpn(f, g, wire);
    if (look == LOOK_NOTHING) {
        g->final = true; /* of HTTP a datagram is the whole head */
        look = look_http(f, g);
    }
    return look;
}

void datagram_take(struct part_facts *f, uint64_t wanted, const struct packet *p, enum way way)
{
    if (p->payload_len == 0)
        return;
    struct given g = {.p = p->payload,
                      .n = p->payload_caplen,
                      .way = way,
                      .wanted = wanted,
                      .dns_port = facts_dns_port(p)};
    const enum look look = look_at(f, &g, p->payload_len);
    if (look == LOOK_FOUND || ++f->segments[way] == FACTS_SEGMENTS ||
        (look == LOOK_NOTHING && ++f->misses[way] == FACTS_MISSES))
        f->done = FACTS_DONE;
}

void datagram_finish(struct part_facts *f, uint64_t wanted)
{
    const struct given g = {.wanted = wanted, .final = true};

    if (f->facts && f->facts->quic.has_keys)
        (void)read_quic(f, &g);
}
