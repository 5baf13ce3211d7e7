/* verdicts: what a classifier in the network reported, as a table. */
#include "err.h"
#include "options.h"
#include "source.h"
#include "verdict_table.h"

/* What a run needs to hold. */
struct run {
    const struct options *o;
    struct out *out;
    struct verdict_table *table;
    uint64_t reports;
};

static enum source_answer on_report(void *context, const struct report *r)
{
    struct run *const run = context;

    verdict_table_add(run->table, r);
    return ++run->reports == run->o->count ? SOURCE_ENOUGH : SOURCE_MORE;
}

static void on_idle(void *context)
{
    const struct run *const run = context;

    (void)out_flush(run->out);
}

static void remark(const struct options *o, const struct run *run, const struct source_counts *n)
{
    const struct verdict_counts v = verdict_table_counts(run->table);
    const struct {
        uint64_t n;
        const char *noun, *what;
    } causes[] = {
        {v.lost, "report", "lost: sequence numbers that never came"},
        {v.other_model, "report", "of a classifier made from another model than --model"},
        {v.other_class, "report", "of a class that the model does not have"},
        {n->kernel_drops, "frame", "dropped by the kernel"},
        {n->bad_reports, "report", "that can't be read"},
        {n->other_frames, "frame", "without a report"},
        {v.first, "packet",
         "without a verdict: a feature wants a previous packet, or a whole header"},
        {v.collision, "packet", "without a verdict: the flow's slot is another flow's"},
        {v.miss, "packet", "without a verdict: no entry matched"},
        {v.unlabelled, "packet", "without a class: no row of the label table has the flow"},
        {v.ambiguous, "packet", "without a class: the label table has several"},
    };

    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (causes[i].n)
            cli_note(o->shared, "%llu %s%s %s", (unsigned long long)causes[i].n, causes[i].noun,
                     causes[i].n == 1 ? "" : "s", causes[i].what);
}

static bool run_source(const struct options *o, struct run *run, struct source_counts *counts,
                       struct err *e)
{
    const struct source_sink sink = {on_report, on_idle, run};

    if (o->program)
        return source_run(o, &sink, counts, e);
    return o->ring ? source_ring(o, &sink, counts, e) : source_frames(o, &sink, counts, e);
}

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);
    struct run run = {.o = &o};
    struct source_counts counts = {0};
    struct label_table *labels = NULL;
    struct err e;

    struct model *const m = model_read(o.model, &e);
    if (!m || (o.labels && !(labels = label_table_read(o.labels, &e))))
        die_err(&e);
    run.out = out_open(o.shared->output, &e);
    if (!run.out)
        die_err(&e);
    run.table = verdict_table_new(m, labels, o.all, o.shared->format, run.out);
    if (!run_source(&o, &run, &counts, &e)) {
        out_abandon(run.out);
        die_err(&e);
    }
    if (!out_close(run.out, &e))
        die_err(&e);
    remark(&o, &run, &counts);
    verdict_table_free(run.table);
    label_table_free(labels);
    model_free(m);
    cli_free(cli);
    return EXIT_DONE;
}
