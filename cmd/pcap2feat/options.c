#include "options.h"

#include "columns.h"
#include "err.h"
#include "feature.h"
#include "file.h"
#include "flow/flow_columns.h"
#include "flow/preset.h"
#include "label_table.h"
#include "mem.h"
#include "num.h"
#include "options_input.h"
#include "redis_url.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum key {
    KEY_PER = CLI_LONG,
    KEY_SCOPE,
    KEY_FIRST,
    KEY_FIELDS,
    KEY_LIST_FIELDS,
    KEY_DEVICE,
    KEY_FLOW,
    KEY_PAYLOAD,
    KEY_MAX_FLOWS,
    KEY_DECAP,
    KEY_DURATION,
    KEY_BUFFER,
    KEY_FANOUT,
    KEY_MERGE,
    KEY_STATS,
    KEY_LABEL_FROM,
    KEY_LABEL_RULE,
    KEY_LABEL_TABLE,
    KEY_IDLE,
    KEY_ACTIVE,
    KEY_LINGER,
    KEY_NO_TCP_END,
    KEY_NO_SPLIT,
    KEY_CONTINUE,
    KEY_FIRST_PACKETS,
    KEY_ACTIVITY,
    KEY_SHARD,
    KEY_PRESET,
    KEY_TAGS,
    KEY_CONTEXT,
};

static const struct cli_option list[] = {
    {KEY_PER, "per", "packet|flow", "a row for each packet (default) or for each flow"},
    {KEY_FIELDS, "fields", "LIST",
     "columns, separated by commas, or all (default: by --per\nand --scope)"},
    {KEY_LIST_FIELDS, "list-fields", NULL, "print all columns and what they mean, and exit"},
    {KEY_SCOPE, "scope", "flow|direction|capture",
     "default columns: time and length change since the previous\npacket of the flow (default), of "
     "the flow's direction, or\nof the whole capture"},
    {KEY_FIRST, "first", "skip|zero",
     "the first packet of a scope: no row (default), or iat 0\nand diffLen 65535"},
    {'f', "filter", "EXPR",
     "take only packets that match this tcpdump filter; with\nNAME=EXPR, repeated, those that "
     "match any, "
     "and the column\nfilters says which"},
    {KEY_PAYLOAD, "payload", NULL, "take only packets with a payload"},
    {KEY_DEVICE, "device", "MAC|IP", "one flow of all that this device sends (dir 1) and receives"},
    {KEY_FLOW, "flow", "'PROTO A:PORT B:PORT'", "one flow only; dir 1 is from A to B"},
    {KEY_MAX_FLOWS, "max-flows", "N",
     "flows remembered at a time, 96 bytes each, with --per=flow\nat most 1 KB; the longest idle "
     "one goes first (default\n1000000)"},
    {KEY_IDLE, "idle", "SECONDS", "--per=flow: a longer gap ends a flow (default 30)"},
    {KEY_ACTIVE, "active", "SECONDS",
     "--per=flow: a packet later than this after a flow's start\nbegins a new one (default 300)"},
    {KEY_LINGER, "linger", "SECONDS",
     "--per=flow: packets that come so soon after FINs or RST\nare still the flow's (default 5)"},
    {KEY_NO_TCP_END, "no-tcp-end", NULL, "--per=flow: FIN and RST end nothing"},
    {KEY_NO_SPLIT, "no-split", NULL,
     "--per=flow: a flow lasts to the end of its file, whatever\ntime passes and FIN and RST say"},
    {KEY_CONTINUE, "continue", NULL,
     "--per=flow: the files are one input, flows go on in the next"},
    {KEY_FIRST_PACKETS, "first-packets", "N",
     "--per=flow: statistics of the first N packets (up to 1000)\nand their len_1, iat_1, dir_1…; "
     "the row comes at the N-th"},
    {KEY_SHARD, "shard", "K/N", "--per=flow: only part K, from 0, of N parts of the flows"},
    {KEY_ACTIVITY, "activity", "SECONDS",
     "--per=flow: longer gaps part the periods of active_ and\nidle_ columns (default 5)"},
    {KEY_PRESET, "preset", "NAME",
     "--per=flow: the columns that compare with those of nfstream,\ncicflowmeter, netflow or "
     "pstats; "
     "--fields adds some"},
    {KEY_CONTEXT, "context", "SECONDS",
     "--per=flow: add columns of what else a flow's hosts do, and\nhow far back they look (by "
     "--fields: 300)"},
    {KEY_TAGS, "tags", "redis://URL",
     "--per=flow: take tags of flows from this Redis server while\nthey last, for the column tag"},
    {KEY_DECAP, "decap", NULL, "look into GRE, IP-in-IP, VXLAN, GENEVE and GTP-U tunnels"},
    {'l', "label", "NAME", "the class of every packet, or of those the next two leave"},
    {KEY_LABEL_RULE, "label-rule", "NAME=EXPR",
     "the class of packets that match a tcpdump filter; may be\nrepeated, the first match wins"},
    {KEY_LABEL_TABLE, "label-table", "FILE",
     "classes of flows: a table with src_ip, dst_ip, src_port,\ndst_port, class (proto, start, "
     "end)"},
    {KEY_LABEL_FROM, "label-from", "filename|dirname",
     "the class is the file's name up to the first dot, or the\nname of its directory"},
    {KEY_MERGE, "merge", NULL, "read all files at once, by the times of their packets"},
    {KEY_STATS, "stats", "SECONDS",
     "tell rates, flows and drops on standard error, each time\nso many seconds have passed"},
    {'i', "interface", "IFACE", "capture live; may be repeated"},
    {'n', "count", "N", "stop after N packets that match -f"},
    {'s', "snaplen", "N",
     "live: take the first N bytes of a packet (default 262144);\n128 hold the headers"},
    {KEY_DURATION, "duration", "SECONDS", "live: stop after this time"},
    {KEY_BUFFER, "buffer", "SIZE",
     "live: bytes that the kernel keeps for us, with K, M or G\n(default 32M)"},
    {KEY_FANOUT, "fanout", "GROUP",
     "live: share the packets, flow by flow, with all processes\nthat name this number"},
    {'Z', "user", "USER", "live: become USER once the interface is open"},
    {'w', "write", "FILE", "also write the packets that match -f to a pcap file"},
    {0, NULL, NULL, NULL},
};

