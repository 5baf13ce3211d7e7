/* Verdicts of many rows at once, and fast: what model_predict() gives, row by row. */
#ifndef WEIR_DT_EVAL_PREDICTOR_H
#define WEIR_DT_EVAL_PREDICTOR_H

#include "model.h"

#include <stddef.h>
#include <stdint.h>

struct predictor;

/* The model must outlive it. Freed with predictor_free(). */
struct predictor *predictor_new(const struct model *m);
void predictor_free(struct predictor *p);

/* Fills verdicts[n] (0-based classes) for n rows of m->n_features values, and votes[n][n_classes]
 * with the votes of the classes; votes may be NULL for a single tree. May be called from several
 * threads at once. */
void predictor_rows(const struct predictor *p, const uint64_t *rows, size_t n, uint32_t *verdicts,
                    uint32_t *votes);

#endif
