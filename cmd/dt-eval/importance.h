/* --importance: which features the model lives on. */
#ifndef WEIR_DT_EVAL_IMPORTANCE_H
#define WEIR_DT_EVAL_IMPORTANCE_H

#include "input.h"
#include "out.h"

/* By impurity: the decrease of impurity at the splits on a feature, weighted by their training
 * rows, as a share of the decrease of all splits; in a forest the mean over the trees that split
 * (as scikit-learn's feature_importances_). Needs no rows. */
bool impurity_run(struct input *in, const struct options *o, struct out *out, struct err *e);

/* By permutation: what accuracy and macro-F1 lose when the values of one feature are shuffled among
 * the rows (Breiman, "Random forests", 2001); mean and standard deviation over the repeats. */
bool permutation_run(struct input *in, const struct options *o, struct out *out, struct err *e);

#endif