static const struct cli_spec spec = {
    .synopsis = "[options] [FILE]…",
    .summary = "Writes a table with a row for each IP packet, or each flow, of captures: features "
               "for a\nclassifier. Without FILE, or where it is -, reads standard input.",
    .example = "pcap2feat --label-from=filename web.1.pcap dns.1.pcap > packets.csv",
    .options = list,
    .shared = CLI_OUTPUT | CLI_THREADS | CLI_FORMAT | CLI_PROGRESS | CLI_SANDBOX,
};

static struct filter *new_filter(const char *option, const char *expression)
{
    struct err e;
    struct filter *const f = filter_new(expression, &e);

    if (!f)
        die_usage("%s: %s", option, e.text);
    return f;
}

/* Rows are written into room of a fixed size. */
static void check_label(const char *option, size_t n)
{
    if (n > LABEL_LONGEST)
        die_usage("--%s: a class name of %zu bytes, and %d are the most", option, n, LABEL_LONGEST);
}

static void add_rule(struct label_options *l, const struct cli *c)
{
    const char *const value = cli_value(c);
    const char *const equals = strchr(value, '=');

    if (!equals || equals == value)
        cli_bad_value(c, "is not NAME=EXPR");
    check_label("label-rule", (size_t)(equals - value));
    l->rules = mem_grow(l->rules, &l->rules_cap, l->n_rules + 1, sizeof *l->rules);
    l->rules[l->n_rules++] = (struct label_rule){
        .name = mem_string(value, (size_t)(equals - value)),
        .filter = new_filter("--label-rule", equals + 1),
    };
}

