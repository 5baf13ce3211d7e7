#include "report.h"

#include "batch.h"
#include "mem.h"
#include "progress.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>

struct judging {
    struct input *in;
    struct score *score;
    struct opinion *opinion;
    struct batch batch;
    struct progress *progress;
    uint32_t *truth; /* of the rows in the batch */
};

/* Counts the rows of the batch. */
static bool take_batch(struct judging *j, struct err *e)
{
    const bool has_class = j->in->class_column != TABLE_NONE;
    bool ok = true;

    batch_predict(&j->batch);
    for (size_t i = 0; i < j->batch.n && has_class; i++)
        score_add(j->score, j->truth[i], j->batch.verdicts[i], 1);
    /* A second opinion is on the table's current row: with one, batches have a single row. */
    if (j->opinion->name)
        ok = opinion_take(j->opinion, j->in, j->batch.values, j->batch.verdicts[0],
                          has_class ? score_name(j->score, j->truth[0]) : NULL, e);
    j->batch.n = 0;
    progress_at(j->progress, table_rows(j->in->table));
    return ok;
}

static bool judge_rows(struct judging *j, struct err *e)
{
    struct batch *const b = &j->batch;
    enum table_status status;

    while ((status = input_next(j->in, batch_next(b), e)) == TABLE_ROW) {
        if (j->in->class_column != TABLE_NONE && !input_class(j->in, j->score, &j->truth[b->n], e))
            return false;
        b->n++;
        if ((batch_full(b) || j->opinion->name) && !take_batch(j, e))
            return false;
    }
    if (status == TABLE_END && table_rows(j->in->table) == 0)
        return err_set(e, "%s: has no rows to judge the model by", table_path(j->in->table));
    return status == TABLE_END && (b->n == 0 || take_batch(j, e));
}

static bool judge(struct input *in, struct score *s, struct opinion *opinion,
                  const struct options *o, struct err *e)
{
    struct judging j = {.in = in,
                        .score = s,
                        .opinion = opinion,
                        .progress = progress_new(o->shared->progress, "rows", 0)};

    batch_open(&j.batch, in->model, false, o->shared->threads);
    j.truth = mem_alloc(j.batch.most, sizeof *j.truth);
    const bool ok = judge_rows(&j, e);
    free(j.truth);
    batch_close(&j.batch);
    progress_end(j.progress);
    return ok;
}

static uint32_t commonest_trained(const struct model *m)
{
    uint32_t best = 0;

    for (uint32_t c = 1; c < m->n_classes; c++)
        if (m->classes[c].rows > m->classes[best].rows)
            best = c;
    return best;
}

static int by_name(const void *a, const void *b, void *score)
{
    return strcmp(score_name(score, *(const uint32_t *)a), score_name(score, *(const uint32_t *)b));
}

static uint32_t *class_order(const struct model *m, struct score *s)
{
    const size_t n = score_classes(s);
    uint32_t *const order = mem_alloc(n, sizeof *order);

    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    qsort_r(order + m->n_classes, n - m->n_classes, sizeof *order, by_name, s);
    return order;
}

static void write_report(const struct input *in, struct score *s, const struct opinion *opinion,
                         enum table_format format, struct out *out)
{
    const struct model *const m = in->model;
    uint32_t *const order = class_order(m, s);
    const struct findings f = {.model = m,
                               .rows = table_rows(in->table),
                               .score = s,
                               .order = order,
                               .commonest_here = score_commonest(s),
                               .commonest_trained = commonest_trained(m),
                               .opinion = opinion};

    if (format == TABLE_AUTO)
        report_text(&f, out);
    else
        report_metrics(&f, format, out);
    free(order);
}

bool report_run(struct input *in, const struct options *o, struct out *out, struct err *e)
{
    struct score *const s = rows_score(in->model);
    struct opinion opinion;

    const bool ok = opinion_open(&opinion, in, o, e) && judge(in, s, &opinion, o, e);
    if (ok) {
        write_report(in, s, &opinion, o->shared->format, out);
        input_note(in, o);
    }
    opinion_close(&opinion);
    score_free(s);
    return ok;
}
