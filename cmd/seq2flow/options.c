#include "options.h"

#include "err.h"

#include <string.h>

enum key {
    KEY_FLOW = CLI_LONG,
    KEY_TIME,
    KEY_SIZE,
    KEY_DIR,
    KEY_UNIT,
    KEY_FORWARD,
    KEY_BACKWARD,
    KEY_PASS,
    KEY_FIRST_PACKETS,
    KEY_GROUPED,
    KEY_MAX_FLOWS,
};

static const struct cli_option list[] = {
    {KEY_FLOW, "flow", "COLUMN", "the flow of a packet, any text (default flow)"},
    {KEY_TIME, "time", "COLUMN", "its time (default time, else ts)"},
    {KEY_UNIT, "unit", "s|ms|us|ns", "what the time is in (default s)"},
    {KEY_SIZE, "size", "COLUMN", "its bytes (default size, else len)"},
    {KEY_DIR, "dir", "COLUMN", "its direction (default dir)"},
    {KEY_FORWARD, "forward", "VALUE,…", "directions that are forward (default 1,forward)"},
    {KEY_BACKWARD, "backward", "VALUE,…", "directions that are backward (default 0,-1,backward)"},
    {'c', "label", "COLUMN",
     "the class of its flow (default label, else class, else there is\nnone)"},
    {KEY_PASS, "pass", "COLUMN,…", "pass these on, as they are at a flow's first packet"},
    {KEY_FIRST_PACKETS, "first-packets", "N",
     "statistics and sequences (len_1…, iat_1…, dir_1…) of the first\nN packets of a flow"},
    {KEY_GROUPED, "grouped", NULL,
     "the packets of a flow stand together: it ends where another\nbegins"},
    {KEY_MAX_FLOWS, "max-flows", "N", "flows that may be open at a time (default 1000000)"},
    {0, NULL, NULL, NULL},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] [FILE]",
    .summary = "Turns a table of packets into one of flows: statistics, and sequences of their "
               "first packets.",
    .example = "seq2flow --first-packets=16 packets.csv > flows.csv",
    .options = list,
    .shared = CLI_OUTPUT | CLI_FORMAT | CLI_PROGRESS,
};

bool options_lists(const char *values, struct span value)
{
    for (const char *s = values; *s;) {
        const size_t n = strcspn(s, ",");
        if (span_equal(value, (struct span){s, n}))
            return true;
        s += n + (s[n] == ',');
    }
    return false;
}

static void take_column(struct options *o, const struct cli *c, int key)
{
    const char **const columns[] = {[KEY_FLOW - CLI_LONG] = &o->flow,
                                    [KEY_TIME - CLI_LONG] = &o->time,
                                    [KEY_SIZE - CLI_LONG] = &o->size,
                                    [KEY_DIR - CLI_LONG] = &o->dir};

    *(key == 'c' ? &o->label : columns[key - CLI_LONG]) = cli_value(c);
}

static void take_option(struct options *o, const struct cli *c, int key)
{
    static const char *const units[] = {"s", "ms", "us", "ns", NULL};

    switch (key) {
    case KEY_UNIT:
        o->decimals = 9 - 3 * (unsigned)cli_choice(c, units);
        break;
    case KEY_FORWARD:
        o->forward = cli_value(c);
        break;
    case KEY_BACKWARD:
        o->backward = cli_value(c);
        break;
    case KEY_PASS:
        o->pass = cli_value(c);
        break;
    case KEY_FIRST_PACKETS:
        o->places = (unsigned)cli_u64(c, 1, PLACES_MAX);
        break;
    case KEY_GROUPED:
        o->grouped = true;
        break;
    case KEY_MAX_FLOWS:
        o->max_flows = cli_u64(c, 1, UINT32_MAX - 1);
        break;
    default:
        take_column(o, c, key);
    }
}

/* No value may mean both. */
static void check_directions(const struct options *o)
{
    for (const char *s = o->forward; *s;) {
        const size_t n = strcspn(s, ",");
        if (options_lists(o->backward, (struct span){s, n}))
            die_usage("'%.*s' is forward and backward (--forward=%s, --backward=%s)", (int)n, s,
                      o->forward, o->backward);
        s += n + (s[n] == ',');
    }
}

void options_parse(struct options *o, struct cli *c)
{
    *o = (struct options){
        .forward = "1,forward",
        .backward = "0,-1,backward",
        .decimals = 9,
        .max_flows = 1000000,
    };
    for (int key; (key = cli_next(c)) != CLI_END;)
        take_option(o, c, key);
    check_directions(o);
    o->file = cli_file(c);
    o->shared = cli_shared(c);
}
