/* The fits of a direction: each number of components; and the one to keep. */
#ifndef GMM_TRAIN_FITS_H
#define GMM_TRAIN_FITS_H

#include "em.h"
#include "err.h"
#include "gmm.h"
#include "options.h"
#include "sample.h"

/* A direction's packets. */
struct side {
    enum series_dir dir;
    struct sample *learn;
    struct sample *held_out; /* NULL: nothing is */
};

/* The best fit with a number of components. */
struct fit {
    const struct side *side;
    size_t asked; /* components; fewer where there are fewer distinct points */
    struct em_mixture mixture;
    double bic, aic;
    double held_out; /* nats a packet; 0 where nothing is held out */
    bool chosen;
};

struct fits {
    struct fit *all; /* side by side, by number of components */
    size_t n;
};

/* Fits all and marks one a side as chosen. False with *e where a fit failed. Freed with
 * fits_free(). */
bool fits_run(const struct side *sides, size_t n_sides, const struct options *o, struct pool *pool,
              struct fits *f, struct err *e);
void fits_free(struct fits *f);

/* The best fit to s of k components, over all starts. False with *e. */
bool fits_one(const struct sample *s, enum series_dir dir, size_t k, const struct options *o,
              struct pool *pool, struct em_mixture *x, struct err *e);

#endif
