/* gmm-train: fits a Gaussian mixture to the packets of each direction of a series. */
#include "cli.h"
#include "err.h"
#include "gmm.h"
#include "options.h"
#include "out.h"
#include "pool.h"
#include "series.h"
#include "textbuf.h"
#include "train.h"

#include <stdio.h>
#include <stdlib.h>

/* Where results go. Opened before the fits, which may take hours. */
struct outputs {
    struct out *model, *scores; /* scores: NULL where no file is asked for */
};

static bool outputs_open(struct outputs *to, const struct options *o, struct err *e)
{
    *to = (struct outputs){.model = out_open(o->shared->output, e)};
    if (!to->model || !o->scores)
        return to->model;
    to->scores = out_open(o->scores, e);
    if (!to->scores)
        out_abandon(to->model);
    return to->scores;
}

static bool outputs_write(struct outputs *to, const struct gmm *m, const char *scores,
                          const struct options *o, struct err *e)
{
    gmm_write(m, to->model);
    if (!out_close(to->model, e)) {
        out_abandon(to->scores);
        return false;
    }
    if (!o->shared->quiet)
        (void)fputs(scores, stderr);
    if (!to->scores)
        return true;
    out_text(to->scores, scores);
    return out_close(to->scores, e);
}

static void remarks(const struct series *s, const struct options *o)
{
    if (s->without_time > 0)
        cli_note(o->shared, "%llu packet%s without a '%s' left out",
                 (unsigned long long)s->without_time, s->without_time == 1 ? "" : "s",
                 s->iat_column);
}

int main(int argc, char **argv)
{
    struct err e;
    struct options o;
    struct textbuf scores = {0};
    struct cli *const cli = cli_new(&options_spec, argc, argv);

    options_parse(&o, cli);
    struct series *const s = series_read(o.file, &(struct series_options){.iat = o.iat}, &e);
    if (!s)
        die_err(&e);
    remarks(s, &o);
    struct outputs outputs;
    if (!outputs_open(&outputs, &o, &e))
        die_err(&e);
    struct pool *const pool = pool_new(o.shared->threads);
    struct gmm *const m = train(s, &o, pool, &scores, &e);
    if (!m) {
        out_abandon(outputs.model);
        out_abandon(outputs.scores);
        die_err(&e);
    }
    if (!outputs_write(&outputs, m, scores.p, &o, &e))
        die_err(&e);
    gmm_free(m);
    series_free(s);
    pool_free(pool);
    free(scores.p);
    options_free(&o);
    cli_free(cli);
    return EXIT_DONE;
}
