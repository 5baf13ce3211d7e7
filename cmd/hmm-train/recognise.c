#include "recognise.h"

#include "feature.h"
#include "forward.h"
#include "mem.h"
#include "pairs.h"
#include "series.h"
#include "spool.h"
#include "viterbi.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NO_STATE = UINT16_MAX };

/* What a chain says of its packets, in the order of the whole series. */
struct verdicts {
    uint16_t *state; /* NO_STATE: no chain knows this packet */
    double *log_likelihood;
};

/* What it says of the packets of one chain, in their order. */
static void ask(const struct emission_kind *kind, const struct hmm_chain *chain,
                const struct observed *o, struct verdicts *v)
{
    struct params *const p = params_new(kind, o, chain);
    struct forward *const f = forward_new(o, p->kp);
    struct step step[2];

    viterbi(o, p, v->state);
    for (size_t i = 0; i < 2; i++)
        step[i] = (struct step){mem_zero(p->kp, sizeof(double)), mem_zero(p->kp, sizeof(double)),
                                mem_zero(p->kp, sizeof(uint16_t)), 0};
    forward_begin(f, p);
    for (size_t t = 0; t < o->n; t++) {
        const struct step *const from = observed_starts(o, t) ? NULL : &step[(t + 1) % 2];
        const struct density d = forward_step(f, t, from, &step[t % 2]);
        v->log_likelihood[t] = log(d.factor) + d.log;
    }
    for (size_t i = 0; i < 2; i++) {
        free(step[i].predicted);
        free(step[i].alpha);
        free(step[i].active);
    }
    forward_free(f);
    params_free(p);
}

static struct verdicts verdicts_new(size_t n)
{
    return (struct verdicts){mem_zero(n, sizeof(uint16_t)), mem_zero(n, sizeof(double))};
}

static void verdicts_free(struct verdicts *v)
{
    free(v->state);
    free(v->log_likelihood);
}

static void note_total(const struct options *o, enum series_dir dir, const struct verdicts *v,
                       size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += v->log_likelihood[i];
    cli_note(o->shared, "%s: %zu packet%s, log-likelihood %.3f, %.6f a packet",
             series_dir_name(dir), n, n == 1 ? "" : "s", sum, sum / (double)n);
}

/* Asks the chain of one direction and puts what it says where those packets are in v. */
static void ask_direction(const struct options *o, const struct emission_kind *kind,
                          const struct hmm *m, const struct series *s, enum series_dir dir,
                          struct verdicts *v)
{
    const struct hmm_chain *const chain = hmm_of(m, dir);
    struct series *const part = series_of(s, dir);

    if (part->n > 0 && !chain)
        cli_note(o->shared, "'%s' has no chain of the %zu %s packet%s", o->score, part->n,
                 series_dir_name(dir), part->n == 1 ? "" : "s");
    if (part->n > 0 && chain) {
        struct observed *const packets = observed_new(part, false, o->exact);
        struct verdicts own = verdicts_new(part->n);
        size_t k = 0;
        ask(kind, chain, packets, &own);
        note_total(o, dir, &own, part->n);
        for (size_t i = 0; i < s->n; i++)
            if (s->dir[i] == dir) {
                v->state[i] = own.state[k];
                v->log_likelihood[i] = own.log_likelihood[k++];
            }
        verdicts_free(&own);
        observed_free(packets);
    }
    series_free(part);
}

/* Asks both chains of a coupled model at once. */
static bool ask_pairs(const struct options *o, const struct emission_kind *kind,
                      const struct hmm *m, const struct series *s, struct verdicts *v,
                      struct err *e)
{
    struct pairs *const p = pairs_new(m, kind, s, o->exact, e);

    if (!p)
        return false;
    struct grid grids[2];
    for (size_t i = 0; i < 2; i++)
        grids[i] =
            (struct grid){mem_zero(p->grid, sizeof(double)), mem_zero(p->grid, sizeof(double))};
    pairs_viterbi(p, v->state);
    for (size_t t = 0; t < s->n; t++) {
        const struct density d = pairs_forward(p, t, grids[(t + 1) % 2].alpha, &grids[t % 2]);
        v->log_likelihood[t] = log(d.factor) + d.log;
    }
    note_total(o, SERIES_BOTH, v, s->n);
    for (size_t i = 0; i < 2; i++) {
        free(grids[i].predicted);
        free(grids[i].alpha);
    }
    pairs_free(p);
    return true;
}

