/* The training rows as the grower wants them: by column, each value replaced by its rank among the
 * distinct values of its column, and free to be reordered so that a node's rows stand together. */
#ifndef WEIR_CART_SAMPLE_H
#define WEIR_CART_SAMPLE_H

#include "dataset.h"
#include "pool.h"
#include "rng.h"

#include <stddef.h>
#include <stdint.h>

/* The distinct values of the columns, ascending: what ranks stand for. */
struct ranking {
    size_t n_features;
    uint64_t **values;
    size_t *n_values;
};

struct sample {
    size_t n_rows; /* at most SAMPLE_MAX_ROWS */
    size_t n_features;
    size_t n_classes;
    uint32_t **ranks; /* n_features arrays of n_rows ranks */
    uint16_t *labels; /* 0-based classes */
};

/* The bits that hold every rank of a feature; at least 1. */
unsigned ranking_bits(const struct ranking *r, size_t feature);

#define SAMPLE_MAX_ROWS (UINT32_MAX - 1)

/* Ranks a dataset, column by column, and frees its columns and labels on the way (the dataset stays
 * to be freed). Freed with ranking_free() and sample_free(). */
struct sample *sample_new(struct dataset *d, struct ranking *r, struct pool *pool);
void sample_free(struct sample *s);
void ranking_free(struct ranking *r);

/* As many rows drawn from s with replacement, or a copy of all rows where draw is NULL. */
struct sample *sample_draw(const struct sample *s, struct rng *draw);

#endif
