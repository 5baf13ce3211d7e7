/* --predict: the rows as they are, with what the model says in further columns. */
#ifndef WEIR_CNN_EVAL_PREDICT_H
#define WEIR_CNN_EVAL_PREDICT_H

#include "input.h"
#include "out.h"

/* A filter: what has been read is written before more input is waited for. */
bool predict_run(struct input *in, struct out *out, struct err *e);

#endif
