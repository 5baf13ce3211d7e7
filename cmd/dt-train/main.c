/* dt-train: learns a decision tree or a forest from a table. */
#include "cart_sample.h"
#include "class_weights.h"
#include "cli.h"
#include "dataset.h"
#include "err.h"
#include "model.h"
#include "options.h"
#include "out.h"
#include "pool.h"
#include "table.h"
#include "train.h"

#include <stdlib.h>

/* Before the rows are read: a column of classes of another name would be taken for a feature. */
static bool has_class(const struct table *t, const struct options *o, struct err *e)
{
    return o->dataset.label || table_find(t, "class") != TABLE_NONE ||
           err_set(e, "%s:1: there is no column 'class' (--class=COLUMN names another)",
                   table_path(t));
}

static bool not_too_many(const struct dataset *d, const char *path, struct err *e)
{
    return d->n_rows <= SAMPLE_MAX_ROWS || err_set(e, "%s: %zu rows, and a tree takes %u at most",
                                                   path, d->n_rows, SAMPLE_MAX_ROWS);
}

static void remarks(const struct dataset *d, const struct options *o)
{
    if (d->rounded)
        cli_note(o->shared, "%llu value%s rounded", (unsigned long long)d->rounded,
                 d->rounded == 1 ? " was" : "s were");
    if (d->filled)
        cli_note(o->shared, "%llu empty field%s taken as %llu", (unsigned long long)d->filled,
                 d->filled == 1 ? " was" : "s were", (unsigned long long)o->dataset.missing);
    if (d->n_classes == 1)
        cli_note(o->shared, "all rows are of class '%s': the tree is one leaf", d->classes[0].name);
}

static bool weigh(const struct dataset *d, const struct options *o, struct err *e)
{
    if (o->weights == WEIGHTS_BALANCED)
        class_weights_balance(d->classes, d->n_classes);
    return o->weights != WEIGHTS_FILE ||
           class_weights_read(d->classes, d->n_classes, o->weights_file, e);
}

static struct dataset *load(const struct options *o, struct err *e)
{
    struct table *const t = table_open(o->file, e);

    if (!t)
        return NULL;
    struct dataset *d = has_class(t, o, e) ? dataset_load(t, &o->dataset, e) : NULL;
    if (d && (!not_too_many(d, table_path(t), e) || !weigh(d, o, e))) {
        dataset_free(d);
        d = NULL;
    }
    table_close(t);
    if (d)
        remarks(d, o);
    return d;
}

static void report(const struct model *m, const struct options *o, const struct summary *s)
{
    size_t majority = 0;

    for (size_t i = 1; i < m->n_classes; i++)
        if (m->classes[i].rows > m->classes[majority].rows)
            majority = i;
    cli_note(o->shared, "%llu row%s, %zu feature%s, %zu class%s", (unsigned long long)m->rows,
             m->rows == 1 ? "" : "s", m->n_features, m->n_features == 1 ? "" : "s", m->n_classes,
             m->n_classes == 1 ? "" : "es");
    cli_note(o->shared,
             "%zu tree%s, %llu %s, depth %llu; training accuracy %.6f, majority '%s' %.6f",
             m->n_trees, m->n_trees == 1 ? "" : "s", (unsigned long long)s->leaves,
             s->leaves == 1 ? "leaf" : "leaves", (unsigned long long)s->depth,
             (double)s->right / (double)m->rows, m->classes[majority].name,
             (double)m->classes[majority].rows / (double)m->rows);
    if (s->entries)
        cli_note(o->shared, "%llu of %llu entries", (unsigned long long)s->entries,
                 (unsigned long long)o->max_entries);
}

int main(int argc, char **argv)
{
    struct err e;
    struct options o;
    struct cli *const cli = cli_new(&options_spec, argc, argv);

    options_parse(&o, cli);
    struct dataset *const d = load(&o, &e);
    if (!d)
        die_err(&e);
    struct out *const out = out_open(o.shared->output, &e);
    if (!out)
        die_err(&e);
    struct pool *const pool = pool_new(o.shared->threads);
    struct summary summary;
    struct model *const m = train(d, &o, pool, &summary, &e);
    if (!m) {
        out_abandon(out);
        die_err(&e);
    }
    model_write(m, out);
    if (!out_close(out, &e))
        die_err(&e);
    report(m, &o, &summary);
    model_free(m);
    dataset_free(d);
    pool_free(pool);
    free(o.made);
    cli_free(cli);
    return EXIT_DONE;
}
