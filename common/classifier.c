#include "classifier.h"

#include "feature.h"

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
    case CLASSIFIER_FIRST_PACKETS:
        o->first_packets = cli_u64(cli, 1, FEATURE_PLACES);
        break;
    }
}

void classifier_files(struct classifier_options *o, const struct cli *cli)
{
    o->model = cli_file(cli);
    o->output = cli_shared(cli)->output;
}

/* Ends the tool with 2 where --first-packets does not fit the model. */
static void check_first_packets(uint64_t first_packets, const struct model *m)
{
    bool of_flows = false;

    for (size_t i = 0; i < m->n_features; i++) {
        const char *const name = m->features[i].name;
        const struct feature *const f = feature_find(name);
        if (!f || f->level != LEVEL_FLOW)
            continue;
        of_flows = true;
        if (first_packets == 0 && f->source == SOURCE_FIRST)
            die_usage("'%s' is a feature of flows: --first-packets=N says of how many packets, as "
                      "for pcap2feat when it made the model's rows",
                      name);
        if (feature_numbered(feature_id(f)) && feature_number(name) > first_packets)
            die_usage("the model knows a packet that comes after --first-packets=%llu: '%s'",
                      (unsigned long long)first_packets, name);
    }
    if (first_packets > 0 && !of_flows)
        die_usage("the model has no feature of flows, which --first-packets is for");
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
    check_first_packets(o->first_packets, c.m);
    return c;
}

bool classifier_report_fits(const struct classifier_options *o, const struct model *m, size_t room,
                            struct err *e)
{
    return o->report == REPORT_NONE || m->n_features <= room ||
           err_set(e, "the model has %zu features, and a report has room for %zu: --report=none",
                   m->n_features, room);
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
