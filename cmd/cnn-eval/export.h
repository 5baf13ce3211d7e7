/* --onnx: the model for other programs. */
#ifndef WEIR_CNN_EVAL_EXPORT_H
#define WEIR_CNN_EVAL_EXPORT_H

#include "cnn.h"
#include "out.h"

/* Inputs are the columns as they stand in a table; everything that the model makes of them is in
 * the graph, the distance to the classes included (cnn-eval(1)). */
void export_model(const struct cnn *m, struct out *out);

#endif
