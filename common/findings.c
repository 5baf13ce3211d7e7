#include "findings.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b, void *score)
{
    return strcmp(score_name(score, *(const uint32_t *)a), score_name(score, *(const uint32_t *)b));
}

static uint32_t *class_order(const struct findings *f)
{
    const size_t n = score_classes(f->score);
    uint32_t *const order = mem_alloc(n, sizeof *order);

    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    qsort_r(order + f->n_classes, n - f->n_classes, sizeof *order, by_name,
            (void *)(uintptr_t)f->score);
    return order;
}

void findings_write(const struct findings *f, enum table_format format, struct out *out)
{
    uint32_t *const order = class_order(f);

    if (format == TABLE_AUTO)
        findings_text(f, order, out);
    else
        findings_metrics(f, order, format, out);
    free(order);
}
