#include "newness.h"

#include "mem.h"

#include <stdlib.h>

void newness_add(struct newness *x, double novelty, bool known)
{
    x->rows = mem_grow(x->rows, &x->cap, x->n + 1, sizeof *x->rows);
    x->rows[x->n++] = (struct newness_row){novelty, known};
    *(known ? &x->known : &x->others) += 1;
    *(known ? &x->lost : &x->found) += novelty > 1;
}

void newness_free(struct newness *x)
{
    free(x->rows);
}

static int compare_rows(const void *a, const void *b)
{
    const struct newness_row *const x = a, *const y = b;

    return (x->novelty > y->novelty) - (x->novelty < y->novelty);
}

double newness_auroc(struct newness *x)
{
    double below = 0, wins = 0; /* known rows less new so far; pairs won by the other's */

    qsort(x->rows, x->n, sizeof *x->rows, compare_rows);
    for (size_t i = 0, end; i < x->n; i = end) {
        double known = 0, others = 0;
        for (end = i; end < x->n && x->rows[end].novelty == x->rows[i].novelty; end++)
            *(x->rows[end].known ? &known : &others) += 1;
        wins += others * (below + known / 2);
        below += known;
    }
    return wins / ((double)x->known * (double)x->others);
}
