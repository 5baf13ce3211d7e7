#include "tracker.h"

#include "feature.h"
#include "flow_table.h"
#include "mem.h"

#include <stdlib.h>

struct tracker {
    unsigned needs;
    const struct selection *selection;
    struct flow_table *flows; /* NULL where flows are not told apart */
    uint64_t iat_max;

    struct flow_state one; /* the selection's flow */
    bool one_begun;

    uint64_t capture_ts; /* the latest time of the capture */
    uint16_t capture_len;
    bool capture_begun;
    uint64_t backwards;
};

struct tracker *tracker_new(unsigned needs, const struct selection *s, size_t max_flows)
{
    struct tracker *const t = mem_zero(1, sizeof *t);

    if (needs & (NEED_BOTH | NEED_SAME))
        needs |= NEED_FLOW;
    t->needs = needs;
    t->selection = s;
    t->iat_max = feature_at(F_IAT)->max;
    if (s->kind == SELECT_ALL && (needs & NEED_FLOW))
        t->flows = flow_table_new(max_flows);
    return t;
}

void tracker_free(struct tracker *t)
{
    if (!t)
        return;
    flow_table_free(t->flows);
    free(t);
}

void tracker_begin(struct tracker *t)
{
    t->one = (struct flow_state){0};
    t->one_begun = t->capture_begun = false;
    if (t->flows)
        flow_table_clear(t->flows);
}

/* The step from a previous packet; where time ran backwards iat is 0. */
static struct step step_from(const struct tracker *t, uint64_t last_ts, uint16_t last_len,
                             const struct packet *p)
{
    const uint64_t iat = p->ts > last_ts ? p->ts - last_ts : 0;

    return (struct step){
        .iat = iat < t->iat_max ? iat : t->iat_max,
        .diff_len = (uint32_t)p->len + UINT16_MAX - last_len,
    };
}

static const struct step no_step = {.iat = 0, .diff_len = UINT16_MAX};

static void step_capture(struct tracker *t, struct row *r, unsigned *missing, bool *backwards)
{
    const struct packet *const p = &r->packet;

    if (t->capture_begun) {
        r->capture = step_from(t, t->capture_ts, t->capture_len, p);
        *backwards |= p->ts < t->capture_ts;
    } else {
        r->capture = no_step;
        *missing |= NEED_CAPTURE;
        t->capture_ts = 0;
    }
    t->capture_begun = true;
    t->capture_ts = p->ts > t->capture_ts ? p->ts : t->capture_ts;
    t->capture_len = p->len;
}

static void step_flow(const struct tracker *t, struct flow_state *f, struct row *r,
                      unsigned *missing, bool *backwards)
{
    const struct packet *const p = &r->packet;
    const bool way = r->forward, last = f->last_forward;

    r->flow = f->id;
    if (f->seen[0] || f->seen[1]) {
        const uint64_t latest = f->last_ts[0] > f->last_ts[1] ? f->last_ts[0] : f->last_ts[1];
        r->both = step_from(t, latest, f->last_len[last], p);
        *backwards |= (t->needs & NEED_BOTH) && p->ts < latest;
    } else {
        r->both = no_step;
        *missing |= NEED_BOTH;
    }
    if (f->seen[way]) {
        r->same = step_from(t, f->last_ts[way], f->last_len[way], p);
        *backwards |= (t->needs & NEED_SAME) && p->ts < f->last_ts[way];
    } else {
        r->same = no_step;
        *missing |= NEED_SAME;
    }
    f->seen[way] = true;
    f->last_ts[way] = p->ts > f->last_ts[way] ? p->ts : f->last_ts[way];
    f->last_len[way] = p->len;
    f->last_forward = way;
}

/* The flow of a packet among all flows. */
static struct flow_state *find_flow(struct tracker *t, struct row *r)
{
    bool high, is_new;
    const struct flow_key k = flow_key_of(&r->packet, &high);
    struct flow_state *const f = flow_table_get(t->flows, &k, &is_new);

    if (is_new) {
        f->begun_high = high;
        f->id = flow_id(r->origin->name, &k, r->packet.ts);
    }
    r->forward = high == f->begun_high;
    return f;
}

static struct flow_state *begin_one(struct tracker *t, const struct row *r)
{
    if (!t->one_begun) {
        const struct flow_key k = selection_key(t->selection);
        t->one.id = flow_id(r->origin->name, &k, r->packet.ts);
        t->one_begun = true;
    }
    return &t->one;
}

bool tracker_step(struct tracker *t, struct row *r, unsigned *missing)
{
    bool backwards = false;

    *missing = 0;
    if (t->selection->kind != SELECT_ALL) {
        if (!selection_takes(t->selection, &r->packet, &r->forward))
            return false;
        step_flow(t, begin_one(t, r), r, missing, &backwards);
    } else if (t->flows) {
        step_flow(t, find_flow(t, r), r, missing, &backwards);
    }
    if (t->needs & NEED_CAPTURE)
        step_capture(t, r, missing, &backwards);
    t->backwards += backwards;
    return true;
}

uint64_t tracker_backwards(const struct tracker *t)
{
    return t->backwards;
}

size_t tracker_count(const struct tracker *t)
{
    return t->flows ? flow_table_count(t->flows) : t->one_begun;
}

uint64_t tracker_evicted(const struct tracker *t)
{
    return t->flows ? flow_table_evicted(t->flows) : 0;
}
