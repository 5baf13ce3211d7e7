/* pcap2feat: captures in, a row of features for each IP packet out. */
#include "columns.h"
#include "err.h"
#include "options.h"
#include "run.h"

static bool list_fields(const struct options *o)
{
    struct err e;
    struct out *const out = out_open(o->shared.output, &e);

    if (!out)
        die_err(&e);
    columns_registry(out);
    if (!out_close(out, &e))
        die_err(&e);
    return true;
}

int main(int argc, char **argv)
{
    struct options o;

    options_parse(&o, argc, argv);
    const bool done = o.list_fields ? list_fields(&o) : run(&o);
    options_free(&o);
    return done ? EXIT_DONE : EXIT_DATA;
}
