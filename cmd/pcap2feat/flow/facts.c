#include "facts.h"

#include "crypto.h"
#include "facts_parts.h"
#include "mem.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

bool facts_can(enum feature_id id)
{
    switch (id) {
    case F_TLS_JA3:
    case F_TLS_JA3S:
    case F_TLS_JA4:
    case F_QUIC_SNI:
    case F_QUIC_ALPN:
    case F_QUIC_JA4:
        return crypto_there();
    default:
        return true;
    }
}

struct facts *facts_of(struct part_facts *f)
{
    if (!f->facts)
        f->facts = mem_zero(1, sizeof *f->facts);
    return f->facts;
}

static void put(struct part_facts *f, const struct given *g, enum feature_id id, const char *text,
                size_t n)
{
    if (facts_want(g, id))
        fact_list_put(&f->list, id, text, n);
}

void facts_put(struct part_facts *f, const struct given *g, enum feature_id id, const char *text)
{
    put(f, g, id, text, strlen(text));
}

void facts_put_text(struct part_facts *f, const struct given *g, enum feature_id id,
                    const struct fact_text *t)
{
    put(f, g, id, t->bytes, t->n);
}

void facts_put_bytes(struct part_facts *f, const struct given *g, enum feature_id id,
                     const uint8_t *p, size_t n)
{
    struct fact_text t;

    if (!facts_want(g, id))
        return;
    t.n = 0;
    fact_text_add(&t, p, n, "");
    facts_put_text(f, g, id, &t);
}

/* What was held back is needed no more. */
static void drop_held(struct part_facts *f)
{
    if (!f->facts)
        return;
    assembly_free(&f->facts->held[0]);
    assembly_free(&f->facts->held[1]);
    quic_hello_free(&f->facts->quic);
    free(f->facts);
    f->facts = NULL;
}

void facts_take(struct part_facts *f, uint64_t wanted, const struct packet *p, enum way way)
{
    if (p->later_fragment || p->transport_unknown)
        return;
    if (p->proto == IPPROTO_TCP)
        stream_take(f, wanted, p, way);
    else if (p->proto == IPPROTO_UDP)
        datagram_take(f, wanted, p, way);
    else
        f->done = FACTS_DONE;
    if (f->done == FACTS_DONE)
        drop_held(f);
}

void facts_finish(struct part_facts *f, uint64_t wanted)
{
    if (f->done != FACTS_DONE) {
        stream_finish(f, wanted);
        datagram_finish(f, wanted);
    }
    f->done = FACTS_DONE;
    drop_held(f);
}

void facts_release(struct part_facts *f)
{
    fact_list_free(&f->list);
    drop_held(f);
    *f = (struct part_facts){0};
}
