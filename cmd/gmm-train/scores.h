/* The table of scores. */
#ifndef GMM_TRAIN_SCORES_H
#define GMM_TRAIN_SCORES_H

#include "fits.h"
#include "textbuf.h"

/* Tab-separated, with a header. */
void scores_put(const struct fits *f, struct textbuf *t);

#endif
