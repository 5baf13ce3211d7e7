/* What the parts of the facts share; facts.h is what others use. */
#ifndef PCAP2FEAT_FLOW_FACTS_PARTS_H
#define PCAP2FEAT_FLOW_FACTS_PARTS_H

#include "assembly.h"
#include "facts.h"

struct facts {
    struct assembly held[2]; /* TCP: segments that wait for more, by way */
};

/* Bytes that a way begins with: a datagram, or what there is of a stream without a gap. */
struct given {
    const uint8_t *p;
    uint32_t n;
    bool final; /* nothing more will come */
    enum way way;
    uint64_t wanted;
    uint16_t src_port, dst_port;
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

void stream_take(struct part_facts *f, uint64_t wanted, const struct packet *p, enum way way);
void stream_finish(struct part_facts *f, uint64_t wanted);

/* One protocol each. */
enum look look_tls(struct part_facts *f, const struct given *g);

#endif
