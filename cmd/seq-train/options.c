#include "options.h"

#include "err.h"

#include <limits.h>

enum key {
    KEY_NET = CLI_LONG,
    KEY_COLUMN,
    KEY_RAW_IDS,
    KEY_HIDDEN,
    KEY_LAYERS,
    KEY_DROPOUT,
    KEY_WINDOW,
    KEY_HELD,
    KEY_EPOCHS,
    KEY_PATIENCE,
    KEY_BATCH,
    KEY_RATE,
    KEY_CURVE,
};

static const struct cli_option own_options[] = {
    {KEY_NET, "net", "gru|tcn",
     "a gated recurrent unit (default), or causal convolutions\n"
     "over ever wider stretches"},
    {KEY_COLUMN, "column", "NAME", "the column of symbols (default token)"},
    {KEY_RAW_IDS, "raw-ids", NULL, "take symbols by their numbers, without embeddings"},
    {KEY_HIDDEN, "hidden", "N", "numbers that a layer keeps (default: gru 64, tcn 32)"},
    {KEY_LAYERS, "layers", "N", "layers, of a tcn blocks of two (default: gru 1, tcn 5)"},
    {KEY_DROPOUT, "dropout", "P", "in training, numbers are 0 with probability P (default 0.3)"},
    {KEY_WINDOW, "window", "N", "symbols of a training sample (default 128)"},
    {KEY_HELD, "validation", "R", "share of the symbols that only say when to stop (default 0.2)"},
    {KEY_EPOCHS, "epochs", "N", "at most (default 100)"},
    {KEY_PATIENCE, "patience", "N",
     "epochs without a better validation loss before it stops\n(default 8; 0: never)"},
    {KEY_BATCH, "batch", "N", "windows of a step (default 16)"},
    {KEY_RATE, "lr", "X", "learning rate of Adam (default 0.001)"},
    {KEY_CURVE, "curve", "FILE", "write the losses of each epoch"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] [FILE]",
    .summary = "Learns which symbol comes next in a series, a column of the table FILE, with a\n"
               "neural network. A column flow parts sequences.",
    .example = "gmm-code voice.gmm packets.csv | seq-train --net=tcn > voice.seq",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_SEED | CLI_THREADS | CLI_PROGRESS,
};

static bool take_network(struct options *o, const struct cli *c, int key)
{
    static const char *const nets[] = {"gru", "tcn", NULL};

    switch (key) {
    case KEY_NET:
        o->net = (enum net)cli_choice(c, nets);
        return true;
    case KEY_RAW_IDS:
        o->raw_ids = true;
        return true;
    case KEY_HIDDEN:
        o->hidden = cli_u64(c, 1, 4096);
        return true;
    case KEY_LAYERS:
        o->layers = cli_u64(c, 1, 12);
        return true;
    case KEY_DROPOUT:
        o->dropout = cli_f64(c, 0, 0.9);
        return true;
    default:
        return false;
    }
}

static void take_option(struct options *o, const struct cli *c, int key)
{
    if (take_network(o, c, key))
        return;
    switch (key) {
    case KEY_COLUMN:
        o->column = cli_value(c);
        break;
    case KEY_WINDOW:
        o->window = cli_u64(c, 4, 65536);
        break;
    case KEY_HELD:
        o->held = cli_f64(c, 0, 0.9);
        break;
    case KEY_EPOCHS:
        o->epochs = (unsigned)cli_u64(c, 1, UINT_MAX);
        break;
    case KEY_PATIENCE:
        o->patience = (unsigned)cli_u64(c, 0, UINT_MAX);
        break;
    case KEY_BATCH:
        o->batch = cli_u64(c, 1, 65536);
        break;
    case KEY_RATE:
        o->rate = cli_f64(c, 1e-9, 10);
        break;
    default:
        o->curve = cli_value(c);
        break;
    }
}

struct options options_parse(struct cli *c)
{
    struct options o = {
        .column = "token",
        .dropout = 0.3,
        .window = 128,
        .held = 0.2,
        .epochs = 100,
        .patience = 8,
        .batch = 16,
        .rate = 1e-3,
    };

    for (int key; (key = cli_next(c)) != CLI_END;)
        take_option(&o, c, key);
    if (o.hidden == 0)
        o.hidden = o.net == NET_GRU ? 64 : 32;
    if (o.layers == 0)
        o.layers = o.net == NET_GRU ? 1 : 5;
    o.file = cli_file(c);
    o.shared = cli_shared(c);
    cli_not_output(c, "curve", o.curve);
    cli_not_input("curve", o.curve, o.file);
    o.made = cli_recorded(c);
    return o;
}
