#include "starts.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

struct start {
    uint64_t clock;
    uint64_t gap; /* to the next one of its target; 0: there is none yet */
    uint32_t groups[GROUP_KINDS];
};

/* Number i lies at i & mask of the ring. */
struct starts {
    struct groups *groups;
    uint64_t window;
    size_t most;
    struct start *ring;
    uint64_t mask;
    uint64_t first, next; /* numbers */
    uint64_t early;
};

struct starts *starts_new(struct groups *g, uint64_t window, size_t most)
{
    enum { FEW = 256 };
    struct starts *const s = mem_zero(1, sizeof *s);

    s->groups = g;
    s->window = window;
    s->most = most;
    s->ring = mem_alloc(FEW, sizeof *s->ring);
    s->mask = FEW - 1;
    return s;
}

void starts_free(struct starts *s)
{
    free(s->ring);
    free(s);
}

static struct start *at(const struct starts *s, uint64_t number)
{
    return &s->ring[number & s->mask];
}

static void double_ring(struct starts *s)
{
    const uint64_t mask = 2 * s->mask + 1;
    struct start *const ring = mem_alloc(mask + 1, sizeof *ring);

    for (uint64_t i = s->first; i != s->next; i++)
        ring[i & mask] = *at(s, i);
    free(s->ring);
    s->ring = ring;
    s->mask = mask;
}

static void forget_first(struct starts *s)
{
    const struct start *const first = at(s, s->first++);
    struct group *const target = groups_at(s->groups, first->groups[GROUP_TARGET]);

    target->gap_sum -= first->gap;
    target->gap_squares -= (uint128)first->gap * first->gap;
    for (int kind = 0; kind < GROUP_KINDS; kind++) {
        groups_at(s->groups, first->groups[kind])->starts--;
        groups_leave(s->groups, first->groups[kind]);
    }
}

/* The time since the target's start before this one. */
static void add_gap(struct starts *s, struct group *target, uint64_t clock)
{
    const uint64_t gap = clock - target->latest;

    at(s, target->number)->gap = gap;
    target->gap_sum += gap;
    target->gap_squares += (uint128)gap * gap;
}

void starts_add(struct starts *s, uint64_t clock, const uint32_t groups[GROUP_KINDS])
{
    struct group *const target = groups_at(s->groups, groups[GROUP_TARGET]);

    if (s->next - s->first == s->most) {
        forget_first(s);
        s->early++;
    }
    if (s->next - s->first > s->mask)
        double_ring(s);
    if (target->starts > 0)
        add_gap(s, target, clock);
    target->latest = clock;
    target->number = s->next;
    struct start *const start = at(s, s->next++);
    *start = (struct start){.clock = clock};
    memcpy(start->groups, groups, sizeof start->groups);
    for (int kind = 0; kind < GROUP_KINDS; kind++) {
        groups_join_at(s->groups, groups[kind]);
        groups_at(s->groups, groups[kind])->starts++;
    }
}

void starts_pass(struct starts *s, uint64_t clock)
{
    while (s->first != s->next && clock - at(s, s->first)->clock > s->window)
        forget_first(s);
}

void starts_clear(struct starts *s)
{
    while (s->first != s->next)
        forget_first(s);
}

uint64_t starts_early(const struct starts *s)
{
    return s->early;
}