static void take_selection(struct options *o, const struct cli *c, bool device)
{
    const char *const value = cli_value(c);

    if (o->selection.kind != SELECT_ALL)
        die_usage("--device or --flow, once");
    if (device && !selection_device(&o->selection, value))
        cli_bad_value(c, "is neither a MAC nor an IP address");
    if (!device && !selection_flow(&o->selection, value))
        cli_bad_value(c,
                      "is not 'PROTO A:PORT B:PORT', such as 'UDP 10.0.0.1:5004 10.0.0.2:5004' or "
                      "'TCP [2001:db8::1]:443 [2001:db8::2]:50000'");
}

static void take_label_option(struct options *o, const struct cli *c, int key)
{
    static const char *const sources[] = {"filename", "dirname", NULL};

    if (key == KEY_LABEL_FROM)
        o->labels.from = cli_choice(c, sources) == 0 ? LABEL_FROM_FILENAME : LABEL_FROM_DIRNAME;
    else if (key == KEY_LABEL_RULE)
        add_rule(&o->labels, c);
    else if (key == KEY_LABEL_TABLE)
        o->labels.table = cli_value(c);
    else if (!*cli_value(c))
        cli_bad_value(c, "is no class name");
    else {
        check_label("label", strlen(cli_value(c)));
        o->labels.name = cli_value(c);
    }
}

static uint64_t nanoseconds(const struct cli *c, double least)
{
    return (uint64_t)llround(cli_f64(c, least, 1e9) * 1e9);
}

static void take_shard(struct flow_options *f, const struct cli *c)
{
    enum { MOST = 65536 };
    const char *const text = cli_value(c), *const slash = strchr(text, '/');
    uint64_t k, n;

    if (!slash || num_u64(text, (size_t)(slash - text), &k) != NUM_OK ||
        num_u64(slash + 1, strlen(slash + 1), &n) != NUM_OK || n < 1 || n > MOST || k >= n)
        cli_bad_value(c, "is not K/N with K from 0 to N - 1, and N at most %d", MOST);
    f->shard = (uint32_t)k;
    f->shards = (uint32_t)n;
}

static void take_context(struct flow_options *f, const struct cli *c)
{
    f->context = nanoseconds(c, 0.001);
    f->asks_context = true;
}

/* The URL may hold a password, and is not repeated. */
static const char *take_server(const struct cli *c)
{
    struct redis_url url;
    struct err e;

    if (!redis_url_parse(cli_value(c), &url, &e))
        die_usage("--tags: %s", e.text);
    redis_url_free(&url);
    return cli_value(c);
}

static void take_flow_option(struct options *o, const struct cli *c, int key)
{
    struct flow_options *const f = &o->flows;

    if (key == KEY_IDLE)
        f->idle = nanoseconds(c, 0.001);
    else if (key == KEY_ACTIVE)
        f->active = nanoseconds(c, 0.001);
    else if (key == KEY_LINGER)
        f->linger = nanoseconds(c, 0);
    else if (key == KEY_ACTIVITY)
        f->activity = nanoseconds(c, 0.001);
    else if (key == KEY_SHARD)
        take_shard(f, c);
    else if (key == KEY_PRESET)
        f->preset = preset_columns((enum preset)cli_choice(c, preset_names));
    else if (key == KEY_FIRST_PACKETS)
        f->first_packets = (unsigned)cli_u64(c, 1, FEATURE_PLACES);
    else if (key == KEY_TAGS)
        f->tags = take_server(c);
    else if (key == KEY_CONTEXT)
        take_context(f, c);
    else if (key == KEY_CONTINUE)
        f->join = true;
    else if (key == KEY_NO_TCP_END)
        f->tcp_end = false;
    else
        f->split = false;
}

static const char *const scopes[] = {"flow", "direction", "capture", NULL};
static const char *const firsts[] = {"skip", "zero", NULL};
static const char *const levels[] = {"packet", "flow", NULL};

#define SECOND UINT64_C(1000000000)
#define LINGER_UNSAID UINT64_MAX

/* What only the check of the options needs. */
struct given {
    int scope;               /* the place among the scopes */
    const char *packet_only; /* an option that only packets, or only flows, have; NULL: none */
    const char *flow_only;
    const char *split; /* one that says how flows are split */
};

