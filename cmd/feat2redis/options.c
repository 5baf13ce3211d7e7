#include "options.h"

#include "err.h"

enum key {
    KEY_KEY = CLI_LONG,
    KEY_TTL,
    KEY_CHANNEL,
    KEY_STREAM,
    KEY_MAXLEN,
    KEY_RUN,
    KEY_BATCH,
};

static const struct cli_option list[] = {
    {KEY_STREAM, "stream", "NAME", "an entry in this stream for each row"},
    {KEY_MAXLEN, "maxlen", "N",
     "let Redis drop the stream's oldest entries when there are\nmore than about N"},
    {KEY_KEY, "key", "TEMPLATE",
     "a hash for each row; its key is a text with {COLUMN} in it,\nor COLUMN for COLUMN:{COLUMN}"},
    {KEY_TTL, "ttl", "SECONDS", "let hashes expire after this time"},
    {KEY_CHANNEL, "channel", "NAME", "publish the key of each hash on this channel"},
    {KEY_RUN, "run", "NAME",
     "what this run is called in entries, so that readers know\nthose that came twice (default: 16 "
     "hex digits by chance)"},
    {KEY_BATCH, "batch", "N", "rows sent in one go at most (default 1000)"},
    {0, NULL, NULL, NULL},
};

static const struct cli_spec spec = {
    .synopsis = "[options] --stream=NAME|--key=TEMPLATE [FILE]",
    .summary = "Sends the rows of a table to Redis as they come: to a stream, or as hashes.",
    .example = "pcap2feat --per=flow -i eth0 | feat2redis --stream=flows",
    .options = list,
    .shared = CLI_PROGRESS | CLI_REDIS,
};

static void take_key(struct options *o, const struct cli *c)
{
    struct err e;

    redis_key_free(o->key);
    o->key = redis_key_new(cli_value(c), &e);
    if (!o->key)
        die_usage("--key: %s", e.text);
}

static void take_option(struct options *o, const struct cli *c, int key)
{
    switch ((enum key)key) {
    case KEY_KEY:
        take_key(o, c);
        break;
    case KEY_TTL:
        o->ttl = cli_u64(c, 1, INT32_MAX);
        break;
    case KEY_CHANNEL:
        o->channel = cli_name(c);
        break;
    case KEY_STREAM:
        o->stream = cli_name(c);
        break;
    case KEY_MAXLEN:
        o->maxlen = cli_u64(c, 1, INT64_MAX);
        break;
    case KEY_RUN:
        o->run = cli_name(c);
        break;
    case KEY_BATCH:
        o->batch = (size_t)cli_u64(c, 1, 100000);
        break;
    }
}

static void check(const struct options *o)
{
    if (!o->key && !o->stream)
        die_usage("say where the rows go: --stream=NAME, --key=TEMPLATE or both");
    if (o->channel && !o->key)
        die_usage("--channel needs --key=TEMPLATE: keys are what it publishes");
    if (o->ttl && !o->key)
        die_usage("--ttl is for hashes (--key)");
    if (o->maxlen && !o->stream)
        die_usage("--maxlen is for --stream");
}

void options_parse(struct options *o, int argc, char **argv)
{
    *o = (struct options){.batch = 1000};
    o->cli = cli_new(&spec, argc, argv);
    for (int key; (key = cli_next(o->cli)) != CLI_END;)
        take_option(o, o->cli, key);
    o->shared = cli_shared(o->cli);
    o->file = cli_file(o->cli);
    check(o);
}

void options_free(struct options *o)
{
    redis_key_free(o->key);
    cli_free(o->cli);
}
