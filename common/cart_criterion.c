#include "cart_criterion.h"

#include "mem.h"

#include <stdlib.h>

struct criterion *criterion_new(enum criterion_kind kind, const struct model_class *classes,
                                size_t n_classes, size_t n_rows)
{
    struct criterion *const c = mem_zero(1, sizeof *c);

    c->kind = kind;
    c->n_classes = n_classes;
    c->weight = mem_alloc(n_classes, sizeof *c->weight);
    c->square = mem_alloc(n_classes, sizeof *c->square);
    c->log_weight = mem_alloc(n_classes, sizeof *c->log_weight);
    for (size_t i = 0; i < n_classes; i++) {
        c->weight[i] = classes[i].weight;
        c->square[i] = classes[i].weight * classes[i].weight;
        c->log_weight[i] = log2(classes[i].weight);
    }
    if (kind == CRITERION_ENTROPY) {
        c->n_log_n = mem_alloc(n_rows + 1, sizeof *c->n_log_n);
        c->n_log_n[0] = 0;
        for (size_t n = 1; n <= n_rows; n++)
            c->n_log_n[n] = (double)n * log2((double)n);
    }
    return c;
}

void criterion_free(struct criterion *c)
{
    if (!c)
        return;
    free(c->weight);
    free(c->square);
    free(c->log_weight);
    free(c->n_log_n);
    free(c);
}
