#include "options.h"

enum key {
    KEY_SLOTS = CLI_LONG,
    KEY_IDLE,
    KEY_SIZE,
    KEY_DROP,
    KEY_DSCP,
    KEY_REPORT,
};

static const char *const encodings[] = {"range", "coded", "ternary", NULL};
static const char *const reports[] = {"all", "change", "first", "none", NULL};

static const struct cli_option own_options[] = {
    {'e', "encoding", "ENCODING",
     "of the tables, as for dt2p4entries: range (default), coded or\n"
     "ternary"},
    {KEY_SLOTS, "slots", "N", "slots for flows, a power of two (65536)"},
    {KEY_IDLE, "idle", "SECONDS", "a flow loses its slot to another after this time (30)"},
    {KEY_SIZE, "size", "N", "room for N entries in each table, where the model needs fewer"},
    {KEY_DROP, "drop", "CLASS,…", "drop the packets of these classes"},
    {KEY_DSCP, "dscp", "CLASS=DSCP,…",
     "set the DSCP of these classes (a number, or EF, AF41, CS1…)"},
    {KEY_REPORT, "report", "all|change|first|none",
     "which verdicts are reported: all, where a flow's verdict changes\n"
     "(default), a flow's first, none"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] MODEL",
    .summary =
        "Writes a tree model as a P4 program (P4_16, v1model), which classifies packets with "
        "the\nentries of dt2p4entries.",
    .example = "dt2p4 --drop=bulk app.tree > app.p4",
    .options = own_options,
    .shared = CLI_OUTPUT,
};

static uint64_t slots(const struct cli *cli)
{
    const uint64_t n = cli_u64(cli, 1, UINT64_C(1) << 24);

    if (n & (n - 1))
        cli_bad_value(cli, "is not a power of two");
    return n;
}

struct options options_parse(struct cli *cli)
{
    struct options o = {.report = REPORT_CHANGE, .slots = 65536, .idle = 30};

    for (int key; (key = cli_next(cli)) != CLI_END;) {
        switch (key) {
        case 'e':
            o.encoding = (enum entries_encoding)cli_choice(cli, encodings);
            break;
        case KEY_SLOTS:
            o.slots = slots(cli);
            break;
        case KEY_IDLE:
            o.idle = cli_u64(cli, 0, 1000000000);
            break;
        case KEY_SIZE:
            o.size = cli_u64(cli, 1, ENTRIES_MAX);
            break;
        case KEY_DROP:
            o.drop = cli_value(cli);
            break;
        case KEY_DSCP:
            o.dscp = cli_value(cli);
            break;
        case KEY_REPORT:
            o.report = (enum report_mode)cli_choice(cli, reports);
            break;
        }
    }
    o.model = cli_file(cli);
    o.output = cli_shared(cli)->output;
    return o;
}
