#include "record.h"

#include <netinet/in.h>
#include <string.h>

enum { TCP_SYN = 2 };

static const size_t part_size[PART_COUNT] = {
    [PART_LEN] = 2 * sizeof(struct spread16),
    [PART_TIMES] = sizeof(struct part_times),
    [PART_IAT] = 3 * sizeof(struct spread),
    [PART_PAYLOAD] = sizeof(struct part_payload),
    [PART_TCP] = sizeof(struct part_tcp),
    [PART_HEADERS] = sizeof(struct part_headers),
    [PART_HISTOGRAMS] = sizeof(struct part_histograms),
    [PART_BURSTS] = sizeof(struct part_bursts),
    [PART_ACTIVITY] = sizeof(struct part_activity),
    [PART_MACS] = sizeof(struct part_macs),
    [PART_FACTS] = sizeof(struct part_facts),
    [PART_CONTEXT] = sizeof(struct part_context),
    [PART_ENDS] = sizeof(struct part_ends),
    [PART_SEQUENCE] = sizeof(struct place),
};

const char *flow_end_name(enum flow_end reason)
{
    static const char *const names[END_COUNT] = {"idle", "active", "fin",  "rst",
                                                 "cap",  "first",  "file", "input"};

    return names[reason];
}

/* Where in the record a young flow has its packets, and any other PART_LEN and PART_TIMES. */
enum { BRIEFS = (sizeof(struct flow) + 15) / 16 * 16 };

_Static_assert(YOUNG_PACKETS * sizeof(struct brief) >=
                   2 * sizeof(struct spread16) + sizeof(struct part_times),
               "what takes the place of packets is not more");

static size_t rounded(size_t n)
{
    return (n + 15) / 16 * 16;
}

static struct brief *briefs_of(struct flow *f)
{
    return (struct brief *)(void *)((char *)f + BRIEFS);
}

/* Puts those of the parts behind each other, from a place on; returns where they end. */
static size_t place_parts(struct layout *l, unsigned parts, size_t at)
{
    for (int i = 0; i < PART_COUNT; i++)
        if (l->parts & parts & 1U << i) {
            l->at[i] = at;
            at += rounded(part_size[i] * (i == PART_SEQUENCE ? l->places : 1));
        }
    return at;
}

struct layout layout_of(unsigned parts, unsigned places, uint64_t long_gap)
{
    enum { UNDER_BRIEFS = 1 << PART_LEN | 1 << PART_TIMES };
    const size_t briefs = YOUNG_PACKETS * sizeof(struct brief);
    struct layout l = {.parts = parts, .places = places, .long_gap = long_gap};

    if (parts & (1U << PART_IAT | 1U << PART_HISTOGRAMS))
        l.parts |= 1U << PART_TIMES;
    l.size = place_parts(&l, UNDER_BRIEFS, BRIEFS);
    const size_t others = place_parts(&l, ~(unsigned)PARTS_INSIDE, 0);
    if (others > briefs) {
        l.aside = others;
        l.size = BRIEFS + rounded(briefs);
    }
    l.size = place_parts(&l, PARTS_INSIDE & ~UNDER_BRIEFS, l.size);
    l.inside = l.size;
    l.size += others - l.aside;
    return l;
}

static bool has(const struct layout *l, enum flow_part part)
{
    return l->parts >> part & 1;
}

void flow_begin(const struct layout *l, struct flow *f, const struct packet *p)
{
    f->first_ts = f->start = f->end = p->ts;
    f->parts = l->aside > 0 ? NULL : (char *)f + l->inside;
    if (has(l, PART_MACS)) {
        struct part_macs *const m = flow_part(l, f, PART_MACS);
        memcpy(m->src, p->src_mac, sizeof m->src);
        memcpy(m->dst, p->dst_mac, sizeof m->dst);
        m->known = p->has_mac;
    }
    if (has(l, PART_ENDS)) {
        struct part_ends *const e = flow_part(l, f, PART_ENDS);
        *e = (struct part_ends){.src_port = p->src_port,
                                .dst_port = p->dst_port,
                                .vlan = p->vlan,
                                .proto = p->proto,
                                .ip_version = p->ip_version};
        memcpy(e->src, p->src, sizeof e->src);
        memcpy(e->dst, p->dst, sizeof e->dst);
    }
}

static void count(uint32_t *n)
{
    *n += *n < UINT32_MAX;
}

/* 0 to 15, then a bin for each doubling, the last without an end. */
static unsigned bin_of(uint64_t x)
{
    const unsigned log2 = x < 16 ? 3 : 63 - (unsigned)__builtin_clzll(x);

    return log2 - 3 < HISTOGRAM_BINS ? log2 - 3 : HISTOGRAM_BINS - 1;
}

static void add_tcp(struct part_tcp *t, const struct brief *p, enum way way)
{
    if (p->tcp && !t->seen[way]) {
        t->seen[way] = true;
        t->window[way] = p->tcp_window;
    }
    if (p->tcp_flags & TCP_SYN && !t->syn[way]) {
        t->syn[way] = true;
        t->syn_len[way] = p->len;
    }
    t->any[way] |= p->tcp_flags;
    for (unsigned rest = p->tcp_flags; rest; rest &= rest - 1)
        count(&t->flags[way][__builtin_ctz(rest)]);
}

