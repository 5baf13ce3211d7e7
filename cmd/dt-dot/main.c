/* dt-dot: draws a tree for graphviz. */
#include "cli.h"
#include "draw.h"
#include "err.h"

enum key {
    KEY_TREE = CLI_LONG,
    KEY_MAX_DEPTH,
};

static const struct cli_option own_options[] = {
    {KEY_TREE, "tree", "N", "draw tree N of a forest (default 1)"},
    {KEY_MAX_DEPTH, "max-depth", "N", "fold what is deeper than N into one node"},
    {0},
};

static const struct cli_spec spec = {
    .synopsis = "[options] [MODEL]",
    .summary = "Draws a decision tree: writes a graph for dot(1) of graphviz.",
    .example = "dt-dot --max-depth=5 app.tree | dot -Tsvg >app.svg",
    .options = own_options,
    .shared = CLI_OUTPUT,
};

enum { MUCH_TO_DRAW = 300 }; /* leaves */

struct options {
    uint64_t tree;
    uint64_t max_depth;
};

static struct options parse(struct cli *cli)
{
    struct options o = {.tree = 1, .max_depth = MODEL_MAX_DEPTH};

    for (int key; (key = cli_next(cli)) != CLI_END;) {
        if (key == KEY_TREE)
            o.tree = cli_u64(cli, 1, MODEL_MAX_TREES);
        else if (key == KEY_MAX_DEPTH)
            o.max_depth = cli_u64(cli, 0, MODEL_MAX_DEPTH);
    }
    return o;
}

static void remark(const struct cli *cli, const struct options *o, const struct model *m)
{
    const size_t leaves = m->trees[o->tree - 1].n_leaves;

    if (leaves > MUCH_TO_DRAW && o->max_depth == MODEL_MAX_DEPTH)
        cli_note(cli_shared(cli), "%zu leaves make a very wide picture; --max-depth=N folds it",
                 leaves);
}

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&spec, argc, argv);
    const struct options o = parse(cli);
    struct err e;

    struct model *const m = model_read(cli_file(cli), &e);
    if (!m)
        die_err(&e);
    if (o.tree > m->n_trees)
        die_usage("--tree: there is no tree %llu, the model has %zu", (unsigned long long)o.tree,
                  m->n_trees);
    remark(cli, &o, m);
    struct out *const out = out_open(cli_shared(cli)->output, &e);
    if (!out)
        die_err(&e);
    draw_tree(m, o.tree - 1, o.max_depth, out);
    if (!out_close(out, &e))
        die_err(&e);
    model_free(m);
    cli_free(cli);
    return EXIT_DONE;
}
