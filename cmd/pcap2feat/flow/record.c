#include "record.h"

#include <string.h>

static const size_t part_size[PART_COUNT] = {
    [PART_LEN] = 2 * sizeof(struct spread),
    [PART_TIMES] = sizeof(struct part_times),
    [PART_IAT] = 3 * sizeof(struct spread),
    [PART_PAYLOAD] = sizeof(struct part_payload),
    [PART_TCP] = sizeof(struct part_tcp),
    [PART_IP] = sizeof(struct part_ip),
    [PART_HISTOGRAMS] = sizeof(struct part_histograms),
    [PART_BURSTS] = sizeof(struct part_bursts),
    [PART_ACTIVITY] = sizeof(struct part_activity),
    [PART_MACS] = sizeof(struct part_macs),
    [PART_FACTS] = sizeof(struct part_facts),
    [PART_ENDS] = sizeof(struct part_ends),
    [PART_FILTERS] = sizeof(struct part_filters),
    [PART_SEQUENCE] = sizeof(struct place),
};

const char *flow_end_name(enum flow_end reason)
{
    static const char *const names[END_COUNT] = {"idle", "active", "fin",  "rst",
                                                 "cap",  "first",  "file", "input"};

    return names[reason];
}

static size_t rounded(size_t n)
{
    return (n + 15) / 16 * 16;
}

struct layout layout_of(unsigned parts, unsigned places, uint64_t long_gap)
{
    struct layout l = {.parts = parts, .places = places, .long_gap = long_gap};

    if (parts & (1U << PART_IAT | 1U << PART_HISTOGRAMS))
        l.parts |= 1U << PART_TIMES;
    l.size = rounded(sizeof(struct flow));
    for (int i = 0; i < PART_COUNT; i++)
        if (l.parts >> i & 1) {
            l.at[i] = l.size;
            l.size += rounded(part_size[i] * (i == PART_SEQUENCE ? places : 1));
        }
    return l;
}

static bool has(const struct layout *l, enum flow_part part)
{
    return l->parts >> part & 1;
}

void flow_begin(const struct layout *l, struct flow *f, const struct packet *p, enum way way)
{
    f->first_ts = f->start = f->end = p->ts;
    f->first_way = (uint8_t)way;
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

static void add_tcp(struct part_tcp *t, const struct packet *p, enum way way)
{
    if (p->tcp_hdr_len > 0 && !t->seen[way]) {
        t->seen[way] = true;
        t->window[way] = p->tcp_window;
    }
    t->any[way] |= p->tcp_flags;
    for (unsigned rest = p->tcp_flags; rest; rest &= rest - 1)
        count(&t->flags[way][__builtin_ctz(rest)]);
}

static void add_ip(struct part_ip *i, const struct packet *p, enum way way)
{
    if (!i->seen[way]) {
        i->seen[way] = true;
        i->dscp[way] = p->dscp;
        i->ttl_min[way] = i->ttl_max[way] = p->ttl;
    } else if (p->ttl < i->ttl_min[way]) {
        i->ttl_min[way] = p->ttl;
    } else if (p->ttl > i->ttl_max[way]) {
        i->ttl_max[way] = p->ttl;
    }
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

static void add_to_run(struct burst *b, const struct packet *p)
{
    if (b->packets == 0 || (p->ts > b->latest && p->ts - b->latest > BURST_GAP_NS)) {
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
    if (gap <= l->long_gap)
        return;
    spread_add(&a->idle, gap);
    spread_add(&a->active, end - a->began);
    a->began = end + gap;
}

/* The gap before a packet of the way, into what counts gaps; the first has none. */
static void add_time(const struct layout *l, const struct flow *f, const struct packet *p,
                     enum way way)
{
    struct part_times *const t = flow_part(l, f, PART_TIMES);
    const uint64_t gap = p->ts > t->max[way] ? p->ts - t->max[way] : 0;

    if (t->n[way]++ == 0) {
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

static void add_payload(const struct layout *l, struct flow *f, const struct packet *p,
                        enum way way)
{
    if (has(l, PART_PAYLOAD)) {
        struct part_payload *const payload = flow_part(l, f, PART_PAYLOAD);
        spread_add(&payload->way[way], p->payload_len);
        payload->packets[way] += p->payload_len > 0;
    }
    if (p->payload_len == 0)
        return;
    if (has(l, PART_HISTOGRAMS)) {
        struct part_histograms *const h = flow_part(l, f, PART_HISTOGRAMS);
        count(&h->payload[way][bin_of(p->payload_len)]);
    }
    if (has(l, PART_BURSTS)) {
        struct part_bursts *const b = flow_part(l, f, PART_BURSTS);
        add_to_run(&b->way[way], p);
    }
}

/* What goes by the gap of both directions. */
static void add_both(const struct layout *l, struct flow *f, const struct packet *p, uint64_t gap,
                     enum way way)
{
    if (has(l, PART_IAT) && f->packets > 0)
        spread_add((struct spread *)flow_part(l, f, PART_IAT) + WAY_BOTH, gap);
    if (has(l, PART_ACTIVITY)) {
        struct part_activity *const a = flow_part(l, f, PART_ACTIVITY);
        if (f->packets == 0)
            a->began = p->ts;
        add_gap(a, l, f->end, gap);
    }
    if (has(l, PART_SEQUENCE) && f->packets < l->places) {
        struct place *const s = flow_part(l, f, PART_SEQUENCE);
        s[f->packets] = (struct place){.iat = gap, .len = p->len, .forward = way == WAY_FORWARD};
    }
}

static void add_facts(struct part_facts *facts, const struct layout *l, const struct packet *p,
                      enum way way)
{
    if (facts->done != FACTS_DONE)
        facts_take(facts, l->facts, p, way);
}

void flow_add(const struct layout *l, struct flow *f, const struct packet *p, enum way way)
{
    const uint64_t gap = p->ts > f->end ? p->ts - f->end : 0;

    f->start = p->ts < f->start ? p->ts : f->start;
    if (f->silent)
        return;

    add_both(l, f, p, gap, way);
    f->packets++;
    f->end += gap;
    if (has(l, PART_LEN))
        spread_add((struct spread *)flow_part(l, f, PART_LEN) + way, p->len);
    if (has(l, PART_TIMES))
        add_time(l, f, p, way);
    if (!p->transport_unknown)
        add_payload(l, f, p, way);
    if (has(l, PART_FILTERS)) {
        struct part_filters *const filters = flow_part(l, f, PART_FILTERS);
        filters->bits |= p->filters;
    }
    if (has(l, PART_TCP))
        add_tcp(flow_part(l, f, PART_TCP), p, way);
    if (has(l, PART_IP))
        add_ip(flow_part(l, f, PART_IP), p, way);
    if (has(l, PART_FACTS))
        add_facts(flow_part(l, f, PART_FACTS), l, p, way);
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

void flow_moved(const struct layout *l, struct flow *f)
{
    if (has(l, PART_FACTS))
        memset(flow_part(l, f, PART_FACTS), 0, sizeof(struct part_facts));
}

void flow_release(const struct layout *l, struct flow *f)
{
    if (has(l, PART_FACTS))
        facts_release(flow_part(l, f, PART_FACTS));
}
