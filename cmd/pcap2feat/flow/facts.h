/* What a flow says in clear: recognised by its first packets with a payload, and read there. The
 * rules are in pcap2feat(1), under "Facts". */
#ifndef PCAP2FEAT_FLOW_FACTS_H
#define PCAP2FEAT_FLOW_FACTS_H

#include "decode.h"
#include "fact_list.h"
#include "way.h"

struct facts;

/* Part of a flow's record; zeroed at first. It owns what it points at: a copy takes that over, and
 * the one it was made of must be zeroed. */
struct part_facts {
    struct facts *facts;   /* what is held back while something is looked for; NULL: nothing */
    struct fact_list list; /* what was found */
    uint32_t start[2];     /* TCP: sequence number of the first byte not looked at */
    uint8_t segments[2];   /* with a payload, looked at; of UDP datagrams */
    uint8_t misses[2];     /* those of them that began nothing known */
    uint8_t known;         /* bits by way: start is set */
    uint8_t firm;          /* bits by way: from a SYN, or from the bytes before */
    uint8_t done;          /* bits by way: nothing more to look for */
    bool forward_serves;   /* its way sent the SYN with ACK */
};

enum { FACTS_DONE = 3 };

/* At most: packets with a payload that are looked at, and those of them that may be of nothing
 * known, one way; bytes held back of a way (ASSEMBLY_BYTES); bytes of all facts' texts of a flow
 * (FACT_LIST_BYTES). */
enum { FACTS_SEGMENTS = 64, FACTS_MISSES = 16 };

/* Columns as bits. */
static inline uint64_t fact_bit(enum feature_id id)
{
    return UINT64_C(1) << (id - F_APP_PROTOCOL);
}

/* Whether this program can tell the fact: some need libcrypto. */
bool facts_can(enum feature_id id);

/* Adds a packet with its payload. wanted: columns. */
void facts_take(struct part_facts *f, uint64_t wanted, const struct packet *p, enum way way);

/* No packet comes any more: what was held back is read as far as it goes. */
void facts_finish(struct part_facts *f, uint64_t wanted);

/* Frees what it owns; all zero afterwards. */
void facts_release(struct part_facts *f);

#endif