static void note_level(struct given *g, int key)
{
    for (const struct cli_option *option = list; option->name; option++)
        if (option->key == key && (key == KEY_SCOPE || key == KEY_FIRST))
            g->packet_only = option->name;
        else if (option->key == key && key >= KEY_IDLE) {
            g->flow_only = option->name;
            if (key <= KEY_NO_TCP_END)
                g->split = option->name;
        }
}

/* Whether the option is one of what is read. */
static bool input_option_of(int key, enum input_option *which)
{
    static const struct {
        int key;
        enum input_option which;
    } known[] = {
        {'i', INPUT_INTERFACE},   {'s', INPUT_SNAPLEN},       {KEY_DURATION, INPUT_DURATION},
        {'Z', INPUT_USER},        {KEY_BUFFER, INPUT_BUFFER}, {KEY_FANOUT, INPUT_FANOUT},
        {KEY_MERGE, INPUT_MERGE}, {KEY_STATS, INPUT_STATS},   {'f', INPUT_FILTER},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].key == key) {
            *which = known[i].which;
            return true;
        }
    return false;
}

static void take_option(struct options *o, const struct cli *c, int key, struct given *given)
{
    enum input_option input;

    note_level(given, key);
    switch (key) {
    case KEY_PER:
        o->flows.on = cli_choice(c, levels) == 1;
        break;
    case KEY_SCOPE:
        given->scope = (int)cli_choice(c, scopes);
        break;
    case KEY_FIRST:
        o->first_zero = cli_choice(c, firsts) == 1;
        break;
    case KEY_FIELDS:
        o->fields = cli_value(c);
        break;
    case KEY_LIST_FIELDS:
        o->list_fields = true;
        break;
    case KEY_DEVICE:
    case KEY_FLOW:
        take_selection(o, c, key == KEY_DEVICE);
        break;
    case KEY_PAYLOAD:
        o->payload = true;
        break;
    case KEY_MAX_FLOWS:
        o->max_flows = cli_u64(c, 1, INT32_MAX);
        break;
    case KEY_DECAP:
        o->decap = true;
        break;
    case 'n':
        o->count = cli_u64(c, 1, UINT64_MAX);
        break;
    case 'w':
        o->save = cli_value(c);
        break;
    default:
        if (input_option_of(key, &input))
            options_input_take(o, c, input);
        else if (key >= KEY_IDLE)
            take_flow_option(o, c, key);
        else
            take_label_option(o, c, key);
    }
}

enum { SCOPE_UNSAID = -1 };

/* The columns of packets where --fields names none. */
static const char *default_fields(const struct options *o, int scope)
{
    static const char *const by_scope[] = {
        "flow,iat,len,diffLen",
        "flow,dir_iat,len,dir_diffLen",
        "flow,cap_iat,len,cap_diffLen",
    };

    if (scope != SCOPE_UNSAID)
        return by_scope[scope];
    return o->selection.kind == SELECT_ALL ? by_scope[0] : "dir,len,dir_iat,iat";
}

static bool has_stdin(const struct options *o)
{
    for (size_t i = 0; i < o->n_files; i++)
        if (strcmp(o->files[i], "-") == 0)
            return true;
    return o->n_files == 0;
}

/* The copy of the packets takes the place of nothing else that is read or written. */
static void check_save(const struct options *o)
{
    if (strcmp(o->save, "-") == 0 && !o->shared.output)
        die_usage("-w - needs -o FILE: the rows go to standard output");
    if (o->shared.output && file_same(o->save, o->shared.output))
        die_usage("-w and --output are the same file");
    for (size_t i = 0; i < o->n_files && strcmp(o->save, "-") != 0; i++)
        if (file_same(o->save, o->files[i]))
            die_usage("-w: '%s' is an input file", o->save);
    cli_not_input("write", o->save, o->labels.table);
}

/* 5 s, or less where a shorter gap ends a flow. */
static void choose_linger(struct flow_options *f)
{
    if (f->linger == LINGER_UNSAID)
        f->linger = f->idle < 5 * SECOND ? f->idle : 5 * SECOND;
    if (f->linger > f->idle)
        die_usage("--linger must not be longer than --idle");
}

