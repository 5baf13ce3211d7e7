#include "report.h"

#include "mem.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>

static bool judge_rows(struct input *in, struct score *s, struct err *e)
{
    const struct model *const m = in->model;
    uint64_t *const sums = mem_zero(m->n_classes, sizeof *sums);
    enum table_status status;
    uint32_t truth;

    while ((status = input_next(in, e)) == TABLE_ROW && input_class(in, s, &truth, e))
        score_add(s, truth, model_predict(m, in->values, sums), 1);
    free(sums);
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

bool report_run(struct input *in, const struct options *o, struct out *out, struct err *e)
{
    const struct model *const m = in->model;
    struct score *const s = rows_score(m);
    bool ok = judge_rows(in, s, e);
    if (ok && score_rows(s) == 0)
        ok = err_set(e, "%s: has no rows to judge the model by", table_path(in->table));
    if (ok) {
        uint32_t *const order = class_order(m, s);
        const struct findings f = {m, s, order, score_commonest(s), commonest_trained(m)};
        if (o->shared->format == TABLE_AUTO)
            report_text(&f, out);
        else
            report_metrics(&f, o->shared->format, out);
        free(order);
        input_note(in, o);
    }
    score_free(s);
    return ok;
}
