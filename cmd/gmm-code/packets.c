#include "packets.h"

#include "feature.h"
#include "mem.h"
#include "num.h"
#include "sort.h"

#include <stdlib.h>
#include <string.h>

/* 100 years after the start. */
static const uint64_t MOST_CLOCK = UINT64_C(100) * 366 * 86400 * 1000000000;

/* One flow while packets are drawn, then while they are written. */
struct flow {
    struct rng rng[2];       /* of each direction: what it draws does not hang on the other */
    uint64_t clock[2], base; /* ns; base: where its first packet stands */
    bool has_base;
    uint64_t last[2]; /* ts of the last packet written of each direction */
    bool seen[2];
};

struct packets {
    const struct gmm *m;
    const struct tokens *k;
    const struct packets_options *o;
    bool one_clock;
    struct flow *flows;
    uint64_t *time; /* of each token: since the flow's clocks began */
    uint16_t *len;
    uint32_t *order; /* tokens in order of time */
};

/* Length and time since the packet before, of one token. */
static void draw(const struct packets *p, const struct token *t, uint16_t *len, uint64_t *iat)
{
    const struct gmm_mixture *const x = gmm_of(p->m, (enum series_dir)t->dir);
    const struct gauss2 *const g = &x->components[t->component];
    struct rng *const rng = &p->flows[t->flow].rng[t->dir];
    const struct point at = p->o->mean ? g->mean : gauss2_draw(g, rng);

    *len = series_len_of(at.len);
    *iat = series_iat_of(at.iat, p->m->resolution);
}

static bool draw_all(struct packets *p, struct err *e)
{
    for (size_t i = 0; i < p->k->n; i++) {
        const struct token *const t = &p->k->all[i];
        struct flow *const f = &p->flows[t->flow];
        uint64_t *const clock = &f->clock[p->one_clock ? 0 : t->dir];
        uint64_t iat;

        draw(p, t, &p->len[i], &iat);
        *clock += iat;
        if (*clock > MOST_CLOCK)
            return err_set(e, "the packets of a flow last more than 100 years");
        p->time[i] = *clock;
        if (!f->has_base || *clock < f->base)
            f->base = *clock;
        f->has_base = true;
    }
    return true;
}

/* By time; of equals, by flow, then forward first, then as the tokens stand. */
static void put_in_order(struct packets *p)
{
    const size_t n = p->k->n;
    uint64_t *keys = mem_alloc(n, sizeof *keys), *spare = mem_alloc(n, sizeof *spare);
    uint32_t *rows = mem_alloc(n, sizeof *rows), *spare_rows = mem_alloc(n, sizeof *spare_rows);

    for (size_t i = 0; i < n; i++) {
        const struct token *const t = &p->k->all[i];
        keys[i] = (uint64_t)t->flow * 2 + (!p->one_clock && t->dir != SERIES_FORWARD);
        rows[i] = (uint32_t)i;
        p->time[i] -= p->flows[t->flow].base;
    }
    sort_values(&keys, &spare, &rows, &spare_rows, n);
    for (size_t i = 0; i < n; i++)
        keys[i] = p->time[rows[i]];
    sort_values(&keys, &spare, &rows, &spare_rows, n);
    p->order = rows;
    free(spare_rows);
    free(keys);
    free(spare);
}

static void put_time(struct table_writer *w, uint64_t ts)
{
    char text[NUM_TIME_MAX];
    const char *const end = num_put_time(text, ts);

    table_put(w, (struct span){text, (size_t)(end - text)});
}

/* Time since `last`; nothing where there is none. */
static void put_since(struct table_writer *w, bool seen, uint64_t ts, uint64_t last)
{
    if (seen)
        table_put_u64(w, ts - last);
    else
        table_put_text(w, "");
}

static void put_row(const struct packets *p, struct table_writer *w, size_t i)
{
    const struct token *const t = &p->k->all[i];
    struct flow *const f = &p->flows[t->flow];
    const uint64_t ts = SERIES_START + p->time[i];
    const uint64_t last = f->last[0] > f->last[1] ? f->last[0] : f->last[1];
    char token[TOKEN_MAX];

    put_time(w, ts);
    table_put_text(w, p->k->flows ? intern_text(p->k->flows, t->flow) : "1");
    table_put_u64(w, t->dir);
    table_put_u64(w, p->len[i]);
    put_since(w, f->seen[t->dir], ts, f->last[t->dir]);
    put_since(w, f->seen[0] || f->seen[1], ts, last);
    const char *const end = token_put(token, (enum series_dir)t->dir, t->component);
    table_put(w, (struct span){token, (size_t)(end - token)});
    table_end_row(w);
    f->last[t->dir] = ts;
    f->seen[t->dir] = true;
}

static void put_all(const struct packets *p, struct out *out)
{
    static const enum feature_id columns[] = {F_TS,      F_FLOW, F_DIR,  F_LEN,
                                              F_DIR_IAT, F_IAT,  F_TOKEN};
    struct table_writer *const w = table_writer_new(out, p->o->format);

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        table_put_text(w, feature_at(columns[i])->name);
    table_end_row(w);
    for (size_t i = 0; i < p->k->n && !out_failed(out); i++)
        put_row(p, w, p->order[i]);
    table_writer_free(w);
}

bool packets_write(const struct gmm *m, const struct tokens *k, const struct packets_options *o,
                   struct out *out, struct err *e)
{
    struct packets p = {.m = m, .k = k, .o = o, .one_clock = strcmp(m->iat_column, "iat") == 0};

    if (!p.one_clock && strcmp(m->iat_column, "dir_iat") != 0)
        return err_set(e,
                       "the model learnt from a column '%s', and times of packets come from iat or "
                       "dir_iat",
                       m->iat_column);
    p.flows = mem_zero(k->n_flows, sizeof *p.flows);
    for (size_t f = 0; f < k->n_flows; f++)
        for (size_t dir = 0; dir < 2; dir++)
            p.flows[f].rng[dir] = rng_new(o->seed, f * 2 + dir);
    p.time = mem_alloc(k->n, sizeof *p.time);
    p.len = mem_alloc(k->n, sizeof *p.len);
    const bool ok = draw_all(&p, e);
    if (ok) {
        put_in_order(&p);
        put_all(&p, out);
    }
    free(p.flows);
    free(p.time);
    free(p.len);
    free(p.order);
    return ok;
}
