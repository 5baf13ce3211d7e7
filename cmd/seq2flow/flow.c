#include "flow.h"

#include "feature.h"
#include "mem.h"
#include "num.h"
#include "spread.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum way { WAY_BACKWARD, WAY_FORWARD, WAY_BOTH };

struct place {
    uint64_t iat;
    uint16_t len;
    bool forward;
};

struct flow {
    char *name, *label; /* label NULL: none */
    char **kept;
    size_t n_kept;
    uint64_t start, end;
    uint64_t first[2], last[2]; /* least and greatest time of a way's packets */
    struct spread16 len[2];
    struct spread iat[3];
    struct place places[]; /* the first ones */
};

struct flow *flow_new(const struct packet_row *first, const struct span *kept, size_t n_kept,
                      unsigned places)
{
    struct flow *const f = mem_zero(1, sizeof *f + places * sizeof *f->places);

    f->name = mem_string(first->flow.p, first->flow.n);
    f->label = first->label.n > 0 ? mem_string(first->label.p, first->label.n) : NULL;
    f->kept = mem_alloc(n_kept, sizeof *f->kept);
    for (; f->n_kept < n_kept; f->n_kept++)
        f->kept[f->n_kept] = mem_string(kept[f->n_kept].p, kept[f->n_kept].n);
    f->start = f->end = first->ts;
    return f;
}

void flow_free(struct flow *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->n_kept; i++)
        free(f->kept[i]);
    free(f->kept);
    free(f->name);
    free(f->label);
    free(f);
}

uint64_t flow_packets(const struct flow *f)
{
    return f->len[0].n + f->len[1].n;
}

/* A way's gap is since its latest packet. */
static void add_way(struct flow *f, const struct packet_row *p, enum way way)
{
    const uint64_t gap = p->ts > f->last[way] ? p->ts - f->last[way] : 0;

    if (f->len[way].n == 0) {
        f->first[way] = f->last[way] = p->ts;
    } else {
        f->first[way] = p->ts < f->first[way] ? p->ts : f->first[way];
        f->last[way] += gap;
        spread_add(&f->iat[way], gap);
    }
    spread16_add(&f->len[way], p->len);
}

void flow_add(struct flow *f, const struct packet_row *p, unsigned places, bool *backwards)
{
    const uint64_t gap = p->ts > f->end ? p->ts - f->end : 0, n = flow_packets(f);

    *backwards = p->ts < f->end;
    f->start = p->ts < f->start ? p->ts : f->start;
    if (n > 0)
        spread_add(&f->iat[WAY_BOTH], gap);
    if (n < places)
        f->places[n] = (struct place){.iat = gap, .len = p->len, .forward = p->forward};
    f->end += gap;
    add_way(f, p, p->forward ? WAY_FORWARD : WAY_BACKWARD);
}

const char *flow_label(const struct flow *f)
{
    return f->label;
}

/* The columns, in the order of the registry. */
enum value {
    PACKETS,
    BYTES,
    DURATION,
    LEAST_LEN,
    MEAN_LEN,
    GREATEST_LEN,
    STD_LEN,
    LEAST_IAT,
    MEAN_IAT,
    GREATEST_IAT,
    STD_IAT,
    BYTES_PER_S,
    PACKETS_PER_S,
    VALUE_COUNT
};

/* That of both ways; fwd_ and bwd_ follow it. */
static const enum feature_id ids[VALUE_COUNT] = {
    [PACKETS] = F_PACKETS,
    [BYTES] = F_BYTES,
    [DURATION] = F_DURATION,
    [LEAST_LEN] = F_LEN_MIN,
    [MEAN_LEN] = F_LEN_MEAN,
    [GREATEST_LEN] = F_LEN_MAX,
    [STD_LEN] = F_LEN_STD,
    [LEAST_IAT] = F_IAT_MIN,
    [MEAN_IAT] = F_IAT_MEAN,
    [GREATEST_IAT] = F_IAT_MAX,
    [STD_IAT] = F_IAT_STD,
    [BYTES_PER_S] = F_BYTES_PER_S,
    [PACKETS_PER_S] = F_PACKETS_PER_S,
};

static const enum way ways[3] = {WAY_BOTH, WAY_FORWARD, WAY_BACKWARD};

/* What a row is made of. */
struct view {
    struct spread len, iat;
    uint64_t duration;
};

static struct view view_of(const struct flow *f, enum way way)
{
    const struct spread forward = spread_of(&f->len[WAY_FORWARD]);
    const struct spread backward = spread_of(&f->len[WAY_BACKWARD]);

