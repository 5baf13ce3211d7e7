#include "train.h"

#include "mem.h"
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
    in->iat_column = mem_string(s->iat_column, strlen(s->iat_column));
    in->resolution = s->resolution;
    if (o->kind.joint) {
        add_material(in, SERIES_BOTH, s, o, start);
        return true;
    }
    ok = split(in, s, o, start, e);
    series_free(s);
    return ok;
}

static void write_model(const struct sweep *s, const struct input *in, const struct options *o,
                        struct out *out)
{
    char *made;
    if (asprintf(&made, "hmm-train%s%s", *o->made ? " " : "", o->made) < 0)
        die("out of memory");
    struct hmm m = {.made = made,
                    .seed = o->shared->seed,
                    .iat_column = in->iat_column,
                    .resolution = in->resolution,
                    .emission = o->kind.emission};

    for (size_t i = 0; i < s->n; i++)
        if (s->all[i].chosen)
            m.chains[m.n_chains++] = s->all[i].chain;
    hmm_write(&m, out);
    free(made);
}

static bool report(const struct sweep *s, const struct options *o, struct err *e)
{
    char *const table = sweep_table(s);
    bool ok = true;

    if (!o->shared->quiet)
        (void)fputs(table, stderr);
    if (o->scores) {
        struct out *const out = out_open(o->scores, e);
        ok = out != NULL;
        if (out) {
            out_text(out, table);
            ok = out_close(out, e);
        }
    }
    free(table);
    return ok;
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
    bool ok = load(&in, o, start, e);

    if (ok) {
        struct pool *const pool = pool_new(o->shared->threads);
        ok = sweep_run(&s, o, in.material, in.n, pool, e) && report(&s, o, e);
        pool_free(pool);
    }
    if (ok)
        write_model(&s, &in, o, out);
    sweep_free(&s);
    free_input(&in);
    return ok;
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
    const bool ok = learn(&o, start, out, e);
    hmm_free(start);
    return ok;
}
