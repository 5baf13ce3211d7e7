#include "options.h"

#include "em_search.h"
#include "err.h"
#include "mem.h"
#include "num.h"

#include <stdlib.h>
#include <string.h>

enum key {
    KEY_CLUSTERS = CLI_LONG,
    KEY_NAME,
};

static const struct cli_option own_options[] = {
    {'c', "class", "COLUMN", "the new column with the clusters' names (default: class)"},
    {KEY_CLUSTERS, "clusters", "LIST",
     "numbers of clusters to try: N, FROM:TO, FROM:TO:STEP, or\nseveral of these with commas "
     "between (default: 1:20)"},
    {KEY_NAME, "name", "CLUSTER=NAME",
     "the name of a cluster, in place of the one proposed; may be\ngiven for several"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] [FILE]",
    .summary =
        "Groups the flows that a classifier did not know, and proposes a name for each group,\n"
        "so that the classifier can learn them.",
    .example = "flow-cluster unknown.csv > labelled.csv",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_FORMAT | CLI_SEED | CLI_THREADS | CLI_PROGRESS,
};

static void parse_clusters(struct options *o, const struct cli *c)
{
    struct err e;

    free(o->clusters.values);
    if (!counts_parse(cli_value(c), 1, EM_MOST_COMPONENTS, &o->clusters, &e))
        cli_bad_value(c, "%s", e.text);
}

static void parse_name(struct options *o, const struct cli *c)
{
    const char *const value = cli_new_column(c), *const equals = strchr(value, '=');
    uint64_t cluster;

    if (!equals || num_u64(value, (size_t)(equals - value), &cluster) != NUM_OK || cluster == 0 ||
        !equals[1])
        cli_bad_value(c, "is not CLUSTER=NAME, such as 2=game");
    for (size_t i = 0; i < o->n_names; i++)
        if (o->names[i].cluster == cluster)
            cli_bad_value(c, "is a second name for the cluster");
    o->names = mem_resize(o->names, o->n_names + 1, sizeof *o->names);
    o->names[o->n_names++] = (struct given_name){cluster, equals + 1};
}

void options_parse(struct options *o, struct cli *c)
{
    struct err e;

    *o = (struct options){.class = "class"};
    for (int key; (key = cli_next(c)) != CLI_END;) {
        if (key == KEY_CLUSTERS)
            parse_clusters(o, c);
        else if (key == KEY_NAME)
            parse_name(o, c);
        else
            o->class = cli_new_column(c);
    }
    if (!o->clusters.n && !counts_parse("1:20", 1, EM_MOST_COMPONENTS, &o->clusters, &e))
        die_err(&e);
    o->file = cli_file(c);
    o->shared = cli_shared(c);
}

void options_free(struct options *o)
{
    free(o->clusters.values);
    free(o->names);
}
