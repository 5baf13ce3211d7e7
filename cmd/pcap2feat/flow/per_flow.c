#include "per_flow.h"

#include "flow_columns.h"
#include "mem.h"
#include "meter.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct per_flow {
    const struct options *o;
    struct flow_columns *columns;
    struct layout layout;
    struct flow_key key; /* of a selection */
    struct meter *meter;
    struct labels *labels;
    struct tags *tags;                 /* NULL: none */
    bool identified;                   /* rows need the flow's identifier */
    struct arrival *next;              /* that is being filled in */
    _Atomic uint64_t without_class[2]; /* flows; 1: ambiguous */
};

/* The class is decided on the first packet. */
static void begin_flow(void *context, struct flow *flow, const struct arrival *first)
{
    struct per_flow *const f = context;

    flow->origin = first->origin;
    flow->class = first->class;
    if (!f->labels || flow->class)
        return;
    flow->silent = true;
    atomic_fetch_add_explicit(&f->without_class[first->ambiguous], 1, memory_order_relaxed);
}

static void write_row(void *context, const struct flow *flow, const struct ended_flow *when,
                      struct textbuf *rows)
{
    const struct per_flow *const f = context;
    const struct origin *const file = &f->o->origins[flow->origin];
    struct flow_view v = {
        .when = when, .file = origin_column(file), .format = f->o->format, .named = &f->o->named};
    char tag[TAGS_BYTES];

    if (f->identified)
        v.id = flow_id(file->name, &flow->key, flow->first_ts);
    if (flow->class)
        v.class = span_of(flow->class);
    if (f->tags)
        v.tag = (struct span){tag, tags_take(f->tags, v.id, tag)};
    flow_view_fill(&v, &f->layout, flow);
    flow_columns_row(f->columns, &v, rows);
}

static struct meter *new_meter(struct per_flow *f)
{
    const struct options *const o = f->o;
    const struct flow_options *const p = &o->flows;
    const struct meter_rules rules = {
        .idle = p->split ? p->idle : UINT64_MAX,
        .active = p->split ? p->active : UINT64_MAX,
        .linger = p->linger,
        .tcp_end = p->split && p->tcp_end && o->selection.kind != SELECT_MAC &&
                   o->selection.kind != SELECT_IP,
        .first_packets = p->first_packets,
        .max_flows = o->max_flows,
        .key = o->selection.kind != SELECT_ALL ? &f->key : NULL,
        .payload = f->layout.facts != 0,
        .shard = p->shard,
        .shards = p->shards,
        .context = p->context,
    };
    const struct meter_calls calls = {.begin = begin_flow, .row = write_row, .context = f};

    return meter_new(&rules, &f->layout, &calls);
}

struct per_flow *per_flow_new(const struct options *o, struct labels *labels, struct err *e)
{
    struct per_flow *const f = mem_zero(1, sizeof *f);

    f->o = o;
    f->labels = labels;
    f->columns = flow_columns_new(o->fields, o->flows.first_packets, o->format, e);
    if (!f->columns) {
        free(f);
        return NULL;
    }
    unsigned parts = flow_columns_need(f->columns);
    if (o->selection.kind != SELECT_ALL) {
        f->key = selection_key(&o->selection);
        parts |= 1U << PART_ENDS;
    }
    f->layout = layout_of(parts, o->flows.first_packets, o->flows.activity);
    f->layout.facts = flow_columns_facts(f->columns);
    f->identified = flow_columns_have(f->columns, F_FLOW);
    f->meter = new_meter(f);
    return f;
}

void per_flow_free(struct per_flow *f)
{
    if (!f)
        return;
    meter_free(f->meter);
    flow_columns_free(f->columns);
    free(f);
}

bool per_flow_has_class(const struct per_flow *f)
{
    return flow_columns_have(f->columns, F_CLASS);
}

bool per_flow_has_tag(const struct per_flow *f)
{
    return flow_columns_have(f->columns, F_TAG);
}

bool per_flow_has_context(const struct per_flow *f)
{
    return f->layout.parts >> PART_CONTEXT & 1;
}

