#include "options.h"

enum key {
    KEY_SLOTS = CLI_LONG,
    KEY_IDLE,
    KEY_SIZE,
    KEY_DEFAULT_CLASS,
    KEY_MAX_ENTRIES,
};

static const struct cli_option own_options[] = {
    {'e', "encoding", "ENCODING",
     "of the tables, as for dt2p4entries: range (default), coded or\n"
     "ternary"},
    {KEY_DEFAULT_CLASS, "default-class", "[NAME]",
     "the entries come with a default class, as for dt2p4entries, and\n"
     "are fewer"},
    {KEY_MAX_ENTRIES, "max-entries", "N", "fail where all tables together need more"},
    {KEY_SLOTS, "slots", "N", "slots for flows, a power of two (65536)"},
    {KEY_IDLE, "idle", "SECONDS", "a flow loses its slot to another after this time (30)"},
    {KEY_SIZE, "size", "N", "room for N entries in each table, where the model needs fewer"},
    CLASSIFIER_OPTIONS,
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
    struct options o = {.classifier = classifier_defaults(),
                        .entries = {.mode = BOXES_DISJOINT},
                        .max_entries = UINT64_MAX,
                        .slots = 65536,
                        .idle = 30};

    for (int key; (key = cli_next(cli)) != CLI_END;) {
        switch (key) {
        case 'e':
            o.entries.encoding = (enum entries_encoding)cli_choice(cli, entries_encoding_names);
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
        case KEY_DEFAULT_CLASS:
            o.has_default = true;
            o.default_class = cli_value(cli);
            break;
        case KEY_MAX_ENTRIES:
            o.max_entries = cli_u64(cli, 0, UINT64_MAX);
            break;
        default:
            classifier_take(&o.classifier, cli, key);
        }
    }
    classifier_files(&o.classifier, cli);
    return o;
}
