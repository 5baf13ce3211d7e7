/* --onnx: the model for other programs. */
#ifndef WEIR_SEQ_GEN_EXPORT_H
#define WEIR_SEQ_GEN_EXPORT_H

#include "out.h"
#include "seq.h"

/* Symbols and a state go in, what comes next and the state after them come out, for any number of
 * symbols at a time (seq-gen(1)). The model is one that seq_walk_new() takes. */
void export_model(const struct seq *m, struct out *out);

#endif
