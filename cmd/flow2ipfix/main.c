/* flow2ipfix: flows as IPFIX, to a file or a collector. */
#include "err.h"
#include "options.h"
#include "run.h"

/* Whether something was lost. */
static bool warn_of_loss(const struct options *o, const struct sink_counts *n)
{
    if (n->dropped)
        warn("%llu rows dropped: no room for more while the collector was away",
             (unsigned long long)n->dropped);
    if (n->refused)
        warn("%llu messages refused at least: nobody listens at %s", (unsigned long long)n->refused,
             o->collector->url);
    if (n->unsent)
        warn("%llu messages not sent: %s", (unsigned long long)n->unsent, n->reason);
    if (n->resets)
        warn("%llu connections reset: what the collector had not read is lost, too",
             (unsigned long long)n->resets);
    if (n->lost)
        warn("%llu rows lost%s%s", (unsigned long long)n->lost,
             o->collector->tcp && n->reason[0] ? ": " : "", o->collector->tcp ? n->reason : "");
    return n->lost || n->refused || n->unsent || n->resets;
}

static void remark(const struct options *o, const struct run_counts *n)
{
    if (n->exporter.mended)
        cli_note(o->shared, "%llu texts were no UTF-8: U+FFFD stands for what was none",
                 (unsigned long long)n->exporter.mended);
    if (n->exporter.large && o->collector && !o->collector->tcp)
        cli_note(o->shared, "%llu messages larger than --message-size: of one row or template each",
                 (unsigned long long)n->exporter.large);
    if (o->shared->verbose)
        cli_note(o->shared, "%llu rows in %llu messages, %zu templates",
                 (unsigned long long)n->exporter.rows, (unsigned long long)n->exporter.messages,
                 n->exporter.templates);
}

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);
    struct run_counts counts = {0};
    struct err e;

    const bool ok = o.list ? run_list(&o, &e) : run(&o, &counts, &e);
    if (!ok)
        warn("%s", e.text);
    if (ok || o.collector)
        remark(&o, &counts);
    const bool lost = warn_of_loss(&o, &counts.sink);
    collector_free(o.collector);
    cli_free(cli);
    return ok && !lost ? EXIT_DONE : EXIT_DATA;
}
