#include "options.h"

#include "err.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum key {
    KEY_STREAM = CLI_LONG,
    KEY_GROUP,
    KEY_CONSUMER,
    KEY_CLAIM,
    KEY_CHANNEL,
    KEY_KEY,
    KEY_IDLE,
    KEY_BATCH,
};

static const struct cli_option list[] = {
    {KEY_STREAM, "stream", "NAME", "take the entries of this stream"},
    {KEY_GROUP, "group", "NAME",
     "as one of this group, which shares them and begins at the\nstream's first (default weir)"},
    {KEY_CONSUMER, "consumer", "NAME", "under this name (default: that of the machine)"},
    {KEY_CLAIM, "claim", "SECONDS",
     "take over entries that another of the group took so long\nago and did not finish; 0: never "
     "(default 60)"},
    {KEY_CHANNEL, "channel", "NAME", "take the rows whose keys are published on this channel"},
    {KEY_KEY, "key", "TEMPLATE", "with --channel: as feat2redis was told"},
    {'n', "count", "N", "stop after N rows"},
    {KEY_IDLE, "idle", "SECONDS", "stop when no row has come for this time"},
    {KEY_BATCH, "batch", "N", "rows taken in one go at most (default 1000)"},
    {0, NULL, NULL, NULL},
};

static const struct cli_spec spec = {
    .synopsis = "[options] --stream=NAME|--channel=NAME",
    .summary = "Writes the rows that feat2redis sent, as they come, as the table that they were.",
    .example = "redis2feat --stream=flows --group=tagger | scripts/analyzers/by-port",
    .options = list,
    .shared = CLI_FORMAT | CLI_PROGRESS | CLI_REDIS,
};

static void take_source(struct options *o, const struct cli *c, int key)
{
    struct err e;

    if (key == KEY_STREAM)
        o->stream = cli_name(c);
    else if (key == KEY_GROUP)
        o->group = cli_name(c);
    else if (key == KEY_CONSUMER)
        o->consumer = cli_name(c);
    else if (key == KEY_CHANNEL)
        o->channel = cli_name(c);
    else if (!(o->key = redis_key_new(cli_value(c), &e)))
        die_usage("--key: %s", e.text);
}

static void take_option(struct options *o, const struct cli *c, int key)
{
    switch (key) {
    case KEY_CLAIM:
        o->claim = cli_f64(c, 0, 1e9);
        o->claims = true;
        break;
    case 'n':
        o->count = cli_u64(c, 1, UINT64_MAX);
        break;
    case KEY_IDLE:
        o->idle = cli_f64(c, 0.001, 1e9);
        break;
    case KEY_BATCH:
        o->batch = (size_t)cli_u64(c, 1, 100000);
        break;
    default:
        take_source(o, c, key);
    }
}

static void check(struct options *o)
{
    if (!o->stream == !o->channel)
        die_usage("say where the rows come from: --stream=NAME or --channel=NAME");
    if (!o->stream && (o->group || o->consumer))
        die_usage("--%s is for --stream", o->group ? "group" : "consumer");
    if (!o->stream && o->claims)
        die_usage("--claim is for --stream");
    if (o->channel && !o->key)
        die_usage("--channel needs --key=TEMPLATE, the one that feat2redis was given");
    if (o->stream && o->key)
        die_usage("--key is for --channel");
}

static char *host_name(void)
{
    char name[256] = "";

    if (gethostname(name, sizeof name - 1) != 0 || !*name)
        return mem_string("weir", 4);
    return mem_string(name, strlen(name));
}

void options_parse(struct options *o, int argc, char **argv)
{
    *o = (struct options){.claim = 60, .count = UINT64_MAX, .batch = 1000};
    char **operands;

    o->cli = cli_new(&spec, argc, argv);
    for (int key; (key = cli_next(o->cli)) != CLI_END;)
        take_option(o, o->cli, key);
    o->shared = cli_shared(o->cli);
    if (cli_operands(o->cli, &operands) > 0)
        die_usage("takes no file: '%s'", operands[0]);
    check(o);
    if (!o->consumer)
        o->consumer = o->host = host_name();
    if (!o->group)
        o->group = "weir";
}

void options_free(struct options *o)
{
    redis_key_free(o->key);
    cli_free(o->cli);
    free(o->host);
}
