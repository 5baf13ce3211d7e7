/* cnn-train: learns to classify flows with a convolutional network. */
#include "choose.h"
#include "class_weights.h"
#include "cnn.h"
#include "err.h"
#include "familiar.h"
#include "fit.h"
#include "mem.h"
#include "options.h"
#include "samples.h"
#include "scales.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONVOLUTIONS "conv:64:5,relu,pool:2,conv:64:3,relu,pool:2,flatten"

/* What the network is made of where nobody says: two convolutions over the packets, then the
 * statistics beside them; without packets the statistics alone. */
static const char *default_layers(const struct cnn *m)
{
    const bool few = m->places < 4; /* too few to be pooled twice */

    if (m->places == 0)
        return "dense:128,relu,dropout:0.1,dense:128,relu";
    if (m->n_stats == 0)
        return few ? "flatten,dense:64,relu" : CONVOLUTIONS ",dropout:0.5,dense:64,relu";
    return few ? "flatten,join,dense:64,relu" : CONVOLUTIONS ",join,dropout:0.5,dense:64,relu";
}

/* The columns, scales and classes of a model to go on from, and room for its members. */
static void inherit(struct cnn *m, const struct cnn *from)
{
    m->places = from->places;
    m->sequences = from->sequences;
    m->n_stats = from->n_stats;
    m->stats = mem_alloc(m->n_stats, sizeof *m->stats);
    for (size_t i = 0; i < m->n_stats; i++) {
        m->stats[i] = from->stats[i];
        m->stats[i].name = mem_string(from->stats[i].name, strlen(from->stats[i].name));
        m->stats[i].knots = knots_copy(&from->stats[i].knots);
    }
    for (int s = 0; s < CNN_DIR; s++)
        m->knots[s] = knots_copy(&from->knots[s]);
    m->n_members = from->n_members;
    m->members = mem_zero(m->n_members, sizeof *m->members);
    m->n_classes = from->n_classes;
    m->classes = mem_alloc(m->n_classes, sizeof *m->classes);
    for (size_t i = 0; i < m->n_classes; i++)
        m->classes[i].name = mem_string(from->classes[i].name, strlen(from->classes[i].name));
}

static bool read_samples(struct cnn *m, const struct cnn *from, struct samples *s,
                         const struct options *o, struct err *e)
{
    struct table *const t = table_open(o->n_files > 0 ? o->files[0] : NULL, e);

    if (!t)
        return false;
    if (from)
        inherit(m, from);
    const bool ok = (from || choose_columns(m, t, o, e)) && samples_read(s, t, m, o, e);
    table_close(t);
    if (!ok)
        return false;
    if (!from)
        scales_find(s, m);
    if (s->others)
        cli_note(o->shared, "%llu row%s of the category '" CNN_OTHER "' left out",
                 (unsigned long long)s->others, s->others == 1 ? "" : "s");
    return true;
}

static bool weigh(struct cnn *m, const struct options *o, struct err *e)
{
    if (o->balanced)
        class_weights_balance(m->classes, m->n_classes);
    return !o->weights || class_weights_read(m->classes, m->n_classes, o->weights, e);
}

static bool lay_out(struct cnn *m, const struct cnn *from, const struct options *o, struct err *e)
{
    char *const inherited = from ? cnn_layers(from) : NULL;
    const bool ok = cnn_plan(m,
                             inherited   ? inherited
                             : o->layers ? o->layers
                                         : default_layers(m),
                             e);

    free(inherited);
    return ok;
}

/* f: of each member. */
static void report(const struct cnn *m, const struct samples *s, const struct options *o,
                   const struct nn_log_summary *f)
{
    const struct samples_part *const part = &s->parts[0];

    cli_note(
        o->shared,
        "%zu rows train, %zu say when to stop; %zu packets and %zu statistics, %zu class%s, %zu "
        "parameters",
        part->n_train, part->n_valid, m->places, m->n_stats, m->n_classes,
        m->n_classes == 1 ? "" : "es", m->plan->n_params);
    for (size_t k = 0; k < m->n_members; k++) {
        char which[64] = "";
        if (m->n_members > 1)
            (void)snprintf(which, sizeof which, "network %zu of %zu: ", k + 1, m->n_members);
        if (part->n_valid > 0)
            cli_note(o->shared,
                     "%s%u epochs, the best is number %u: validation loss %.4f, accuracy %.4f",
                     which, f[k].epochs, f[k].best, f[k].loss, f[k].right);
        else
            cli_note(o->shared, "%s%u epochs: loss %.4f", which, f[k].epochs, f[k].loss);
    }
}

static bool check_member(const struct cnn *m, size_t member, struct err *e)
{
    return cnn_fits(m, &m->members[member]) ||
           err_set(e,
                   "network %zu of %zu: its numbers have grown beyond bounds: a smaller --lr may "
                   "help, or fewer layers",
                   member + 1, m->n_members);
}

static bool train_members(struct cnn *m, const struct cnn *from, const struct samples *s,
                          const struct options *o, struct pool *pool, struct err *e)
{
    struct nn_log_summary *const summaries = mem_zero(m->n_members, sizeof *summaries);
    struct familiar *const known = familiar_new(s->n);
    bool ok = true;

    for (size_t k = 0; ok && k < m->n_members; k++) {
        fit_start(m, from, k);
        ok = fit_run(m, k, s, o, pool, &summaries[k], e) &&
             familiar_fit(known, m, from, k, s, pool, e) && check_member(m, k, e);
    }
    if (ok) {
        familiar_settle(known, m, o->unknown);
        report(m, s, o, summaries);
    }
    familiar_free(known);
    free(summaries);
    return ok;
}

static bool train(struct cnn *m, const struct cnn *from, const struct options *o, struct err *e)
{
    struct samples s = {0};
    struct pool *const pool = pool_new(o->shared->threads);
    const bool ok = read_samples(m, from, &s, o, e) && weigh(m, o, e) && lay_out(m, from, o, e) &&
                    train_members(m, from, &s, o, pool, e);

    samples_free(&s);
    pool_free(pool);
    return ok;
}

int main(int argc, char **argv)
{
    struct err e;
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    struct options o = options_parse(cli);
    struct cnn *const from = o.init ? cnn_read(o.init, &e) : NULL;

    if (o.init && !from)
        die_err(&e);
    if (!o.label)
        o.label = from ? from->label : "class";
    struct cnn *const m = mem_zero(1, sizeof *m);
    if (asprintf(&m->made, "cnn-train%s%s", *o.made ? " " : "", o.made) < 0)
        die("out of memory");
    m->seed = o.shared->seed;
    m->label = mem_string(o.label, strlen(o.label));
    struct out *const out = out_open(o.shared->output, &e);
    if (!out)
        die_err(&e);
    if (!train(m, from, &o, &e)) {
        out_abandon(out);
        die_err(&e);
    }
    cnn_write(m, out);
    if (!out_close(out, &e))
        die_err(&e);
    cnn_free(m);
    cnn_free(from);
    free(o.made);
    cli_free(cli);
    return EXIT_DONE;
}
