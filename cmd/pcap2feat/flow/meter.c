#include "meter.h"

#include "ended.h"
#include "err.h"
#include "mem.h"

#include <stdlib.h>
#include <sys/random.h>

enum {
    PARTITIONS = 64,
    SWEEP_PACKETS = 1024, /* between two looks for flows that have ended by the clock */
    HELD_ROWS = 65536,    /* at most so many wait for the clock to move on */
};

enum tcp_flag { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

struct meter {
    struct meter_rules rules;
    struct layout layout;
    struct meter_calls calls;
    struct store *stores[PARTITIONS];
    size_t share; /* most flows of a partition */
    struct ended ended;
    uint64_t clock;    /* never less than greatest */
    uint64_t greatest; /* packet time */
    unsigned taken;    /* packets since the last sweep */
    uint64_t backwards, counts[END_COUNT];
};

struct meter *meter_new(const struct meter_rules *r, const struct layout *l,
                        const struct meter_calls *calls)
{
    struct meter *const m = mem_zero(1, sizeof *m);
    uint64_t seed;

    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        die_sys("getrandom");
    m->rules = *r;
    m->layout = *l;
    m->calls = *calls;
    m->share = (r->max_flows + PARTITIONS - 1) / PARTITIONS;
    for (int i = 0; i < PARTITIONS; i++)
        m->stores[i] = store_new(l->size, seed);
    return m;
}

void meter_free(struct meter *m)
{
    if (!m)
        return;
    for (int i = 0; i < PARTITIONS; i++)
        store_free(m->stores[i]);
    ended_free(&m->ended);
    free(m);
}

static uint64_t sum_capped(uint64_t a, uint64_t b)
{
    return a < UINT64_MAX - b ? a + b : UINT64_MAX;
}

/* Ends a flow; the reason is what a closing flow has already. */
static void end_flow(struct meter *m, struct store *s, uint32_t i, enum flow_end reason,
                     uint64_t found)
{
    struct flow *const f = store_at(s, i);

    if (!f->closing)
        f->reason = (uint8_t)reason;
    store_end(s, i);
    if (f->silent) {
        store_release(s, i);
        return;
    }
    m->counts[f->reason]++;
    ended_add(&m->ended, s, i, found, f->reason == END_FILE || f->reason == END_INPUT);
}

/* Ends what the clock has passed. Those met the longest ago are not closing then, or their linger
 * would have passed too: it is at most the idle timeout. */
static void sweep_store(struct meter *m, struct store *s)
{
    uint32_t i;

    while ((i = store_closing(s)) != STORE_NOBODY) {
        const uint64_t due = sum_capped(store_at(s, i)->closed, m->rules.linger);
        if (m->clock <= due)
            break;
        end_flow(m, s, i, END_FIN, due);
    }
    while ((i = store_oldest(s)) != STORE_NOBODY) {
        const uint64_t due = sum_capped(store_at(s, i)->latest, m->rules.idle);
        if (m->clock <= due)
            break;
        end_flow(m, s, i, END_IDLE, due);
    }
}

static void write_row(void *context, struct flow *f)
{
    struct meter *const m = context;

    flow_finish(&m->layout, f);
    m->calls.row(m->calls.context, f);
}

static void sweep(struct meter *m)
{
    m->taken = 0;
    for (int i = 0; i < PARTITIONS; i++)
        sweep_store(m, m->stores[i]);
    ended_write(&m->ended, m->clock, write_row, m);
    if (m->ended.n > HELD_ROWS)
        ended_write_all(&m->ended, write_row, m);
}

/* Whether a packet that comes now is still of the flow; if not, the flow is ended. */
static bool goes_on(struct meter *m, struct store *s, uint32_t i, const struct packet *p)
{
    const struct flow *const f = store_at(s, i);

    if (f->closing) {
        const uint64_t due = sum_capped(f->closed, m->rules.linger);
        const bool begins = (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
        if (m->clock <= due && !begins)
            return true;
        end_flow(m, s, i, END_FIN, due < m->clock ? due : m->clock);
        return false;
    }
    if (m->clock - f->latest > m->rules.idle) {
        end_flow(m, s, i, END_IDLE, f->latest + m->rules.idle);
        return false;
    }
    if (p->ts > f->start && p->ts - f->start > m->rules.active) {
        end_flow(m, s, i, END_ACTIVE, m->clock);
        return false;
    }
    return true;
}

static uint32_t begin_flow(struct meter *m, struct store *s, const struct flow_key *k,
                           const struct packet *p, bool high)
{
    if (store_count(s) == m->share)
        sweep_store(m, s);
    if (store_count(s) == m->share)
        end_flow(m, s, store_oldest(s), END_CAP, m->clock);
    const uint32_t i = store_add(s, k);
    struct flow *const f = store_at(s, i);
    f->begun_high = high && !m->rules.fixed_ways;
    flow_begin(&m->layout, f, p, high == f->begun_high ? WAY_FORWARD : WAY_BACKWARD);
    m->calls.begin(m->calls.context, f);
    return i;
}

/* What a packet says of its connection's end. */
static void look_for_end(struct meter *m, struct store *s, uint32_t i, const struct packet *p,
                         enum way way)
{
    struct flow *const f = store_at(s, i);

    if (f->closing || !(p->tcp_flags & (TCP_FIN | TCP_RST)))
        return;
    if (p->tcp_flags & TCP_FIN)
        f->fins |= (uint8_t)(1U << way);
    if (!(p->tcp_flags & TCP_RST) && f->fins != (1U << WAY_FORWARD | 1U << WAY_BACKWARD))
        return;
    f->reason = p->tcp_flags & TCP_RST ? END_RST : END_FIN;
    f->closed = m->clock;
    store_close(s, i);
}

/* The row of a flow that has the packets asked for; the flow itself only goes on. */
static void give_first(struct meter *m, struct store *s, uint32_t i)
{
    const uint32_t copy = store_copy(s, i);

    store_at(s, i)->silent = true;
    store_at(s, copy)->reason = END_FIRST;
    m->counts[END_FIRST]++;
    ended_add(&m->ended, s, copy, m->clock, false);
}

static void set_clock(struct meter *m, uint64_t ts)
{
    m->backwards += ts < m->greatest;
    if (ts > m->greatest)
        m->greatest = ts;
    if (ts > m->clock)
        m->clock = ts;
}

void meter_take(struct meter *m, const struct packet *p, const struct flow_key *k, bool high)
{
    struct store *const s = m->stores[flow_key_hash(k) >> 58];

    set_clock(m, p->ts);
    if (++m->taken == SWEEP_PACKETS)
        sweep(m);
    uint32_t i = store_find(s, k);
    if (i == STORE_NOBODY || !goes_on(m, s, i, p))
        i = begin_flow(m, s, k, p, high);
    else
        store_touch(s, i);
    struct flow *const f = store_at(s, i);
    const enum way way = high == f->begun_high ? WAY_FORWARD : WAY_BACKWARD;
    f->latest = m->clock;
    flow_add(&m->layout, f, p, way);
    if (m->rules.tcp_end)
        look_for_end(m, s, i, p, way);
    if (!f->silent && f->packets == m->rules.first_packets)
        give_first(m, s, i);
}

void meter_tick(struct meter *m, uint64_t now)
{
    if (now > m->clock)
        m->clock = now;
    sweep(m);
}

void meter_end(struct meter *m, enum flow_end reason)
{
    sweep(m);
    for (int k = 0; k < PARTITIONS; k++) {
        struct store *const s = m->stores[k];
        for (uint32_t i; (i = store_closing(s)) != STORE_NOBODY;)
            end_flow(m, s, i, reason, sum_capped(store_at(s, i)->closed, m->rules.linger));
        for (uint32_t i; (i = store_oldest(s)) != STORE_NOBODY;)
            end_flow(m, s, i, reason, 0);
    }
    ended_write_all(&m->ended, write_row, m);
    m->clock = m->greatest = 0;
}

uint64_t meter_backwards(const struct meter *m)
{
    return m->backwards;
}

uint64_t meter_ended(const struct meter *m, enum flow_end reason)
{
    return m->counts[reason];
}
