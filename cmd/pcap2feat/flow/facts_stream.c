/* Facts of TCP: the front of each way of a connection, put together where it has to be. */
#include "facts_parts.h"

enum { TCP_SYN = 2, TCP_ACK = 16 };

static enum look look_at(struct part_facts *f, const struct given *g)
{
    enum look look = look_tls(f, g);

    if (look == LOOK_NOTHING)
        look = look_http(f, g);
    if (look == LOOK_NOTHING)
        look = look_ssh(f, g);
    if (look == LOOK_NOTHING)
        look = look_dns_stream(f, g);
    if (look == LOOK_NOTHING)
        look = look_openvpn_stream(f, g);
    return look;
}

/* Whether f holds segments of the way back. */
static bool holds(const struct part_facts *f, enum way way)
{
    return f->facts && f->facts->held[way].n > 0;
}

static void forget(struct part_facts *f, enum way way)
{
    if (f->facts)
        assembly_free(&f->facts->held[way]);
}

static void set_start(struct part_facts *f, enum way way, uint32_t start, bool firm)
{
    const uint8_t bit = (uint8_t)(1U << way);

    forget(f, way);
    f->start[way] = start;
    f->known |= bit;
    f->firm = (uint8_t)(firm ? f->firm | bit : f->firm & ~bit);
}

/* What the look at the front of a way, `passed` bytes on the wire, leads to. */
static void settle(struct part_facts *f, enum way way, enum look look, uint32_t passed)
{
    if (look == LOOK_MORE)
        return;
    if (look == LOOK_FOUND || ++f->misses[way] >= FACTS_MISSES) {
        f->done |= (uint8_t)(1U << way);
        forget(f, way);
    } else {
        set_start(f, way, f->start[way] + passed, true);
    }
}

/* n bytes of a segment of `wire`, `at` bytes behind the front. */
static void take_segment(struct part_facts *f, struct given *g, uint32_t at, uint32_t n,
                         uint32_t wire)
{
    const uint8_t *const bytes = g->p;
    const bool alone = at == 0 && !holds(f, g->way);

    if (alone) {
        g->n = n;
        const enum look look = look_at(f, g);
        settle(f, g->way, look, wire);
        if (look != LOOK_MORE)
            return;
    }
    struct assembly *const held = &facts_of(f)->held[g->way];
    const uint32_t before = assembly_ready(held);
    f->facts->dns_port = g->dns_port;
    (void)assembly_add(held, at, bytes, n);
    if (alone || assembly_ready(held) == before)
        return;
    g->p = held->bytes;
    g->n = assembly_ready(held);
    settle(f, g->way, look_at(f, g), g->n);
}

void stream_take(struct part_facts *f, uint64_t wanted, const struct packet *p, enum way way)
{
    const unsigned bit = 1U << way;
    const uint32_t seq = p->tcp_seq + (p->tcp_flags & TCP_SYN ? 1 : 0);
    uint32_t skip = 0;

    if (f->done & bit)
        return;
    if (p->tcp_flags & TCP_SYN) {
        set_start(f, way, seq, true);
        if (way == WAY_FORWARD && p->tcp_flags & TCP_ACK)
            f->forward_serves = true;
    }
    if (p->payload_len == 0)
        return;
    if (f->segments[way]++ == FACTS_SEGMENTS) {
        f->done |= (uint8_t)bit;
        forget(f, way);
        return;
    }
    if (!(f->known & bit))
        set_start(f, way, seq, false);
    uint32_t at = seq - f->start[way];
    if (at > INT32_MAX) { /* before the front */
        skip = -at;
        if (skip >= p->payload_len) {
            if (f->firm & bit || holds(f, way))
                return;
            set_start(f, way, seq, false);
            skip = 0;
        }
        at = 0;
    }
    struct given g = {.way = way, .wanted = wanted, .dns_port = facts_dns_port(p)};
    const uint32_t cut = skip < p->payload_caplen ? skip : p->payload_caplen;
    g.p = p->payload + cut;
    take_segment(f, &g, at, p->payload_caplen - cut, p->payload_len - skip);
}

void stream_finish(struct part_facts *f, uint64_t wanted)
{
    for (int way = 0; way < 2; way++)
        if (!(f->done >> way & 1) && holds(f, (enum way)way)) {
            const struct assembly *const held = &f->facts->held[way];
            const struct given g = {.p = held->bytes,
                                    .n = assembly_ready(held),
                                    .final = true,
                                    .way = (enum way)way,
                                    .wanted = wanted,
                                    .dns_port = f->facts->dns_port};
            if (g.n > 0)
                (void)look_at(f, &g);
        }
}
