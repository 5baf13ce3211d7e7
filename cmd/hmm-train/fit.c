#include "fit.h"

#include "smooth.h"

#include <math.h>

/* What rounding may take from the likelihood, as a part of it. */
static const double rounding = 1e-9;

static bool iterate(struct smooth *s, size_t n, const struct fit_options *options, struct fit *fit,
                    struct err *e)
{
    double before = -HUGE_VAL;

    for (;;) {
        fit->log_likelihood = smooth_expect(s, fit->p);
        const double gain = fit->log_likelihood - before;
        if (!isfinite(fit->log_likelihood) || gain < -rounding * (fabs(before) + (double)n))
            return err_set(e, "the log-likelihood went from %.17g to %.17g in iteration %llu",
                           before, fit->log_likelihood, (unsigned long long)fit->iterations);
        if (fit->iterations > 0 && gain < options->tolerance * (double)n) {
            fit->exit = EM_CONVERGED;
            return true;
        }
        if (fit->iterations == options->max_iterations) {
            fit->exit = EM_MAX_ITERATIONS;
            return true;
        }
        before = fit->log_likelihood;
        smooth_maximise(s, fit->p);
        fit->iterations++;
    }
}

bool fit_run(const struct observed *o, struct params *p, const struct fit_options *options,
             struct fit *fit, struct err *e)
{
    struct smooth *const s = smooth_new(o, p->k);

    *fit = (struct fit){.p = p};
    const bool ok = iterate(s, o->n, options, fit, e);
    smooth_free(s);
    return ok;
}
