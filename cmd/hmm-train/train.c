#include "train.h"

#include "couple.h"
#include "mem.h"
#include "pairs.h"
#include "sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is learnt from: a series for each chain. */
struct input {
    struct series *series[2];
    struct observed *observed[2];
    struct material material[2];
    size_t n;
    struct series *both; /* of both directions, in order, where their chains are to be coupled */
    char *iat_column;
    uint64_t resolution;
};

static void add_material(struct input *in, enum series_dir dir, struct series *s,
                         const struct options *o, const struct hmm *start)
{
    in->series[in->n] = s;
    in->observed[in->n] = observed_new(s, o->kind.joint, o->exact);
    in->material[in->n] = (struct material){
        .dir = dir, .o = in->observed[in->n], .start = start ? hmm_of(start, dir) : NULL};
    in->n++;
}

static void free_input(struct input *in)
{
    for (size_t i = 0; i < in->n; i++) {
        observed_free(in->observed[i]);
        series_free(in->series[i]);
    }
    series_free(in->both);
    free(in->iat_column);
}

/* The packets of each direction that there are any of. */
static bool split(struct input *in, struct series *s, const struct options *o,
                  const struct hmm *start, struct err *e)
{
    static const enum series_dir dirs[] = {SERIES_FORWARD, SERIES_BACKWARD};

    for (size_t i = 0; i < 2; i++) {
        struct series *const d = series_of(s, dirs[i]);
        if (d->n == 0 || (start && !hmm_of(start, dirs[i]))) {
            if (d->n == 0)
                cli_note(o->shared, "there are no %s packets", series_dir_name(dirs[i]));
            else
                cli_note(o->shared, "'%s' has no chain of the %zu %s packets", o->start, d->n,
                         series_dir_name(dirs[i]));
            series_free(d);
            continue;
        }
        add_material(in, dirs[i], d, o, start);
    }
    return in->n > 0 || err_set(e, "'%s' has no chain of these packets", o->start);
}

static bool load(struct input *in, const struct options *o, const struct hmm *start, struct err *e)
{
    const struct series_options options = {.iat = options_iat(o)};
    struct series *const s = series_read(o->file, &options, e);
    bool ok = true;

    if (!s)
        return false;
    options_note(o, s);
    if (start) /* few packets may all be multiples of more than their clock's step */
        s->resolution = series_step(start->resolution, s->resolution);
    in->iat_column = mem_string(s->iat_column, strlen(s->iat_column));
    in->resolution = s->resolution;
    if (o->kind.joint) {
        add_material(in, SERIES_BOTH, s, o, start);
        return true;
    }
    ok = split(in, s, o, start, e);
    if (o->coupled)
        in->both = s;
    else
        series_free(s);
    return ok;
}

/* The fewest states that a chain can come to. */
static size_t fewest_states(const struct material *m, const struct options *o)
{
    const size_t least = m->start ? m->start->k : o->states.values[0];
    const size_t packets = m->o->id ? m->o->n_distinct : m->o->n;

    return least < packets ? least : packets;
}

/* Whether there is any hope to couple what the sweep chooses: better told before it. */
static bool can_couple(const struct input *in, const struct options *o, struct err *e)
{
    return !o->coupled || in->n < 2 ||
           pairs_fit(fewest_states(&in->material[0], o), fewest_states(&in->material[1], o), e);
}

/* The model of what the sweep chose, which it gives away. Freed with hmm_free(). */
static struct hmm *take_chosen(struct sweep *s, const struct input *in, const struct options *o)
{
    struct hmm *const m = mem_zero(1, sizeof *m);

    if (asprintf(&m->made, "hmm-train%s%s", *o->made ? " " : "", o->made) < 0)
        die("out of memory");
    m->seed = o->shared->seed;
    m->iat_column = mem_string(in->iat_column, strlen(in->iat_column));
    m->resolution = in->resolution;
    m->emission = o->kind.emission;
    for (size_t i = 0; i < s->n; i++)
        if (s->all[i].chosen) {
            m->chains[m->n_chains++] = s->all[i].chain;
            s->all[i].chain = (struct hmm_chain){0};
        }
    return m;
}

static bool couple_chains(struct hmm *m, const struct input *in, const struct options *o,
                          struct err *e)
{
    const struct couple_options options = {
        .weight = o->prior, .exact = o->exact, .progress = o->shared->progress, .fit = o->fit};
    const double n = (double)in->both->n;
    struct couple_result r;

    if (m->n_chains < 2) {
        cli_note(o->shared, "there is one chain alone, which is coupled with none");
        return true;
    }
    if (!couple(m, &o->kind, in->both, &options, &r, e))
        return false;
    cli_note(o->shared, "coupled: log-likelihood %.6f a packet, %.6f apart; %s after %llu steps",
             r.log_likelihood / n, r.before / n, em_exit_name(r.exit),
             (unsigned long long)r.iterations);
    return true;
}

/* scores, which is closed, may be NULL. */
static bool report(const struct sweep *s, const struct options *o, struct out *scores,
                   struct err *e)
{
    char *const table = sweep_table(s);

    if (!o->shared->quiet)
        (void)fputs(table, stderr);
    if (scores)
        out_text(scores, table);
    free(table);
    return !scores || out_close(scores, e);
}

/* The model of --start says what kind of model is learnt. */
static void take_kind(struct options *o, const struct hmm *start)
{
    o->kind.emission = start->emission;
    o->kind.joint = hmm_of(start, SERIES_BOTH);
    o->iat = start->iat_column;
    o->kind.times = emission_times_of(start);
}

static bool learn(const struct options *o, const struct hmm *start, struct out *out, struct err *e)
{
    struct input in = {0};
    struct sweep s = {0};
    /* First: a sweep may take hours. */
    struct out *const scores = o->scores ? out_open(o->scores, e) : NULL;
    bool ok = (!o->scores || scores) && load(&in, o, start, e) && can_couple(&in, o, e);

    if (ok) {
        struct pool *const pool = pool_new(o->shared->threads);
        ok = sweep_run(&s, o, in.material, in.n, pool, e);
        pool_free(pool);
    }
    if (ok)
        ok = report(&s, o, scores, e);
    else
        out_abandon(scores);
    struct hmm *const m = ok ? take_chosen(&s, &in, o) : NULL;
    ok = m && (!o->coupled || couple_chains(m, &in, o, e));
    if (ok)
        hmm_write(m, out);
    hmm_free(m);
    sweep_free(&s);
    free_input(&in);
    return ok;
}

/* Whether the chains of --start can be coupled, where that is asked for. */
static bool check_coupling(const struct options *o, const struct hmm *start, struct err *e)
{
    if (!o->coupled && hmm_coupled(start))
        cli_note(o->shared, "'%s' is coupled, which is left out (--coupled learns it anew)",
                 o->start);
    if (o->coupled && hmm_of(start, SERIES_BOTH))
        return err_set(e, "'%s' is a joint model, and --coupled needs a chain for each direction",
                       o->start);
    if (o->coupled && strcmp(o->iat, "iat") == 0)
        return err_set(
            e, "'%s' learnt from iat, and --coupled needs times of each direction (dir_iat)",
            o->start);
    return true;
}

bool train(const struct options *options, struct out *out, struct err *e)
{
    struct options o = *options;

    if (!o.start)
        return learn(&o, NULL, out, e);
    struct hmm *const start = hmm_read(o.start, e);
    if (!start)
        return false;
    take_kind(&o, start);
    const bool ok = check_coupling(&o, start, e) && learn(&o, start, out, e);
    hmm_free(start);
    return ok;
}
