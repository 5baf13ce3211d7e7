/* What a training says as it goes: a line an epoch on standard error, and the learning curve, a
 * table with a row an epoch. */
#ifndef WEIR_NN_LOG_H
#define WEIR_NN_LOG_H

#include "nn_train.h"

#include <stdbool.h>

struct nn_log;

struct nn_log_summary {
    unsigned epochs, best; /* that ran; whose parameters were kept */
    double loss, right;    /* of the validation part then; without one, loss of the training */
};

/* curve: a file to write, or NULL; tell: say each epoch; validates: there is a validation part.
 * NULL with *e. Ends in nn_log_close(). */
struct nn_log *nn_log_open(const char *curve, bool tell, bool validates, struct err *e);

/* For nn_train(), with the log as its context. */
bool nn_log_tell(void *log, const struct nn_epoch *epoch);

/* Frees it; ok: the training went well, and the curve gets its name. False with *e where it can't,
 * or, untouched, where the training did not. */
bool nn_log_close(struct nn_log *l, bool ok, struct nn_log_summary *s, struct err *e);

#endif
