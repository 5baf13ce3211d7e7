#include "fit_lines.h"

static bool read_direction(struct lines *l, enum series_dir *dir)
{
    const struct span word = lines_word(l);

    for (unsigned d = 0; d <= SERIES_BOTH; d++)
        if (span_is(word, series_dir_name((enum series_dir)d))) {
            *dir = (enum series_dir)d;
            return true;
        }
    return lines_fail(l, "'%.*s' is not forward, backward or both", word.n > 40 ? 40 : (int)word.n,
                      word.p);
}

bool fit_line_read(struct lines *l, const char *word, const char *parts, uint64_t most,
                   struct fit_line *f)
{
    static const double most_nats = 1e9;

    if (!lines_expect(l, word) || !read_direction(l, &f->dir) ||
        !lines_u64(l, parts, 1, most, &f->parts) ||
        !lines_u64(l, "number of packets", 0, SERIES_MOST, &f->packets))
        return false;
    const struct span exit = lines_word(l);
    if (!em_exit_find(exit, &f->exit))
        return lines_fail(l, "'%.*s' is no exit state", exit.n > 40 ? 40 : (int)exit.n, exit.p);
    return lines_u64(l, "number of iterations", 0, UINT64_MAX, &f->iterations) &&
           lines_f64(l, "log-likelihood", -most_nats, most_nats, &f->log_likelihood) &&
           lines_done(l);
}

void fit_line_write(const char *word, const struct fit_line *f, struct out *o)
{
    out_printf(o, "%s %s %llu %llu %s %llu", word, series_dir_name(f->dir),
               (unsigned long long)f->parts, (unsigned long long)f->packets, em_exit_name(f->exit),
               (unsigned long long)f->iterations);
    lines_write_f64(o, &f->log_likelihood, 1);
    out_text(o, "\n");
}

bool fit_gauss2_read(struct lines *l, struct gauss2 *g)
{
    static const double most = 1e12;

    if (!lines_f64(l, "mean", -most, most, &g->mean.len) ||
        !lines_f64(l, "mean", -most, most, &g->mean.iat) ||
        !lines_f64(l, "variance", FIT_LEAST_VARIANCE, most, &g->var_len) ||
        !lines_f64(l, "covariance", -most, most, &g->cov) ||
        !lines_f64(l, "variance", FIT_LEAST_VARIANCE, most, &g->var_iat) || !lines_done(l))
        return false;
    const double rest = g->var_iat - g->cov / g->var_len * g->cov;
    return (gauss2_valid(g) && rest >= FIT_LEAST_VARIANCE) ||
           lines_fail(l, "the covariance is not positive definite");
}

void fit_gauss2_write(const struct gauss2 *g, struct out *o)
{
    const double values[] = {g->mean.len, g->mean.iat, g->var_len, g->cov, g->var_iat};

    lines_write_f64(o, values, sizeof values / sizeof *values);
    out_text(o, "\n");
}