static void add_headers(struct part_headers *h, const struct brief *p, enum way way, bool first)
{
    const uint8_t l4 = p->l4_header;

    if (first) {
        h->dscp[way] = p->dscp;
        h->ttl_min[way] = h->ttl_max[way] = p->ttl;
    } else if (p->ttl < h->ttl_min[way]) {
        h->ttl_min[way] = p->ttl;
    } else if (p->ttl > h->ttl_max[way]) {
        h->ttl_max[way] = p->ttl;
    }
    h->l4_bytes[way] += l4;
    if (l4 > 0 && (h->l4_min[way] == 0 || l4 < h->l4_min[way]))
        h->l4_min[way] = l4;
    if (!p->payload_known)
        return;
    if (h->payload_known && h->payload != p->payload_len)
        count(&h->payload_changes);
    h->payload_known = true;
    h->payload = p->payload_len;
}

static void end_run(struct burst *b)
{
    if (b->packets < BURST_PACKETS)
        return;
    const uint64_t duration = b->latest - b->began;
    count(&b->count);
    b->packets_max = b->packets > b->packets_max ? b->packets : b->packets_max;
    b->bytes_max = b->bytes > b->bytes_max ? b->bytes : b->bytes_max;
    b->duration_max = duration > b->duration_max ? duration : b->duration_max;
}

/* gap: since the packet with payload before it, of the same way. */
static void add_to_bulk(struct burst *b, const struct brief *p, uint64_t gap)
{
    if (b->bulk_run == 0 || gap > BURST_GAP_NS) {
        b->bulk_run = 0;
        b->bulk_before = 0;
        b->bulk_lasted = 0;
    } else {
        b->bulk_lasted += gap;
    }
    if (b->bulk_run == BULK_PACKETS) {
        b->bulk_bytes += p->payload_len;
        b->bulk_duration += gap;
        count(&b->bulk_packets);
        return;
    }
    b->bulk_before = (b->bulk_before + p->payload_len) & 0xffffff;
    if (++b->bulk_run < BULK_PACKETS)
        return;
    count(&b->bulks);
    b->bulk_bytes += b->bulk_before;
    b->bulk_duration += b->bulk_lasted;
    for (int i = 0; i < BULK_PACKETS; i++)
        count(&b->bulk_packets);
}

/* A packet with a payload: it also ends the run of a bulk the other way. */
static void add_to_runs(struct part_bursts *all, const struct brief *p, enum way way)
{
    struct burst *const b = &all->way[way];
    const uint64_t gap = b->packets > 0 && p->ts > b->latest ? p->ts - b->latest : 0;

    all->way[!way].bulk_run = 0;
    add_to_bulk(b, p, gap);
    if (b->packets == 0 || gap > BURST_GAP_NS) {
        end_run(b);
        b->packets = 0;
        b->bytes = 0;
        b->began = b->latest = p->ts;
    }
    count(&b->packets);
    b->bytes += p->payload_len;
    b->latest = p->ts > b->latest ? p->ts : b->latest;
}

static void add_gap(struct part_activity *a, const struct layout *l, uint64_t end, uint64_t gap)
{
    if (gap > SUBFLOW_GAP_NS)
        count(&a->subflows);
    if (gap <= l->long_gap)
        return;
    spread_add(&a->idle, gap);
    spread_add(&a->active, end - a->began);
    a->began = end + gap;
}

/* The gap before a packet of the way, into what counts gaps; the first has none. */
static void add_time(const struct layout *l, const struct flow *f, const struct brief *p,
                     enum way way, bool first)
{
    struct part_times *const t = flow_part(l, f, PART_TIMES);
    const uint64_t gap = p->ts > t->max[way] ? p->ts - t->max[way] : 0;

    if (first) {
        t->min[way] = t->max[way] = p->ts;
        return;
    }
    t->min[way] = p->ts < t->min[way] ? p->ts : t->min[way];
    t->max[way] += gap;
    if (has(l, PART_IAT))
        spread_add((struct spread *)flow_part(l, f, PART_IAT) + way, gap);
    if (has(l, PART_HISTOGRAMS)) {
        struct part_histograms *const h = flow_part(l, f, PART_HISTOGRAMS);
        count(&h->iat[way][bin_of(gap / 1000000)]);
    }
}

static void add_payload(const struct layout *l, struct flow *f, const struct brief *p, enum way way)
{
    if (has(l, PART_PAYLOAD)) {
        struct part_payload *const payload = flow_part(l, f, PART_PAYLOAD);
        spread16_add(&payload->way[way], p->payload_len);
        payload->packets[way] += p->payload_len > 0;
    }
    if (p->payload_len == 0)
        return;
    if (has(l, PART_HISTOGRAMS)) {
        struct part_histograms *const h = flow_part(l, f, PART_HISTOGRAMS);
        count(&h->payload[way][bin_of(p->payload_len)]);
    }
    if (has(l, PART_BURSTS))
        add_to_runs(flow_part(l, f, PART_BURSTS), p, way);
}

