#include "report.h"

#include "batch.h"
#include "findings.h"
#include "mem.h"
#include "opinion.h"
#include "progress.h"
#include "rows.h"
#include "textbuf.h"

#include <stdlib.h>

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
    if (j->opinion->said.name)
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
        if ((batch_full(b) || j->opinion->said.name) && !take_batch(j, e))
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

static uint32_t commonest(const struct model *m)
{
    uint32_t best = 0;

    for (uint32_t c = 1; c < m->n_classes; c++)
        if (m->classes[c].rows > m->classes[best].rows)
            best = c;
    return m->classes[best].rows > 0 ? best : FINDINGS_UNKNOWN;
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/* The model in a line. */
static void describe(const struct model *m, struct textbuf *text)
{
    size_t leaves = 0;

    for (size_t i = 0; i < m->n_trees; i++)
        leaves += m->trees[i].n_leaves;
    textbuf_printf(text, "%zu tree%s, %zu lea%s; %zu feature%s, %zu class%s; trained on %llu rows",
                   m->n_trees, plural(m->n_trees), leaves, leaves == 1 ? "f" : "ves", m->n_features,
                   plural(m->n_features), m->n_classes, m->n_classes == 1 ? "" : "es",
                   (unsigned long long)m->rows);
}

static void write_report(const struct input *in, const struct score *s, const struct second *second,
                         enum table_format format, struct out *out)
{
    const struct model *const m = in->model;
    struct textbuf about = {0};

    describe(m, &about);
    const struct findings f = {.made = m->made,
                               .about = about.p,
                               .n_classes = m->n_classes,
                               .commonest = commonest(m),
                               .rows = table_rows(in->table),
                               .score = s,
                               .second = second};
    findings_write(&f, format, out);
    free(about.p);
}

bool report_run(struct input *in, const struct options *o, struct out *out, struct err *e)
{
    struct score *const s = rows_score(in->model);
    struct opinion opinion;

    const bool ok = opinion_open(&opinion, in, o, e) && judge(in, s, &opinion, o, e);
    if (ok) {
        write_report(in, s, &opinion.said, o->shared->format, out);
        input_note(in, o);
    }
    opinion_close(&opinion);
    score_free(s);
    return ok;
}
