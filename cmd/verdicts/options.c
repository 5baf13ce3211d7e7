#include "options.h"

#include "err.h"

enum key {
    KEY_MODEL = CLI_LONG,
    KEY_RING,
    KEY_RUN,
    KEY_LABELS,
    KEY_DURATION,
    KEY_ALL,
};

static const struct cli_option own_options[] = {
    {KEY_MODEL, "model", "MODEL", "the model that the classifier was made from (needed)"},
    {'i', "interface", "IFACE", "take report frames from an interface"},
    {KEY_RING, "ring", "PATH", "take reports from the pinned ring of an XDP program"},
    {KEY_RUN, "run", "PATH",
     "run the capture FILE (of pcapshim) through a pinned XDP program,\n"
     "without an interface, and take the reports from --ring"},
    {KEY_LABELS, "label-table", "FILE",
     "the true classes of flows, as for pcap2feat: adds a column class"},
    {KEY_ALL, "all", NULL, "a row for packets without a verdict or a class, too"},
    {'n', "count", "N", "stop after N reports"},
    {KEY_DURATION, "duration", "SECONDS", "stop after this time"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "--model=MODEL [options] [FILE | -i IFACE | --ring=PATH]",
    .summary = "Writes what a classifier in the network reported as a table: a row a packet, with\n"
               "its features and its verdict. FILE is a capture of report frames.",
    .example = "verdicts --model=app.tree --ring=/sys/fs/bpf/weir/eth0/reports > verdicts.csv",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_FORMAT | CLI_SANDBOX,
};

static void check(const struct options *o)
{
    if (!o->model)
        die_usage("which model? (--model=MODEL)");
    if (o->interface && (o->ring || o->file))
        die_usage("-i stands alone: no FILE, no --ring");
    if (o->ring && o->file && !o->program)
        die_usage("--ring and FILE only go together with --run");
    if (o->duration > 0 && !o->interface && (!o->ring || o->program))
        die_usage("--duration is for -i and --ring");
    if (o->program && !o->ring)
        die_usage("--run needs --ring, where the program's reports come out");
    cli_not_input("output", o->shared->output, o->model);
    cli_not_input("output", o->shared->output, o->labels);
}

struct options options_parse(struct cli *cli)
{
    struct options o = {.shared = cli_shared(cli)};

    for (int key; (key = cli_next(cli)) != CLI_END;) {
        switch (key) {
        case KEY_MODEL:
            o.model = cli_value(cli);
            break;
        case 'i':
            o.interface = cli_value(cli);
            break;
        case KEY_RING:
            o.ring = cli_value(cli);
            break;
        case KEY_RUN:
            o.program = cli_value(cli);
            break;
        case KEY_LABELS:
            o.labels = cli_value(cli);
            break;
        case KEY_ALL:
            o.all = true;
            break;
        case 'n':
            o.count = cli_u64(cli, 1, UINT64_MAX);
            break;
        case KEY_DURATION:
            o.duration = cli_f64(cli, 0.001, 1e9);
            break;
        }
    }
    o.file = cli_file(cli);
    check(&o);
    return o;
}
