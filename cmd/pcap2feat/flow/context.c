#include "context.h"

#include "err.h"
#include "mem.h"
#include "partition.h"
#include "starts.h"

#include <stdlib.h>
#include <sys/random.h>

/* What is known of a flow, behind its record. */
struct member {
    uint32_t groups[GROUP_KINDS];
    bool counted; /* among the flows of its groups, and in the list of those */
    struct flow *newer, *older;
};

/* Its flows are those of the meter once more, by the same rules, in one partition and without
 * rows. */
struct context {
    struct meter_rules rules;
    struct layout layout;
    struct meter_calls calls;
    size_t member_at; /* in a record */
    struct arena *arena;
    struct partition *flows;
    struct groups *groups;
    struct starts *starts;
    struct flow *newest, *oldest;   /* of the flows that are counted, by their last packets */
    struct batch *batch;            /* at work */
    uint16_t places[BATCH_PACKETS]; /* in it, from 0 on */
};

static struct member *member(const struct context *c, const struct flow *f)
{
    return (struct member *)(void *)((char *)(uintptr_t)f + c->member_at);
}

static void link_newest(struct context *c, struct flow *f)
{
    struct member *const m = member(c, f);

    m->newer = NULL;
    m->older = c->newest;
    *(c->newest ? &member(c, c->newest)->newer : &c->oldest) = f;
    c->newest = f;
}

static void unlink_flow(struct context *c, const struct flow *f)
{
    const struct member *const m = member(c, f);

    *(m->newer ? &member(c, m->newer)->older : &c->newest) = m->older;
    *(m->older ? &member(c, m->older)->newer : &c->oldest) = m->newer;
}

static void count(struct context *c, struct flow *f)
{
    struct member *const m = member(c, f);

    m->counted = true;
    groups_at(c->groups, m->groups[GROUP_HOST])->flows++;
    groups_at(c->groups, m->groups[GROUP_PAIR])->flows++;
    link_newest(c, f);
}

static void uncount(struct context *c, struct flow *f)
{
    struct member *const m = member(c, f);

    m->counted = false;
    groups_at(c->groups, m->groups[GROUP_HOST])->flows--;
    groups_at(c->groups, m->groups[GROUP_PAIR])->flows--;
    unlink_flow(c, f);
}

static void begin_flow(void *context, struct flow *f, const struct arrival *first)
{
    struct context *const c = context;
    struct member *const m = member(c, f);

    f->silent = true;
    for (int kind = 0; kind < GROUP_KINDS; kind++)
        m->groups[kind] = groups_join(c->groups, (enum group_kind)kind, &f->key, f->begun_high);
    count(c, f);
    starts_pass(c->starts, first->clock);
    starts_add(c->starts, first->clock, m->groups);
}

static void end_flow(void *context, struct flow *f)
{
    struct context *const c = context;
    const struct member *const m = member(c, f);

    if (m->counted)
        uncount(c, f);
    for (int kind = 0; kind < GROUP_KINDS; kind++)
        groups_leave(c->groups, m->groups[kind]);
}

/* It had the last packet of all. */
static void move_up(struct context *c, struct flow *f)
{
    if (!member(c, f)->counted) {
        count(c, f);
    } else if (f != c->newest) {
        unlink_flow(c, f);
        link_newest(c, f);
    }
}

/* What the clock has passed does not count any more. */
static void pass(struct context *c, uint64_t clock)
{
    partition_pass(c->flows, clock);
    starts_pass(c->starts, clock);
    while (clock - c->oldest->latest > c->rules.context)
        uncount(c, c->oldest);
}

static void meet(void *context, struct flow *f, uint16_t place)
{
    struct context *const c = context;
    const struct member *const m = member(c, f);

    move_up(c, f);
    pass(c, f->latest);
    const struct group *const host = groups_at(c->groups, m->groups[GROUP_HOST]);
    const struct group *const pair = groups_at(c->groups, m->groups[GROUP_PAIR]);
    const struct group *const target = groups_at(c->groups, m->groups[GROUP_TARGET]);
    c->batch->context[place] = (struct part_context){
        .host_flows = host->flows,
        .pair_flows = pair->flows,
        .host_starts = host->starts,
        .pair_starts = pair->starts,
        .repeats = target->starts,
        .gap_sum = target->gap_sum,
        .gap_squares = target->gap_squares,
    };
}

struct context *context_new(const struct meter_rules *r)
{
    struct context *const c = mem_zero(1, sizeof *c);
    uint64_t seeds[2];

    if (getrandom(seeds, sizeof seeds, 0) != (ssize_t)sizeof seeds)
        die_sys("getrandom");
    c->rules = *r;
    c->rules.first_packets = 0;
    c->layout = layout_of(0, 0, 0);
    c->member_at = c->layout.size;
    c->layout.size += (sizeof(struct member) + 15) / 16 * 16;
    c->calls =
        (struct meter_calls){.begin = begin_flow, .end = end_flow, .met = meet, .context = c};
    for (unsigned i = 0; i < BATCH_PACKETS; i++)
        c->places[i] = (uint16_t)i;
    c->arena = arena_new();
    c->groups = groups_new(seeds[0], c->arena);
    c->starts = starts_new(c->groups, r->context, r->max_flows);
    c->flows = partition_new(&c->rules, &c->layout, &c->calls, r->max_flows, seeds[1], c->arena);
    return c;
}

void context_free(struct context *c)
{
    if (!c)
        return;
    partition_free(c->flows);
    starts_free(c->starts);
    groups_free(c->groups);
    arena_free(c->arena);
    free(c);
}

void context_take(struct context *c, struct batch *b)
{
    c->batch = b;
    partition_watch(c->flows, b, c->places, b->n);
}

void context_end(struct context *c)
{
    partition_end(c->flows, END_FILE);
    starts_clear(c->starts);
}

uint64_t context_early(const struct context *c)
{
    return starts_early(c->starts);
}
