/* The lines that models of packet series have in common beyond their head: how a fit went, and a
 * Gaussian. */
#ifndef WEIR_FIT_LINES_H
#define WEIR_FIT_LINES_H

#include "gmm.h"
#include "lines.h"
#include "out.h"

/* A line `WORD DIRECTION PARTS PACKETS EXIT ITERATIONS LOG_LIKELIHOOD`. */
struct fit_line {
    enum series_dir dir;
    uint64_t parts; /* components or states */
    uint64_t packets;
    enum em_exit exit;
    uint64_t iterations;
    double log_likelihood; /* nats a packet */
};

/* The next line, with 1 to `most` of what is called `parts`. False with the error of l. */
bool fit_line_read(struct lines *l, const char *word, const char *parts, uint64_t most,
                   struct fit_line *f);
void fit_line_write(const char *word, const struct fit_line *f, struct out *o);

/* No fit has less: floors are far above. With it, the log density of any packet is finite. */
#define FIT_LEAST_VARIANCE 1e-30

/* The rest of a line: MEAN_LEN MEAN_IAT VAR_LEN COV VAR_IAT, positive definite. */
bool fit_gauss2_read(struct lines *l, struct gauss2 *g);
void fit_gauss2_write(const struct gauss2 *g, struct out *o);

#endif
