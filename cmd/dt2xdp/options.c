#include "options.h"

enum key {
    KEY_CODE = CLI_LONG,
    KEY_FLOWS,
    KEY_RING,
};

static const struct cli_option own_options[] = {
    CLASSIFIER_OPTIONS,
    {KEY_CODE, "code", "auto|branches|walk",
     "trees as if and else, or as arrays that a loop walks\n"
     "(default: branches up to 2,000 leaves)"},
    {KEY_FLOWS, "flows", "N", "flows remembered; the longest unused goes first (65536)"},
    {KEY_RING, "ring", "BYTES", "size of the ring, a power of two (4194304)"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] MODEL",
    .summary =
        "Writes a tree model as an XDP program in C, which classifies packets as they come in.",
    .example = "dt2xdp --drop=bulk app.tree > app.bpf.c",
    .options = own_options,
    .shared = CLI_OUTPUT,
};

static uint64_t ring_size(const struct cli *cli)
{
    const uint64_t n = cli_u64(cli, 4096, UINT64_C(1) << 30);

    if (n & (n - 1))
        cli_bad_value(cli, "is not a power of two");
    return n;
}

struct options options_parse(struct cli *cli)
{
    static const char *const codes[] = {"auto", "branches", "walk", NULL};
    struct options o = {.classifier = classifier_defaults(), .flows = 65536, .ring_bytes = 4194304};

    for (int key; (key = cli_next(cli)) != CLI_END;) {
        switch (key) {
        case KEY_CODE:
            o.code = (enum code_style)cli_choice(cli, codes);
            break;
        case KEY_FLOWS:
            o.flows = cli_u64(cli, 1, UINT64_C(1) << 24);
            break;
        case KEY_RING:
            o.ring_bytes = ring_size(cli);
            break;
        default:
            classifier_take(&o.classifier, cli, key);
        }
    }
    classifier_files(&o.classifier, cli);
    return o;
}
