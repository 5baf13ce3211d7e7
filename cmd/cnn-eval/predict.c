#include "predict.h"

#include "feature.h"
#include "lateness.h"
#include "mem.h"
#include "row_copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct prediction {
    struct input *in;
    struct out *out;
    struct row_copy rows;
    struct lateness late; /* from a row's reading to its writing */
    uint64_t *read;       /* when the rows of the batch were */
    bool failed;
    struct err e;
};

static uint64_t now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void put_row(struct prediction *p, size_t i)
{
    const struct cnn *const m = p->in->model;
    const struct cnn_answer *const a = &p->in->batch.answers[i];
    const uint32_t verdict = input_verdict(p->in, a);
    char text[32];

    row_copy_row(&p->rows, p->in->raw[i]);
    table_put_text(p->rows.writer, verdict < m->n_classes ? m->classes[verdict].name : CNN_UNKNOWN);
    (void)snprintf(text, sizeof text, "%.4f", (double)a->confidence);
    table_put_text(p->rows.writer, text);
    (void)snprintf(text, sizeof text, "%.4f", a->novelty);
    table_put_text(p->rows.writer, text);
    table_end_row(p->rows.writer);
}

/* Asks about the rows of the batch, and passes them on. */
static void put_batch(struct prediction *p)
{
    struct batch *const b = &p->in->batch;

    p->failed = p->failed || !input_ask(p->in, &p->e);
    for (size_t i = 0; !p->failed && i < b->n; i++)
        put_row(p, i);
    (void)out_flush(p->out); /* a failure is kept, and out_close() tells it */
    const uint64_t done = now();
    for (size_t i = 0; i < b->n; i++)
        lateness_add(&p->late, done - p->read[i]);
    b->n = 0;
}

static void before_read(void *prediction)
{
    put_batch(prediction);
}

static bool check_names(const struct prediction *p, struct err *e)
{
    const struct table *const t = p->in->table;
    const char *const names[] = {p->in->options->predicted, feature_at(F_CONFIDENCE)->name,
                                 feature_at(F_NOVELTY)->name};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (table_find(t, names[i]) != TABLE_NONE)
            return err_set(e, "%s:1: there is a column '%s' already%s", table_path(t), names[i],
                           i == 0 ? " (--predict=NAME names the new one)" : "");
        if (i > 0 && strcmp(names[0], names[i]) == 0)
            return err_set(e, "--predict: a column '%s' will be there already", names[i]);
    }
    return true;
}

static void put_header(struct prediction *p)
{
    row_copy_header(&p->rows);
    table_put_text(p->rows.writer, p->in->options->predicted);
    table_put_text(p->rows.writer, feature_at(F_CONFIDENCE)->name);
    table_put_text(p->rows.writer, feature_at(F_NOVELTY)->name);
    table_end_row(p->rows.writer);
}

static bool predict_rows(struct prediction *p, struct err *e)
{
    struct batch *const b = &p->in->batch;
    enum table_status status;

    put_header(p);
    while ((status = input_next(p->in, e)) == TABLE_ROW) {
        p->read[b->n - 1] = now();
        if (b->n == b->most || !p->rows.as_read)
            put_batch(p);
        if (p->failed)
            break;
    }
    put_batch(p);
    if (p->failed && status != TABLE_BAD)
        *e = p->e;
    return status == TABLE_END && !p->failed;
}

static void note(const struct prediction *p)
{
    const struct cli_shared_values *const shared = p->in->options->shared;

    if (shared->verbose && p->late.n > 0)
        cli_note(shared, "%llu rows; from reading to writing p50 %.3f ms, p99 %.3f ms, max %.3f ms",
                 (unsigned long long)p->late.n, (double)lateness_quantile(&p->late, 0.5) / 1e6,
                 (double)lateness_quantile(&p->late, 0.99) / 1e6, (double)p->late.max / 1e6);
}

bool predict_run(struct input *in, struct out *out, struct err *e)
{
    struct prediction *const p = mem_zero(1, sizeof *p);

    p->in = in;
    p->out = out;
    p->read = mem_alloc(in->batch.most, sizeof *p->read);
    row_copy_open(&p->rows, in->table, in->options->shared->format, out);
    table_before_read(in->table, before_read, p);
    const bool ok = check_names(p, e) && predict_rows(p, e);
    if (ok)
        note(p);
    row_copy_close(&p->rows);
    free(p->read);
    free(p);
    return ok;
}