void per_flow_tags(struct per_flow *f, struct tags *tags)
{
    f->tags = tags;
    f->identified = true;
}

void per_flow_open(struct per_flow *f, struct out *out)
{
    flow_columns_header(f->columns, out);
    meter_open(f->meter, out, f->o->shared.threads);
}

bool per_flow_goes_on(const struct per_flow *f)
{
    return f->o->flows.join || f->o->live;
}

void per_flow_end(struct per_flow *f)
{
    if (!per_flow_goes_on(f))
        meter_end(f->meter, END_FILE);
}

void per_flow_close(struct per_flow *f)
{
    meter_end(f->meter, END_INPUT);
    for (int ambiguous = 0; f->labels && ambiguous < 2; ambiguous++)
        labels_count(f->labels, ambiguous, f->without_class[ambiguous]);
}

struct packet *per_flow_room(struct per_flow *f)
{
    f->next = meter_room(f->meter);
    return &f->next->packet;
}

bool per_flow_take(struct per_flow *f, const struct frame *frame)
{
    const struct selection *const s = &f->o->selection;
    struct arrival *const a = f->next;
    bool wanted, forward;

    if (s->kind == SELECT_ALL) {
        const struct flow_key key = flow_key_of(&a->packet, &a->high);
        wanted = meter_wants(f->meter, &key);
    } else {
        if (!selection_takes(s, &a->packet, &forward))
            return false;
        a->high = !forward;
        wanted = meter_wants(f->meter, &f->key);
    }
    if (!wanted)
        return true;
    a->origin = frame->origin;
    a->class = f->labels ? labels_look(f->labels, frame, &a->packet, &a->ambiguous) : NULL;
    meter_take(f->meter);
    return true;
}

void per_flow_tick(struct per_flow *f)
{
    enum { LATE_S = 1 }; /* packets may still be under way from the kernel */
    struct timespec now;

    if (clock_gettime(CLOCK_REALTIME, &now) == 0)
        meter_tick(f->meter, (uint64_t)(now.tv_sec - LATE_S) * 1000000000 + (uint64_t)now.tv_nsec);
}

bool per_flow_has_filters(const struct per_flow *f)
{
    return flow_columns_have(f->columns, F_FILTERS);
}

size_t per_flow_count(struct per_flow *f)
{
    return meter_count(f->meter);
}

uint64_t per_flow_rows(const struct per_flow *f)
{
    return meter_rows(f->meter);
}

static void report_ends(const struct per_flow *f)
{
    char text[256] = "";

    for (unsigned i = 0; i < END_COUNT; i++) {
        const uint64_t n = meter_ended(f->meter, (enum flow_end)i);
        const size_t used = strlen(text);
        if (n > 0)
            (void)snprintf(text + used, sizeof text - used, "%s%llu %s", used ? ", " : "",
                           (unsigned long long)n, flow_end_name((enum flow_end)i));
    }
    if (*text)
        cli_note(&f->o->shared, "rows by end_reason: %s", text);
}

void per_flow_report(const struct per_flow *f)
{
    const struct cli_shared_values *const v = &f->o->shared;
    const uint64_t backwards = meter_backwards(f->meter);
    const uint64_t cut = meter_ended(f->meter, END_CAP);

    if (backwards > 0 && f->o->flows.shard == 0)
        cli_note(v, "%llu packet%s earlier than one before", (unsigned long long)backwards,
                 backwards == 1 ? "" : "s");
    if (cut > 0)
        cli_note(v, "%llu flow%s ended early: more than %llu at a time (--max-flows)",
                 (unsigned long long)cut, cut == 1 ? "" : "s", (unsigned long long)f->o->max_flows);
    const uint64_t early = meter_early(f->meter);
    if (early > 0)
        cli_note(
            v, "%llu starts forgotten early: more than %llu in the time of --context (--max-flows)",
            (unsigned long long)early, (unsigned long long)f->o->max_flows);
    if (v->verbose > 0 && f->o->flows.shards > 1)
        cli_note(v, "%llu packets of other shards", (unsigned long long)meter_others(f->meter));
    if (v->verbose > 0)
        report_ends(f);
}