/* What goes by the gap of both directions. */
static void add_both(const struct layout *l, struct flow *f, const struct brief *p, uint64_t gap,
                     enum way way)
{
    if (has(l, PART_IAT) && f->packets > 0)
        spread_add((struct spread *)flow_part(l, f, PART_IAT) + WAY_BOTH, gap);
    if (has(l, PART_ACTIVITY)) {
        struct part_activity *const a = flow_part(l, f, PART_ACTIVITY);
        if (f->packets == 0) {
            a->began = p->ts;
            a->subflows = 1;
        }
        add_gap(a, l, f->end, gap);
    }
    if (has(l, PART_SEQUENCE) && f->packets < l->places) {
        struct place *const s = flow_part(l, f, PART_SEQUENCE);
        s[f->packets] = (struct place){.iat = gap,
                                       .len = p->len,
                                       .payload_len = p->payload_len,
                                       .tcp_flags = p->tcp_flags,
                                       .forward = way == WAY_FORWARD,
                                       .payload_known = p->payload_known};
    }
}

/* To all parts but facts. */
static void add(const struct layout *l, struct flow *f, const struct brief *p)
{
    const enum way way = p->way;
    const uint64_t gap = p->ts > f->end ? p->ts - f->end : 0;
    const bool first = !(f->ways >> way & 1);

    f->ways |= (uint8_t)(1U << way);
    add_both(l, f, p, gap, way);
    f->packets++;
    f->end += gap;
    if (has(l, PART_LEN))
        spread16_add((struct spread16 *)flow_part(l, f, PART_LEN) + way, p->len);
    if (has(l, PART_TIMES))
        add_time(l, f, p, way, first);
    if (p->payload_known)
        add_payload(l, f, p, way);
    if (has(l, PART_TCP))
        add_tcp(flow_part(l, f, PART_TCP), p, way);
    if (has(l, PART_HEADERS))
        add_headers(flow_part(l, f, PART_HEADERS), p, way, first);
}

void flow_grow(const struct layout *l, struct flow *f, void *parts)
{
    const size_t n = f->packets;
    struct brief early[YOUNG_PACKETS];

    memcpy(early, briefs_of(f), n * sizeof *early);
    memset(briefs_of(f), 0, n * sizeof *early);
    f->parts = parts;
    f->packets = 0;
    for (size_t i = 0; i < n; i++)
        add(l, f, &early[i]);
}

static uint8_t l4_header(const struct packet *p)
{
    enum { UDP_HEADER = 8 };

    if (p->proto == IPPROTO_UDP && !p->later_fragment && !p->transport_unknown)
        return UDP_HEADER;
    return p->tcp_hdr_len;
}

static struct brief brief_of(const struct packet *p, enum way way)
{
    return (struct brief){.ts = p->ts,
                          .len = p->len,
                          .payload_len = p->payload_len,
                          .tcp_window = p->tcp_window,
                          .tcp_flags = p->tcp_flags,
                          .ttl = p->ttl,
                          .dscp = p->dscp,
                          .l4_header = l4_header(p),
                          .way = (uint8_t)way,
                          .tcp = p->tcp_hdr_len > 0,
                          .payload_known = !p->transport_unknown};
}

static void add_facts(struct part_facts *facts, const struct layout *l, const struct packet *p,
                      enum way way)
{
    if (facts->done != FACTS_DONE)
        facts_take(facts, l->facts, p, way);
}

void flow_add(const struct layout *l, struct flow *f, const struct packet *p, enum way way)
{
    f->start = p->ts < f->start ? p->ts : f->start;
    if (f->silent)
        return;
    f->filters |= p->filters;
    if (has(l, PART_FACTS))
        add_facts(flow_part(l, f, PART_FACTS), l, p, way);
    const struct brief b = brief_of(p, way);
    if (f->parts)
        add(l, f, &b);
    else
        briefs_of(f)[f->packets++] = b;
}

void flow_finish(const struct layout *l, struct flow *f)
{
    if (has(l, PART_BURSTS)) {
        struct part_bursts *const b = flow_part(l, f, PART_BURSTS);
        end_run(&b->way[WAY_BACKWARD]);
        end_run(&b->way[WAY_FORWARD]);
    }
    if (has(l, PART_ACTIVITY)) {
        struct part_activity *const a = flow_part(l, f, PART_ACTIVITY);
        spread_add(&a->active, f->end - a->began);
    }
    if (has(l, PART_FACTS))
        facts_finish(flow_part(l, f, PART_FACTS), l->facts);
}

void flow_moved(const struct layout *l, struct flow *from, struct flow *to)
{
    if (has(l, PART_FACTS))
        memset(flow_part(l, from, PART_FACTS), 0, sizeof(struct part_facts));
    if (l->aside > 0)
        from->parts = NULL;
    else
        to->parts = (char *)to + l->inside;
}

void flow_release(const struct layout *l, struct flow *f)
{
    if (has(l, PART_FACTS))
        facts_release(flow_part(l, f, PART_FACTS));
}
