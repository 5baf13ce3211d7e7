/* EM (Baum and Welch) from one start. */
#ifndef WEIR_FIT_H
#define WEIR_FIT_H

#include "params.h"

struct fit_options {
    uint64_t max_iterations;
    double tolerance; /* nats a packet: a gain below it is the end */
};

struct fit {
    struct params *p;
    double log_likelihood; /* nats, of all packets, under p as it is */
    enum em_exit exit;     /* converged or max-iter */
    uint64_t iterations;
};

/* Improves *p, which fit.p then is. False with *e when the likelihood fell, which can't be. */
bool fit_run(const struct observed *o, struct params *p, const struct fit_options *options,
             struct fit *fit, struct err *e);

#endif
