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

static bool write_scores(const struct options *o, const char *scores, struct err *e)
{
    if (!o->shared->quiet)
        (void)fputs(scores, stderr);
    if (!o->scores)
        return true;
    struct out *const out = out_open(o->scores, e);
    if (!out)
        return false;
    out_text(out, scores);
    return out_close(out, e);
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
    struct out *const out = out_open(o.shared->output, &e);
    if (!out)
        die_err(&e);
    struct pool *const pool = pool_new(o.shared->threads);
    struct gmm *const m = train(s, &o, pool, &scores, &e);
    if (!m) {
        out_abandon(out);
        die_err(&e);
    }
    gmm_write(m, out);
    if (!out_close(out, &e) || !write_scores(&o, scores.p, &e))
        die_err(&e);
    gmm_free(m);
    series_free(s);
    pool_free(pool);
    free(scores.p);
    options_free(&o);
    cli_free(cli);
    return EXIT_DONE;
}
