#include "dataset.h"
#include "mem.h"
#include "value.h"

#include <stdlib.h>

struct row_reader {
    size_t n;
    size_t *columns; /* of the table, in the model's order */
    uint64_t *max;
    struct value_rule rule;
    struct value_counts counts;
};

struct row_reader *row_reader_new(const struct table *t, const struct model *m, struct err *e)
{
    struct row_reader *const r = mem_zero(1, sizeof *r);

    r->n = m->n_features;
    r->columns = mem_zero(r->n, sizeof *r->columns);
    r->max = mem_zero(r->n, sizeof *r->max);
    r->rule = (struct value_rule){m->round, m->has_missing, m->missing, true};
    for (size_t i = 0; i < r->n; i++) {
        r->max[i] = m->features[i].max;
        if (!table_require(t, m->features[i].name, &r->columns[i], e)) {
            row_reader_free(r);
            return NULL;
        }
    }
    return r;
}

void row_reader_free(struct row_reader *r)
{
    if (!r)
        return;
    free(r->columns);
    free(r->max);
    free(r);
}

bool row_reader_get(struct row_reader *r, const struct table *t, uint64_t *values, struct err *e)
{
    for (size_t i = 0; i < r->n; i++) {
        uint64_t v;
        if (!value_read(t, r->columns[i], &r->rule, &v, &r->counts, e))
            return false;
        values[i] = v < r->max[i] ? v : r->max[i];
    }
    return true;
}

uint64_t row_reader_rounded(const struct row_reader *r)
{
    return r->counts.rounded;
}

uint64_t row_reader_filled(const struct row_reader *r)
{
    return r->counts.filled;
}