    if (way == WAY_BOTH)
        return (struct view){spread_merge(&backward, &forward), f->iat[way], f->end - f->start};
    return (struct view){way == WAY_FORWARD ? forward : backward, f->iat[way],
                         f->last[way] - f->first[way]};
}

static void put_number(struct table_writer *w, bool known, uint64_t v)
{
    if (known)
        table_put_u64(w, v < FLOW_MAX ? v : FLOW_MAX);
    else
        table_put_text(w, "");
}

static void put_rate(struct table_writer *w, uint64_t n, uint64_t duration)
{
    const uint128 rate = duration > 0 ? (uint128)n * 1000000000 / duration : 0;

    put_number(w, duration > 0, rate < FLOW_MAX ? (uint64_t)rate : FLOW_MAX);
}

static uint64_t statistic(const struct spread *s, unsigned which)
{
    enum { LEAST, MEAN, GREATEST };

    if (s->n == 0)
        return 0;
    return which == LEAST      ? s->min
           : which == MEAN     ? spread_mean(s)
           : which == GREATEST ? s->max
                               : spread_std(s);
}

static void put_value(struct table_writer *w, const struct view *v, enum value value)
{
    if (value == PACKETS)
        put_number(w, true, v->len.n);
    else if (value == BYTES)
        put_number(w, true, v->len.sum);
    else if (value == DURATION)
        put_number(w, true, v->duration);
    else if (value <= STD_LEN)
        put_number(w, v->len.n > 0, statistic(&v->len, value - LEAST_LEN));
    else if (value <= STD_IAT)
        put_number(w, v->iat.n > 0, statistic(&v->iat, value - LEAST_IAT));
    else
        put_rate(w, value == BYTES_PER_S ? v->len.sum : v->len.n, v->duration);
}

static const enum feature_id sequences[] = {F_LEN_N, F_IAT_N, F_DIR_N};
enum { SEQUENCES = sizeof sequences / sizeof *sequences };

static const char *const prefixes[3] = {"", "fwd_", "bwd_"}; /* by place in ways */

bool flow_has_column(const char *name, unsigned places)
{
    const struct feature *f = feature_find(name);

    for (size_t i = 0; f && i < SEQUENCES; i++)
        if (feature_id(f) == sequences[i])
            return feature_number(name) <= places;
    for (size_t k = 1; k < 3; k++)
        if (strncmp(name, prefixes[k], strlen(prefixes[k])) == 0)
            f = feature_find(name + strlen(prefixes[k]));
    for (size_t i = 0; f && i < VALUE_COUNT; i++)
        if (feature_id(f) == ids[i])
            return true;
    return f && (feature_id(f) == F_START || feature_id(f) == F_END);
}

static void put_name(struct table_writer *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void put_name(struct table_writer *w, const char *fmt, ...)
{
    char text[64];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    table_put_text(w, text);
}

void flow_put_header(struct table_writer *w, unsigned places)
{
    table_put_text(w, feature_at(F_START)->name);
    table_put_text(w, feature_at(F_END)->name);
    for (size_t i = 0; i < VALUE_COUNT; i++)
        for (size_t k = 0; k < 3; k++)
            put_name(w, "%s%s", prefixes[k], feature_at(ids[i])->name);
    for (size_t i = 0; i < SEQUENCES; i++)
        for (unsigned number = 1; number <= places; number++) {
            const char *const name = feature_at(sequences[i])->name;
            put_name(w, "%.*s%u", (int)strlen(name) - 1, name, number); /* in place of its N */
        }
}

static void put_time(struct table_writer *w, uint64_t ns)
{
    char text[NUM_TIME_MAX];

    table_put(w, (struct span){text, (size_t)(num_put_time(text, ns) - text)});
}

void flow_put_row(const struct flow *f, struct table_writer *w, unsigned places)
{
    struct view views[3];

    put_time(w, f->start);
    put_time(w, f->end);
    for (size_t k = 0; k < 3; k++)
        views[k] = view_of(f, ways[k]);
    for (enum value i = 0; i < VALUE_COUNT; i++)
        for (size_t k = 0; k < 3; k++)
            put_value(w, &views[k], i);
    for (size_t i = 0; i < SEQUENCES; i++)
        for (unsigned k = 0; k < places; k++) {
            const struct place *const p = &f->places[k];
            put_number(w, k < flow_packets(f),
                       sequences[i] == F_LEN_N   ? p->len
                       : sequences[i] == F_IAT_N ? p->iat
                                                 : p->forward);
        }
}

void flow_put_name(const struct flow *f, struct table_writer *w)
{
    table_put_text(w, f->name);
}

void flow_put_kept(const struct flow *f, struct table_writer *w)
{
    for (size_t i = 0; i < f->n_kept; i++)
        table_put_text(w, f->kept[i]);
}
