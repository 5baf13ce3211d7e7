/* flow-cluster: groups of flows that a classifier did not know. */
#include "cli.h"
#include "err.h"
#include "find.h"
#include "flows.h"
#include "label.h"
#include "options.h"
#include "out.h"
#include "pool.h"
#include "textbuf.h"
#include "write.h"

#include <stdio.h>
#include <stdlib.h>

static void tell(const struct flows *f, const struct found *found, const struct options *o,
                 const char *summary)
{
    cli_note(o->shared,
             "%zu row%s of %zu number%s, on %zu ax%ss with %.4f of their variance; %zu cluster%s",
             f->n, f->n == 1 ? "" : "s", f->width, f->width == 1 ? "" : "s", found->axes.dims,
             found->axes.dims == 1 ? "i" : "e", found->axes.share, found->n,
             found->n == 1 ? "" : "s");
    if (!o->shared->quiet)
        (void)fputs(summary, stderr);
}

/* From the table to its clusters, and out. */
static bool run(struct flows *f, const struct options *o, struct out *out, struct err *e)
{
    struct textbuf summary = {0};
    struct found found;
    struct pool *const pool = pool_new(o->shared->threads);
    char **names = NULL;
    bool ok = find_clusters(f, o, pool, &found, e) && (names = label_clusters(&found, f, o, e)) &&
              write_rows(f, &found, names, o, out, &summary, e);

    if (ok)
        tell(f, &found, o, summary.p);
    if (names)
        label_free(names, found.n);
    free(summary.p);
    found_free(&found);
    pool_free(pool);
    return ok;
}

int main(int argc, char **argv)
{
    struct err e;
    struct options o;
    struct flows f;
    struct cli *const cli = cli_new(&options_spec, argc, argv);

    options_parse(&o, cli);
    if (!flows_read(&f, o.file, &e))
        die_err(&e);
    struct out *const out = out_open(o.shared->output, &e);
    if (!out)
        die_err(&e);
    if (!run(&f, &o, out, &e)) {
        out_abandon(out);
        die_err(&e);
    }
    if (!out_close(out, &e))
        die_err(&e);
    flows_free(&f);
    options_free(&o);
    cli_free(cli);
    return EXIT_DONE;
}
