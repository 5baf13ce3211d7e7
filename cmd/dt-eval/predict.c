#include "predict.h"

#include "batch.h"
#include "mem.h"
#include "num.h"
#include "row_copy.h"

#include <stdlib.h>
#include <string.h>

struct prediction {
    const struct options *options;
    struct input *in;
    struct out *out;
    struct row_copy rows;
    struct batch batch;
    struct span *raw; /* the rows of the batch; in the table's buffer until it reads on */
    char *votes;      /* text */
    size_t votes_cap;
};

/* "1:612 3:153": class number and votes, as leaves stand in a model file. */
static void put_votes(struct prediction *p, const uint32_t *votes)
{
    const size_t most = 2 * NUM_U64_MAX + 2;
    size_t used = 0;

    for (size_t c = 0; c < p->in->model->n_classes; c++) {
        if (votes[c] == 0)
            continue;
        p->votes = mem_grow(p->votes, &p->votes_cap, used + most, 1);
        char *to = p->votes + used;
        if (used > 0)
            *to++ = ' ';
        to = num_put_u64(to, c + 1);
        *to++ = ':';
        used = (size_t)(num_put_u64(to, votes[c]) - p->votes);
    }
    table_put(p->rows.writer, (struct span){p->votes, used});
}

/* Writes the rows of the batch with their verdicts. */
static void put_batch(struct prediction *p)
{
    const struct model *const m = p->in->model;
    struct batch *const b = &p->batch;

    batch_predict(b);
    for (size_t i = 0; i < b->n; i++) {
        row_copy_row(&p->rows, p->raw[i]);
        table_put_text(p->rows.writer, m->classes[b->verdicts[i]].name);
        if (p->options->votes)
            put_votes(p, b->votes + i * m->n_classes);
        table_end_row(p->rows.writer);
    }
    b->n = 0;
}

static void before_read(void *prediction)
{
    struct prediction *const p = prediction;

    if (p->batch.n > 0)
        put_batch(p);
    (void)out_flush(p->out); /* a failure is kept, and out_close() tells it */
}

static bool check_names(const struct prediction *p, struct err *e)
{
    const struct table *const t = p->in->table;
    const char *const name = p->options->predicted;

    if (table_find(t, name) != TABLE_NONE)
        return err_set(e, "%s:1: there is a column '%s' already (--predict=NAME names the new one)",
                       table_path(t), name);
    if (p->options->votes && (table_find(t, "votes") != TABLE_NONE || strcmp(name, "votes") == 0))
        return err_set(e, "%s:1: there is a column 'votes' already", table_path(t));
    return true;
}

static void put_header(struct prediction *p)
{
    row_copy_header(&p->rows);
    table_put_text(p->rows.writer, p->options->predicted);
    if (p->options->votes)
        table_put_text(p->rows.writer, "votes");
    table_end_row(p->rows.writer);
}

static bool predict_rows(struct prediction *p, struct err *e)
{
    struct batch *const b = &p->batch;
    enum table_status status;

    put_header(p);
    /* Reading on writes what is in the batch, so the place of the next row is asked for after it.
     */
    while ((status = table_next(p->in->table, e)) == TABLE_ROW) {
        if (!input_values(p->in, batch_next(b), e)) {
            status = TABLE_BAD;
            break;
        }
        p->raw[b->n++] = table_raw(p->in->table);
        if (batch_full(b) || !p->rows.as_read)
            put_batch(p);
    }
    if (b->n > 0)
        put_batch(p);
    return status == TABLE_END;
}

bool predict_run(struct input *in, const struct options *o, struct out *out, struct err *e)
{
    struct prediction p = {.options = o, .in = in, .out = out};

    row_copy_open(&p.rows, in->table, o->shared->format, out);
    batch_open(&p.batch, in->model, o->votes, o->shared->threads);
    p.raw = mem_alloc(p.batch.most, sizeof *p.raw);
    table_before_read(in->table, before_read, &p);
    const bool ok = check_names(&p, e) && predict_rows(&p, e);
    if (ok)
        input_note(in, o);
    batch_close(&p.batch);
    row_copy_close(&p.rows);
    free(p.raw);
    free(p.votes);
    return ok;
}
