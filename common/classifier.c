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

struct classifier classifier_read(const struct classifier_options *o)
{
    struct err e;
    struct classifier c = {.m = model_read(o->model, &e)};

    if (!c.m)
        die_err(&e);
    c.reactions = reactions_read(o->drop, o->dscp, c.m, &e);
    if (!c.reactions)
        die_usage("%s", e.text);
    return c;
}

void classifier_free(struct classifier *c)
{
    free(c->reactions);
    model_free(c->m);
}

void classifier_write(const struct classifier *c, const char *output, classifier_writer *write,
                      const void *options)
{
    struct err e;
    struct out *const out = out_open(output, &e);

    if (!out)
        die_err(&e);
    if (!write(c, options, out, &e)) {
        out_abandon(out);
        die_err(&e);
    }
    if (!out_close(out, &e))
        die_err(&e);
}
