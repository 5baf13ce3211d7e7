/* How well a model knows both parts of the series, beside a Markov chain of order 1. */
#ifndef WEIR_SEQ_TRAIN_JUDGE_H
#define WEIR_SEQ_TRAIN_JUDGE_H

#include "parts.h"
#include "seq.h"

/* Sets m->train and m->held, going once through every sequence with the network's states kept, as
 * seq-gen does. The chain is markov-gen's --order=1, learnt from what trained; symbols that are not
 * there are left out of both, and counted in *unknown. False with *e. */
bool judge(struct seq *m, const struct parts *p, uint64_t *unknown, struct err *e);

#endif
