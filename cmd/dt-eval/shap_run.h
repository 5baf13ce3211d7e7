/* --shap: Shapley values, a feature's mean or a row's own. */
#ifndef WEIR_DT_EVAL_SHAP_RUN_H
#define WEIR_DT_EVAL_SHAP_RUN_H

#include "input.h"
#include "out.h"

/* MODE_SHAP: the mean |value| of each feature for each class. MODE_SHAP_ROWS: for each row a row a
 * class: row, explained, base, a value a feature, probability. */
bool shap_run(struct input *in, const struct options *o, struct out *out, struct err *e);

#endif
