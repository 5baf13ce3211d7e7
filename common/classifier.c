#include "classifier.h"

#include <stdlib.h>

bool classifier_follows_flows(const struct classifier_options *o)
{
    return o->report == REPORT_CHANGE || o->report == REPORT_FIRST_VERDICT;
}

struct classifier_options classifier_defaults(void)
{
    return (struct classifier_options){.report = REPORT_CHANGE};
}

void classifier_take(struct classifier_options *o, const struct cli *cli, int key)
{
    static const char *const reports[] = {"all", "change", "first", "none", NULL};

    switch (key) {
    case CLASSIFIER_DROP:
        o->drop = cli_value(cli);
        break;
    case CLASSIFIER_DSCP:
        o->dscp = cli_value(cli);
        break;
    case CLASSIFIER_REPORT:
        o->report = (enum report_mode)cli_choice(cli, reports);
        break;
    }
}

void classifier_files(struct classifier_options *o, const struct cli *cli)
{
    o->model = cli_file(cli);
    o->output = cli_shared(cli)->output;
}

void classifier_write(const struct classifier_options *o, classifier_writer *write,
                      const void *options)
{
    struct err e;
    struct model *const m = model_read(o->model, &e);

    if (!m)
        die_err(&e);
    struct reaction *const reactions = reactions_read(o->drop, o->dscp, m, &e);
    if (!reactions)
        die_usage("%s", e.text);
    struct out *const out = out_open(o->output, &e);
    if (!out)
        die_err(&e);
    if (!write(m, reactions, options, out, &e)) {
        out_abandon(out);
        die_err(&e);
    }
    if (!out_close(out, &e))
        die_err(&e);
    free(reactions);
    model_free(m);
}
