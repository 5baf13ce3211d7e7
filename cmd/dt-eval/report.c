#include "report.h"

#include "mem.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>

/* The current row: its class if it has one, what the model says, and the second opinion. */
static bool judge_row(struct input *in, struct score *s, struct opinion *opinion, uint64_t *sums,
                      struct err *e)
{
    const bool has_class = in->class_column != TABLE_NONE;
    uint32_t truth;

    if (has_class && !input_class(in, s, &truth, e))
        return false;
    const uint32_t verdict = model_predict(in->model, in->values, sums);
    if (has_class)
        score_add(s, truth, verdict, 1);
    return !opinion->name ||
           opinion_take(opinion, in, verdict, has_class ? score_name(s, truth) : NULL, e);
}

static bool judge_rows(struct input *in, struct score *s, struct opinion *opinion, struct err *e)
{
    uint64_t *const sums = mem_zero(in->model->n_classes, sizeof *sums);
    enum table_status status;

    while ((status = input_next(in, e)) == TABLE_ROW && judge_row(in, s, opinion, sums, e))
        continue;
    free(sums);
    if (status == TABLE_END && table_rows(in->table) == 0)
        return err_set(e, "%s: has no rows to judge the model by", table_path(in->table));
    return status == TABLE_END;
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

    const bool ok = opinion_open(&opinion, in, o, e) && judge_rows(in, s, &opinion, e);
    if (ok) {
        write_report(in, s, &opinion, o->shared->format, out);
        input_note(in, o);
    }
    opinion_close(&opinion);
    score_free(s);
    return ok;
}
