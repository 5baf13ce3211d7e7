/* From a dataset to a model: ranking, growing, selecting, one tree or many. */
#ifndef WEIR_DT_TRAIN_TRAIN_H
#define WEIR_DT_TRAIN_TRAIN_H

#include "dataset.h"
#include "err.h"
#include "model.h"
#include "options.h"
#include "pool.h"

#include <stdint.h>

/* What the summary line says. */
struct summary {
    uint64_t leaves;  /* of all trees */
    uint64_t depth;   /* of the deepest */
    uint64_t right;   /* training rows whose class the model says */
    uint64_t entries; /* with a limit on them: what the model needs, else 0 */
};

/* Takes what it needs out of the dataset (columns, labels, names); the caller still frees it. NULL
 * with *e when --max-entries can't be kept or --default-class is not a class. Freed with
 * model_free(). */
struct model *train(struct dataset *d, const struct options *o, struct pool *pool,
                    struct summary *summary, struct err *e);

#endif
