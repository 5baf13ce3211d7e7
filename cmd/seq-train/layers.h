/* What the networks are made of. */
#ifndef WEIR_SEQ_TRAIN_LAYERS_H
#define WEIR_SEQ_TRAIN_LAYERS_H

#include "options.h"

/* The layers, as nn_plan.h has them, for so many symbols. A tcn has blocks of two causal
 * convolutions of width 3 each (Bai, Kolter and Koltun, "An empirical evaluation of generic
 * convolutional and recurrent networks for sequence modeling", 2018), dilated by 1, 2, 4…: L blocks
 * see 4 (2^L - 1) symbols back. Freed by the caller. */
char *layers_text(const struct options *o, size_t symbols);

#endif
