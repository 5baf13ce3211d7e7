#include "flow_view.h"

#include <string.h>

static bool has(const struct layout *l, enum flow_part part)
{
    return l->parts >> part & 1;
}

static void fill_ends(struct flow_view *v, const struct layout *l, const struct flow *f)
{
    if (has(l, PART_ENDS)) {
        const struct part_ends *const e = flow_part(l, f, PART_ENDS);
        memcpy(v->src, e->src, sizeof v->src);
        memcpy(v->dst, e->dst, sizeof v->dst);
        v->src_port = e->src_port;
        v->dst_port = e->dst_port;
        v->vlan = e->vlan;
        v->proto = e->proto;
        v->ip_version = e->ip_version;
        return;
    }
    const struct flow_key *const k = &f->key;
    memcpy(v->src, f->begun_high ? k->high : k->low, sizeof v->src);
    memcpy(v->dst, f->begun_high ? k->low : k->high, sizeof v->dst);
    v->src_port = f->begun_high ? k->high_port : k->low_port;
    v->dst_port = f->begun_high ? k->low_port : k->high_port;
    v->vlan = k->vlan;
    v->proto = k->proto;
    v->ip_version = k->ip_version;
}

static void fill_spreads(struct spread all[3], const struct spread16 ways[2])
{
    for (int way = 0; way < 2; way++)
        all[way] = spread_of(&ways[way]);
    all[WAY_BOTH] = spread_merge(&all[0], &all[1]);
}

void flow_view_fill(struct flow_view *v, const struct layout *l, const struct flow *f)
{
    v->flow = f;
    v->layout = l;
    fill_ends(v, l, f);
    if (has(l, PART_LEN)) {
        const struct spread16 *const len = flow_part(l, f, PART_LEN);
        fill_spreads(v->len, len);
    }
    if (has(l, PART_PAYLOAD)) {
        const struct part_payload *const p = flow_part(l, f, PART_PAYLOAD);
        fill_spreads(v->payload, p->way);
        memcpy(v->payload_packets, p->packets, sizeof p->packets);
        v->payload_packets[WAY_BOTH] = p->packets[0] + p->packets[1];
    }
    if (has(l, PART_TIMES)) {
        const struct part_times *const t = flow_part(l, f, PART_TIMES);
        for (int way = 0; way < 2; way++)
            v->duration[way] = t->max[way] - t->min[way];
    }
    if (has(l, PART_FACTS)) {
        const struct part_facts *const facts = flow_part(l, f, PART_FACTS);
        v->facts_bytes = (size_t)2 * facts->list.n; /* quotes, at worst */
    }
    v->duration[WAY_BOTH] = f->end - f->start;
}
