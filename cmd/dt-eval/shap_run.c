#include "shap_run.h"

#include "figures.h"
#include "mem.h"
#include "pool.h"
#include "progress.h"
#include "rows.h"
#include "shap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_ROWS = 64 * SHAP_BLOCK,    /* in work at once */
    MOST_VALUES = 16 * 1024 * 1024, /* the same, for models of many features and classes */
};

struct work {
    const struct model *m;
    struct shap *shap;
    struct shap_scratch **scratch; /* a thread each */
    struct rows rows;
    size_t per_row;        /* values of a row: features times classes */
    double *values;        /* of all rows in work */
    double *probabilities; /* likewise */
    uint64_t done;         /* rows before those in work */
    double *sums;          /* MODE_SHAP: of |values| */
    struct table_writer *writer;
};

static void explain_block(void *context, size_t part, unsigned thread)
{
    const struct work *const w = context;
    const size_t first = part * SHAP_BLOCK;
    const size_t left = w->rows.n - first;

    shap_rows(w->shap, w->scratch[thread], w->rows.values + first * w->m->n_features,
              left < SHAP_BLOCK ? left : SHAP_BLOCK, w->values + first * w->per_row,
              w->probabilities + first * w->m->n_classes);
}

static void put_number(struct table_writer *w, double v)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%.12g", v);
    table_put_text(w, text);
}

static void put_header(const struct work *w)
{
    char *text;

    table_put_text(w->writer, "row");
    table_put_text(w->writer, "explained");
    table_put_text(w->writer, "base");
    for (size_t f = 0; f < w->m->n_features; f++) {
        if (asprintf(&text, "shap.%s", w->m->features[f].name) < 0)
            die("out of memory");
        table_put_text(w->writer, text);
        free(text);
    }
    table_put_text(w->writer, "probability");
    table_end_row(w->writer);
}

static void put_row(const struct work *w, size_t row)
{
    const size_t n_classes = w->m->n_classes;

    for (size_t c = 0; c < n_classes; c++) {
        table_put_u64(w->writer, w->done + row + 1);
        table_put_text(w->writer, w->m->classes[c].name);
        put_number(w->writer, shap_base(w->shap)[c]);
        for (size_t f = 0; f < w->m->n_features; f++)
            put_number(w->writer, w->values[row * w->per_row + f * n_classes + c]);
        put_number(w->writer, w->probabilities[row * n_classes + c]);
        table_end_row(w->writer);
    }
}

static void take_rows(struct work *w)
{
    for (size_t row = 0; row < w->rows.n; row++)
        if (w->writer)
            put_row(w, row);
        else
            for (size_t i = 0; i < w->per_row; i++)
                w->sums[i] += fabs(w->values[row * w->per_row + i]);
    w->done += w->rows.n;
}

/* "skype" for people; "mean_abs.skype" in a table, where "feature" may be a class's name, too. */
static char *head_of(const char *class, enum table_format format)
{
    char *text;

    if (asprintf(&text, "%s%s", format == TABLE_AUTO ? "" : "mean_abs.", class) < 0)
        die("out of memory");
    return text;
}

/* The mean |value| of a feature over all classes, then of each class. */
static void write_means(const struct work *w, enum table_format format, struct out *out)
{
    const size_t n_classes = w->m->n_classes, n = n_classes + 1;
    double *const values = mem_zero(w->m->n_features * n, sizeof *values);
    char **const heads = mem_alloc(n, sizeof *heads);

    heads[0] = mem_string("mean_abs", strlen("mean_abs"));
    for (size_t c = 0; c < n_classes; c++)
        heads[c + 1] = head_of(w->m->classes[c].name, format);
    for (size_t i = 0; i < w->per_row; i++) {
        const size_t feature = i / n_classes, class = i % n_classes;
        const double mean = w->sums[i] / (double)w->done;
        values[feature * n + class + 1] = mean;
        values[feature * n] += mean / (double)n_classes;
    }
    const struct figures figures = {
        .m = w->m, .heads = heads, .n = n, .values = values, .format = format};
    figures_write(&figures, out);
    for (size_t i = 0; i < n; i++)
        free(heads[i]);
    free(heads);
    free(values);
}

static bool explain_rows(struct work *w, struct input *in, const struct options *o, struct err *e)
{
    struct pool *const pool = pool_new(o->shared->threads);
    struct progress *const progress = progress_new(o->shared->progress, "rows", 0);
    size_t most = MOST_VALUES / w->per_row;
    bool ok;

    most = most > MOST_ROWS ? MOST_ROWS : most;
    w->values = mem_alloc(most * w->per_row, sizeof *w->values);
    w->probabilities = mem_alloc(most * w->m->n_classes, sizeof *w->probabilities);
    w->scratch = mem_alloc(o->shared->threads, sizeof(struct shap_scratch *));
    for (unsigned i = 0; i < o->shared->threads; i++)
        w->scratch[i] = shap_scratch_new(w->shap);
    while ((ok = rows_read(&w->rows, in, NULL, most, e)) && w->rows.n > 0) {
        pool_run(pool, (w->rows.n + SHAP_BLOCK - 1) / SHAP_BLOCK, explain_block, w);
        take_rows(w);
        progress_at(progress, w->done);
    }
    progress_end(progress);
    for (unsigned i = 0; i < o->shared->threads; i++)
        shap_scratch_free(w->scratch[i]);
    free(w->scratch);
    free(w->values);
    free(w->probabilities);
    pool_free(pool);
    return ok;
}

bool shap_run(struct input *in, const struct options *o, struct out *out, struct err *e)
{
    const struct model *const m = in->model;
    struct work w = {.m = m, .per_row = m->n_features * m->n_classes};

    if (w.per_row > MOST_VALUES)
        return err_set(e, "%s: %zu features and %zu classes are too many for --shap", o->model,
                       m->n_features, m->n_classes);
    if (m->votes > 0)
        return err_set(e, "%s: its leaves hold votes, and --shap needs their training rows",
                       o->model);
    w.shap = shap_new(m);
    w.sums = mem_zero(w.per_row, sizeof *w.sums);
    if (o->mode == MODE_SHAP_ROWS) {
        w.writer = table_writer_new(out, o->shared->format == TABLE_AUTO ? table_format(in->table)
                                                                         : o->shared->format);
        put_header(&w);
    }
    bool ok = explain_rows(&w, in, o, e);
    if (ok && o->mode == MODE_SHAP) {
        if (w.done > 0)
            write_means(&w, o->shared->format, out);
        else
            ok = err_set(e, "%s: has no rows to explain", table_path(in->table));
    }
    if (ok)
        input_note(in, o);
    table_writer_free(w.writer);
    rows_free(&w.rows);
    shap_free(w.shap);
    free(w.sums);
    return ok;
}
