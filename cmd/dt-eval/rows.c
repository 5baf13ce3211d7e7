#include "rows.h"

#include "mem.h"

#include <stdlib.h>

struct score *rows_score(const struct model *m)
{
    struct score *const s = score_new();

    for (size_t c = 0; c < m->n_classes; c++)
        score_class(s, span_of(m->classes[c].name));
    return s;
}

bool rows_read(struct rows *r, struct input *in, struct score *classes, size_t most, struct err *e)
{
    const size_t width = in->model->n_features;
    enum table_status status = TABLE_ROW;

    for (r->n = 0; r->n < most; r->n++) {
        r->values = mem_grow(r->values, &r->cap_values, (r->n + 1) * width, sizeof *r->values);
        status = input_next(in, r->values + r->n * width, e);
        if (status != TABLE_ROW)
            break;
        if (!classes)
            continue;
        r->truth = mem_grow(r->truth, &r->cap_truth, r->n + 1, sizeof *r->truth);
        if (!input_class(in, classes, &r->truth[r->n], e))
            return false;
    }
    return status != TABLE_BAD;
}

void rows_free(struct rows *r)
{
    free(r->values);
    free(r->truth);
    *r = (struct rows){0};
}