static bool ask_model(const struct options *o, const struct hmm *m, const struct series *s,
                      struct verdicts *v, struct err *e)
{
    const struct hmm_chain *const joint = hmm_of(m, SERIES_BOTH);
    const struct emission_kind kind = {
        .emission = m->emission, .joint = joint, .times = emission_times_of(m)};

    for (size_t i = 0; i < s->n; i++)
        v->state[i] = NO_STATE;
    if (hmm_coupled(m))
        return ask_pairs(o, &kind, m, s, v, e);
    if (joint) {
        struct observed *const packets = observed_new(s, true, o->exact);
        ask(&kind, joint, packets, v);
        note_total(o, SERIES_BOTH, v, s->n);
        observed_free(packets);
    } else {
        ask_direction(o, &kind, m, s, SERIES_FORWARD, v);
        ask_direction(o, &kind, m, s, SERIES_BACKWARD, v);
    }
    return true;
}

/* The table again, with what was said. */
struct rows {
    struct table *t;
    struct table_writer *w;
    bool as_read; /* the output's format is the input's */
    size_t iat;   /* column */
    const struct series *s;
    const struct verdicts *v;
    size_t next; /* rows with a time so far */
};

static void put_header(struct rows *r)
{
    if (r->as_read)
        table_put_raw(r->w, table_raw(r->t));
    for (size_t i = 0; !r->as_read && i < table_width(r->t); i++)
        table_put_text(r->w, table_name(r->t, i));
    table_put_text(r->w, feature_at(F_STATE)->name);
    table_put_text(r->w, feature_at(F_LOG_LIKELIHOOD)->name);
    table_end_row(r->w);
}

static void put_row(struct rows *r)
{
    char text[64] = "";
    uint16_t state = NO_STATE;

    if (r->as_read)
        table_put_raw(r->w, table_raw(r->t));
    for (size_t i = 0; !r->as_read && i < table_width(r->t); i++)
        table_put(r->w, table_field(r->t, i));
    if (table_field(r->t, r->iat).n > 0) {
        const size_t at = r->s->place ? r->s->place[r->next] : r->next;
        state = r->v->state[at];
        (void)snprintf(text, sizeof text, "%.6f", r->v->log_likelihood[at]);
        r->next++;
    }
    if (state == NO_STATE) {
        table_put_text(r->w, "");
        table_put_text(r->w, "");
    } else {
        table_put_u64(r->w, state + UINT64_C(1));
        table_put_text(r->w, text);
    }
    table_end_row(r->w);
}

static bool put_table(struct rows *r, struct err *e)
{
    enum table_status status = TABLE_BAD;

    if (!table_require(r->t, r->s->iat_column, &r->iat, e) || !table_rewind(r->t, e))
        return false;
    while ((status = table_next(r->t, e)) == TABLE_ROW)
        put_row(r);
    return status == TABLE_END;
}

static bool check_names(const struct table *t, struct err *e)
{
    static const enum feature_id ids[] = {F_STATE, F_LOG_LIKELIHOOD};

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const char *const name = feature_at(ids[i])->name;
        if (table_find(t, name) != TABLE_NONE)
            return err_set(e, "%s:1: there is a column '%s' already", table_path(t), name);
    }
    return true;
}

static bool score_table(const struct options *o, const struct hmm *m, struct table *t,
                        struct out *out, struct err *e)
{
    const struct series_options options = {
        .iat = m->iat_column, .places = true, .may_be_empty = true};
    const enum table_format format =
        o->shared->format == TABLE_AUTO ? table_format(t) : o->shared->format;
    struct rows rows = {.t = t, .as_read = format == table_format(t)};

    if (!check_names(t, e))
        return false;
    rows.w = table_writer_new(out, format);
    put_header(&rows); /* while the table still has it */
    struct series *const s = series_from(t, &options, e);
    bool ok = s;
    if (s) {
        options_note(o, s);
        struct verdicts v = verdicts_new(s->n);
        s->resolution = m->resolution; /* the clock of the model's times */
        ok = s->n == 0 || ask_model(o, m, s, &v, e);
        rows.s = s;
        rows.v = &v;
        ok = ok && put_table(&rows, e);
        verdicts_free(&v);
        series_free(s);
    }
    table_writer_free(rows.w);
    return ok;
}

bool recognise(const struct options *options, struct out *out, struct err *e)
{
    struct hmm *const m = hmm_read(options->score, e);
    struct table *const t = m ? spool_table(options->file, e) : NULL;
    const bool ok = t && score_table(options, m, t, out, e);

    table_close(t);
    hmm_free(m);
    return ok;
}
