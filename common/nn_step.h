/* A network that takes one sample a step at a time, and keeps what it needs of the steps before:
 * the states of gru layers, the last inputs of causal ones. Each step costs the same however many
 * came before.
 *
 * It gives what nn_net gives for the whole sample, but for rounding, and takes no library. */
#ifndef WEIR_NN_STEP_H
#define WEIR_NN_STEP_H

#include "nn_plan.h"

struct nn_step;

/* Copies the parameters. The plan must stay. NULL with *e where a layer looks at all steps at once
 * (conv, pool, flatten, join) or, causal, at more than NN_MOST_NUMBERS of those before. Stands
 * before the first step. Freed with nn_step_free(). */
struct nn_step *nn_step_new(const struct nn_plan *p, const float *params, struct err *e);
void nn_step_free(struct nn_step *s); /* NULL is allowed */

/* Forgets all steps. */
void nn_step_reset(struct nn_step *s);

/* The next step: the plan's in.channels numbers to its out.channels, which stay until the next
 * call. */
const float *nn_step_next(struct nn_step *s, const float *in);

#endif
