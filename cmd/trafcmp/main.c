/* trafcmp: how close two packet series are. */
#include "cli.h"
#include "curves.h"
#include "err.h"
#include "file.h"
#include "measure.h"
#include "options.h"
#include "out.h"
#include "part.h"
#include "pool.h"
#include "report.h"
#include "series.h"
#include "side.h"

static const double NS_PER_US = 1000;
static const double MOST_BYTES = 1e15; /* a second; what is more goes to the last bin */

static struct series *load(const char *path, const struct options *o, struct err *e)
{
    struct series *const s = series_read(path, &o->series, e);

    if (s && s->without_time)
        cli_note(o->shared, "%s: %llu packet%s without %s left out", file_name(path),
                 (unsigned long long)s->without_time, s->without_time == 1 ? "" : "s",
                 s->iat_column);
    return s;
}

static bool write_curves(const struct side *real, const struct side *synth, const struct options *o,
                         const struct scale *scale, struct err *e)
{
    struct out *const out = out_open(o->curves, e);

    if (!out)
        return false;
    curves_write(real, synth, scale, TABLE_TSV, out);
    return out_close(out, e);
}

static bool compare(struct report *r, const struct options *o, const struct scale *scale,
                    struct err *e)
{
    struct side real, synth;
    bool ok = true;

    side_init(&real, r->real_series, scale->lags, scale->pool);
    side_init(&synth, r->synth_series, scale->lags, scale->pool);
    measure_sides(&r->figures, &real, &synth, scale);
    if (r->trees)
        measure_windows(&r->figures, r->real_series, r->synth_series, true, scale);
    if (o->curves)
        ok = write_curves(&real, &synth, o, scale, e);
    side_destroy(&real);
    side_destroy(&synth);
    return ok;
}

/* What two parts of a series differ by. */
static void compare_parts(struct figures *f, const struct series *s, enum part a, enum part b,
                          const struct scale *scale)
{
    struct series *const x = part_of(s, a), *const y = part_of(s, b);
    struct side first, second;

    side_init(&first, x, scale->lags, scale->pool);
    side_init(&second, y, scale->lags, scale->pool);
    measure_sides(f, &first, &second, scale);
    if (scale->trees > 0)
        measure_windows(f, x, y, false, scale);
    side_destroy(&first);
    side_destroy(&second);
    series_free(x);
    series_free(y);
}

static void write_report(const struct report *r, const struct options *o, struct out *out)
{
    if (o->shared->format == TABLE_AUTO)
        report_text(r, out);
    else
        report_table(r, o->shared->format, out);
}

static bool run(const struct options *o, struct report *r, struct out *out, struct err *e)
{
    struct scale scale = {
        .len = bins_of_len(o->len_bin),
        .iat = bins_of_decades(o->iat_bins, NS_PER_US, (double)SERIES_MAX_IAT),
        .throughput = bins_of_decades(o->iat_bins, 1, MOST_BYTES),
        .lags = o->lags,
        .copied = o->copied,
        .window = o->window,
        .most_windows = o->most_windows,
        .folds = o->folds,
        .trees = r->trees ? o->trees : 0,
        .seed = o->shared->seed,
        .pool = pool_new(o->shared->threads),
    };
    const bool ok = compare(r, o, &scale, e);

    if (ok) {
        compare_parts(&r->halves, r->real_series, PART_FIRST, PART_SECOND, &scale);
        compare_parts(&r->blocks, r->real_series, PART_EVEN, PART_ODD, &scale);
        if (r->trees)
            measure_transfer(&r->figures, &r->halves, r->real_series, r->synth_series, &scale);
        write_report(r, o, out);
    }
    bins_destroy(&scale.len);
    bins_destroy(&scale.iat);
    bins_destroy(&scale.throughput);
    pool_free(scale.pool);
    return ok;
}

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);
    struct report r = {
        .real = file_name(o.real), .synth = file_name(o.synth), .trees = !o.no_trees};
    struct err e;

    r.real_series = load(o.real, &o, &e);
    if (!r.real_series)
        die_err(&e);
    r.synth_series = load(o.synth, &o, &e);
    if (!r.synth_series)
        die_err(&e);
    struct out *const out = out_open(o.shared->output, &e);
    if (!out)
        die_err(&e);
    if (!run(&o, &r, out, &e)) {
        out_abandon(out);
        die_err(&e);
    }
    if (!out_close(out, &e))
        die_err(&e);
    series_free(r.real_series);
    series_free(r.synth_series);
    cli_free(cli);
    return EXIT_DONE;
}
