/* Exact Shapley values of a model's class probabilities: what each feature adds to them in a row.
 *
 * The game is that of path-dependent TreeSHAP (Lundberg, Erion, Lee, "Consistent individualized
 * feature attribution for tree ensembles", 2018; Lundberg et al., Nature Machine Intelligence 2,
 * 2020): with only the features S known, a split on one of them takes the row's branch, any other
 * takes both, weighted by their training rows. The probability of a class is its share of the
 * weighted training rows in the leaf; in a forest, the mean over the trees.
 *
 * For a leaf with features 1..m on its path, let o be 1 if the row meets all conditions on the
 * feature, else 0, and z the product of the training shares of the branches that test it. Since
 * Shapley's weight of a set of s of m - 1 other features is the integral of t^s (1 - t)^(m-1-s)
 * over [0, 1], feature j gets
 *
 *     share * (o_j - z_j) * integral of the product over k != j of (t o_k + (1 - t) z_k)
 *
 * a polynomial of degree m - 1, which ceil(m / 2) points of Gauss-Legendre quadrature integrate
 * exactly. All terms of it are positive: no cancellation, unlike in the unwinding of the published
 * algorithm, whose values these are. Time is O(leaves * m^2) a row and tree. */
#ifndef WEIR_DT_EVAL_SHAP_H
#define WEIR_DT_EVAL_SHAP_H

#include "model.h"

#include <stddef.h>
#include <stdint.h>

enum { SHAP_BLOCK = 64 }; /* rows that are worked on together */

struct shap;
struct shap_scratch; /* of a thread */

/* The model must outlive it. Freed with shap_free(). */
struct shap *shap_new(const struct model *m);
void shap_free(struct shap *s);
struct shap_scratch *shap_scratch_new(const struct shap *s);
void shap_scratch_free(struct shap_scratch *scratch);

/* The probabilities when nothing is known of a row (m->n_classes of them): what the values of a row
 * add up from. */
const double *shap_base(const struct shap *s);

/* n <= SHAP_BLOCK rows of m->n_features values. values[n][n_features][n_classes] gets the Shapley
 * values, probabilities[n][n_classes] what base and values add up to (computed directly). */
void shap_rows(const struct shap *s, struct shap_scratch *scratch, const uint64_t *rows, size_t n,
               double *values, double *probabilities);

#endif
