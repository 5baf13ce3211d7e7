/* gmm-code: packets to the components of a mixture that they belong to, and back. */
#include "cli.h"
#include "encode.h"
#include "err.h"
#include "gmm.h"
#include "options.h"
#include "out.h"
#include "packets.h"
#include "table.h"
#include "tokens.h"

static bool decode(const struct gmm *m, const struct options *o, struct table *t, struct out *out,
                   struct err *e)
{
    const enum table_format format = o->shared->format;
    const struct packets_options packets = {
        .seed = o->shared->seed,
        .mean = o->mean,
        .format = format == TABLE_AUTO ? table_format(t) : format,
    };
    struct tokens *const k = tokens_read(t, m, e);

    if (!k)
        return false;
    const bool ok = packets_write(m, k, &packets, out, e);
    tokens_free(k);
    return ok;
}

static bool run(const struct gmm *m, const struct options *o, struct table *t, struct out *out,
                struct err *e)
{
    uint64_t left_out;

    if (o->decode)
        return decode(m, o, t, out, e);
    if (!encode(m, t, o->shared->format, out, &left_out, e))
        return false;
    if (left_out > 0)
        cli_note(o->shared, "%llu packet%s without a '%s' left out", (unsigned long long)left_out,
                 left_out == 1 ? "" : "s", m->iat_column);
    return true;
}

int main(int argc, char **argv)
{
    struct err e;
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);
    struct gmm *const m = gmm_read(o.model, &e);

    if (!m)
        die_err(&e);
    struct table *const t = table_open(o.file, &e);
    if (!t)
        die_err(&e);
    struct out *const out = out_open(o.shared->output, &e);
    if (!out)
        die_err(&e);
    if (!run(m, &o, t, out, &e)) {
        out_abandon(out);
        die_err(&e);
    }
    if (!out_close(out, &e))
        die_err(&e);
    table_close(t);
    gmm_free(m);
    cli_free(cli);
    return EXIT_DONE;
}
