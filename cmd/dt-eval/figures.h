/* A table of figures, a feature a row: aligned text with the greatest first, or CSV/TSV in the
 * model's order. */
#ifndef WEIR_DT_EVAL_FIGURES_H
#define WEIR_DT_EVAL_FIGURES_H

#include "model.h"
#include "out.h"
#include "table.h"

struct figures {
    const struct model *m;
    char *const *heads; /* names of the n columns */
    size_t n;
    const double *values;     /* m->n_features rows of n */
    enum table_format format; /* TABLE_AUTO: text */
};

/* The text is sorted by the first column. */
void figures_write(const struct figures *f, struct out *o);

#endif