static void check_level(const struct options *o, const struct given *g)
{
    if (o->flows.on && g->packet_only)
        die_usage("--%s is for --per=packet", g->packet_only);
    if (!o->flows.on && g->flow_only)
        die_usage("--%s is for --per=flow", g->flow_only);
    if (!o->flows.split && g->split)
        die_usage("--no-split or --%s, not both", g->split);
    if (o->flows.preset && o->fields && strcmp(o->fields, "all") == 0)
        die_usage("--preset or --fields=all, not both");
    if (o->flows.preset && strcmp(o->flows.preset, preset_columns(PRESET_PSTATS)) == 0 &&
        o->flows.first_packets == 0)
        die_usage("--preset=pstats needs --first-packets=N (ipfixprobe takes 30)");
    if (o->flows.join && o->live)
        die_usage("--continue is for files");
}

static void check(const struct options *o, const struct given *g)
{
    check_level(o, g);
    cli_not_input("output", o->shared.output, o->labels.table);
    if (o->save)
        check_save(o);
    if (o->labels.name && o->labels.from != LABEL_FROM_NOTHING)
        die_usage("-l or --label-from, not both");
    if (o->labels.from != LABEL_FROM_NOTHING && (o->live || has_stdin(o)))
        die_usage("--label-from needs files");
    options_input_check(o);
}

/* Puts the columns together where --fields names none, or all. */
static void choose_fields(struct options *o, int scope)
{
    const bool all = o->fields && strcmp(o->fields, "all") == 0;
    const unsigned places = o->flows.first_packets;
    const unsigned extra =
        (labels_wanted(&o->labels) ? COLUMN_CLASS : 0U) | (o->named.n > 0 ? COLUMN_FILTERS : 0U) |
        (o->flows.tags ? COLUMN_TAG : 0U) | (o->flows.asks_context ? COLUMN_CONTEXT : 0U);

    if (o->fields && !all && !o->flows.preset)
        return;
    if (o->flows.preset)
        o->own_fields = flow_columns_listed(o->flows.preset, o->fields, places, extra);
    else if (o->flows.on)
        o->own_fields = all ? flow_columns_all(places, extra) : flow_columns_default(places, extra);
    else if (all)
        o->own_fields = columns_all(extra);
    else if (asprintf(&o->own_fields, "%s%s%s", default_fields(o, scope),
                      extra & COLUMN_FILTERS ? ",filters" : "",
                      extra & COLUMN_CLASS ? ",class" : "") < 0)
        die("out of memory");
    o->fields = o->own_fields;
}

void options_parse(struct options *o, int argc, char **argv)
{
    struct given given = {.scope = SCOPE_UNSAID};
    int key;

    *o = (struct options){
        .max_flows = DEFAULT_MAX_FLOWS,
        .snaplen = DEFAULT_SNAPLEN,
        .buffer = TAP_BUFFER,
        .fanout = TAP_NO_GROUP,
        .count = UINT64_MAX,
        .flows = {.idle = 30 * SECOND,
                  .active = 300 * SECOND,
                  .linger = LINGER_UNSAID,
                  .activity = 5 * SECOND,
                  .context = 300 * SECOND,
                  .shards = 1,
                  .tcp_end = true,
                  .split = true},
    };
    o->cli = cli_new(&spec, argc, argv);
    while ((key = cli_next(o->cli)) != CLI_END)
        take_option(o, o->cli, key, &given);
    o->n_files = cli_operands(o->cli, &o->files);
    o->shared = *cli_shared(o->cli);
    o->format = o->shared.format == TABLE_TSV ? TABLE_TSV : TABLE_CSV;
    if (o->list_fields)
        return;
    check(o, &given);
    choose_linger(&o->flows);
    choose_fields(o, given.scope);
    options_input_origins(o);
}

void options_free(struct options *o)
{
    for (size_t i = 0; i < o->labels.n_rules; i++) {
        free(o->labels.rules[i].name);
        filter_free(o->labels.rules[i].filter);
    }
    free(o->labels.rules);
    options_input_free(o);
    free(o->own_fields);
    cli_free(o->cli);
}
