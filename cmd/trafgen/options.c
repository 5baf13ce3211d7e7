#include "options.h"

#include "err.h"
#include "file.h"
#include "num.h"
#include "series.h"

#include <string.h>

enum key {
    KEY_DURATION = CLI_LONG,
    KEY_CHAIN,
    KEY_TIME,
    KEY_FLOWS,
    KEY_SPACING,
    KEY_ARRIVALS,
    KEY_START,
    KEY_IP,
    KEY_PROTO,
    KEY_TIMESTAMPS,
    KEY_VLAN,
    KEY_SRC,
    KEY_DST,
    KEY_SPORT,
    KEY_DPORT,
    KEY_SRC_MAC,
    KEY_DST_MAC,
    KEY_PAYLOAD,
    KEY_REPLAY,
    KEY_SPEED,
    KEY_LOOP,
    KEY_LOOP_GAP,
    KEY_LATE,
    KEY_LATE_LIMIT,
    KEY_CATCH_UP,
    KEY_REALTIME,
    KEY_DRY_RUN,
    KEY_REPORT,
};

static const struct cli_option own_options[] = {
    {'n', "count", "N", "so many packets of the series (a model needs this or --duration)"},
    {KEY_DURATION, "duration", "SECONDS", "packets of so much time after the first"},
    {'w', "write", "FILE", "write a capture instead of a table"},
    {KEY_CHAIN, "chain", "MODEL", "the order of a mixture's tokens, learnt by markov-gen"},
    {KEY_FLOWS, "flows", "N", "so many flows of a model (default 1)"},
    {KEY_SPACING, "spacing", "SECONDS", "a flow starts so long after the one before (default 0)"},
    {KEY_ARRIVALS, "arrivals", "SECONDS", "the same by chance (exponential), with this mean"},
    {KEY_TIME, "time", "ts|iat|dir_iat",
     "the column that places the packets of a table (default: the\nfirst of these that it has)"},
    {KEY_START, "start", "TIME",
     "when the series starts, epoch seconds (default: as ts says, else\n1767225600)"},
    {KEY_PROTO, "proto", "udp|tcp", "packets are UDP (default), or connections of TCP"},
    {KEY_TIMESTAMPS, "timestamps", NULL,
     "TCP with timestamps, as most hosts send it: headers are 12\nbytes longer"},
    {KEY_IP, "ip", "4|6", "the version of IP (default 4)"},
    {KEY_SRC, "src", "ADDRESS[/BITS]",
     "hosts that send forward, a flow each (default 10.1.0.0/16 or\nfd00:1::/64)"},
    {KEY_DST, "dst", "ADDRESS[/BITS]", "the hosts opposite (default 10.2.0.1 or fd00:2::1)"},
    {KEY_SPORT, "sport", "PORT[-PORT]", "ports of --src (default 40000-59999)"},
    {KEY_DPORT, "dport", "PORT[-PORT]", "ports of --dst (default 30000)"},
    {KEY_SRC_MAC, "src-mac", "MAC", "MAC address of --src (default 02:00:00:00:00:01)"},
    {KEY_DST_MAC, "dst-mac", "MAC", "MAC address of --dst (default 02:00:00:00:00:02)"},
    {KEY_VLAN, "vlan", "ID", "tag frames with this VLAN (0..4094)"},
    {KEY_PAYLOAD, "payload", "random|zero|HEX",
     "what packets carry: random bytes (default), zeros, or these\nbytes again and again"},
    {'i', "interface", "IFACE", "send the packets on an interface, each when it is due"},
    {KEY_REPLAY, "replay", "CAPTURE", "with -i: send the packets of a capture, at its own times"},
    {KEY_SPEED, "speed", "X", "X times as fast (default 1)"},
    {KEY_LOOP, "loop", "[N]", "N times over (without N: for ever)"},
    {KEY_LOOP_GAP, "loop-gap", "SECONDS",
     "from the last packet to the next round (default: the mean gap)"},
    {KEY_LATE, "late", "send|drop|shift",
     "packets that are late by more than the limit: send them at once\n"
     "(default), drop them, or move the schedule"},
    {KEY_LATE_LIMIT, "late-limit", "SECONDS", "that limit (default 0.001)"},
    {KEY_CATCH_UP, "catch-up", "PERCENT",
     "smaller delays: how much shorter a gap may be to make up for\nthem (default 3; 100: at "
     "once)"},
    {KEY_REALTIME, "realtime", NULL, "run before all other processes, as root, for exact gaps"},
    {KEY_DRY_RUN, "dry-run", "[SECONDS]",
     "send nothing, and let a simulated clock run, on which sending a\n"
     "packet takes this time (default 0)"},
    {KEY_REPORT, "report", "FILE", "how it went, as a table of metrics and values"},
    {0, NULL, NULL, NULL},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] [MODEL | TABLE]",
    .summary =
        "Makes packets from a model of traffic or from a packet table: a table of packets, with\n"
        "-w a capture, or with -i traffic. Sends a capture with -i --replay.",
    .example = "trafgen -n 10000 voice.hmm -w voice.pcap",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_SEED | CLI_FORMAT | CLI_SANDBOX,
};

/* Texts that need the version of IP, which may be given after them. */
struct texts {
    const char *src, *dst;
};

static void parse_hosts(const char *option, const char *text, const struct plan *p,
                        struct plan_hosts *h)
{
    struct err e;

    if (!plan_hosts_parse(text, p->ip_version, h, &e))
        die_usage("--%s: '%s' %s", option, text, e.text);
}

static void need(const struct cli *cli, bool parsed, const struct err *e)
{
    if (!parsed)
        cli_bad_value(cli, "%s", e->text);
}

static uint64_t parse_time(const struct cli *cli)
{
    const char *const text = cli_value(cli);
    uint64_t ns;

    if (num_time(text, strlen(text), &ns) != NUM_OK)
        cli_bad_value(cli, "is not a time in seconds since the epoch");
    return ns;
}

/* An option of the headers; false when it is none. */
static bool take_plan(const struct cli *cli, int key, struct plan *p, struct texts *texts)
{
    static const char *const protos[] = {"udp", "tcp", NULL}, *const versions[] = {"4", "6", NULL};
    struct err e;

    switch (key) {
    case KEY_PROTO:
        p->tcp = cli_choice(cli, protos) == 1;
        return true;
    case KEY_TIMESTAMPS:
        p->timestamps = true;
        return true;
    case KEY_IP:
        p->ip_version = cli_choice(cli, versions) == 1 ? 6 : 4;
        return true;
    case KEY_SRC:
        texts->src = cli_value(cli);
        return true;
    case KEY_DST:
        texts->dst = cli_value(cli);
        return true;
    case KEY_SPORT:
        need(cli, plan_ports_parse(cli_value(cli), &p->sport, &e), &e);
        return true;
    case KEY_DPORT:
        need(cli, plan_ports_parse(cli_value(cli), &p->dport, &e), &e);
        return true;
    case KEY_SRC_MAC:
        need(cli, plan_mac_parse(cli_value(cli), p->src_mac, &e), &e);
        return true;
    case KEY_DST_MAC:
        need(cli, plan_mac_parse(cli_value(cli), p->dst_mac, &e), &e);
        return true;
    case KEY_VLAN:
        p->vlan = (uint16_t)cli_u64(cli, 0, 4094);
        return true;
    case KEY_PAYLOAD:
        need(cli, plan_payload_parse(cli_value(cli), p, &e), &e);
        return true;
    default:
        return false;
    }
}

/* As ns. */
static uint64_t parse_seconds(const struct cli *cli, double least)
{
    return (uint64_t)(cli_f64(cli, least, 1e9) * 1e9 + 0.5);
}

static void take_arrivals(const struct cli *cli, struct options *o, bool exponential)
{
    if (o->arrivals.given)
        die_usage("--spacing and --arrivals: one of them");
    o->arrivals = (struct arrivals){cli_f64(cli, 0, 1e6), exponential, true};
}

static void take_series(const struct cli *cli, int key, struct options *o)
{
    static const char *const columns[] = {"ts", "iat", "dir_iat", NULL};

    switch (key) {
    case 'n':
        o->count = cli_u64(cli, 1, UINT64_MAX);
        break;
    case KEY_DURATION:
        o->duration = parse_seconds(cli, 1e-9);
        break;
    case KEY_CHAIN:
        o->chain = cli_value(cli);
        break;
    case KEY_FLOWS:
        o->flows = cli_u64(cli, 1, OPTIONS_MAX_FLOWS);
        break;
    case KEY_SPACING:
    case KEY_ARRIVALS:
        take_arrivals(cli, o, key == KEY_ARRIVALS);
        break;
    case KEY_TIME:
        o->time = TIME_TS + (enum time_column)cli_choice(cli, columns);
        break;
    case KEY_START:
        o->start = parse_time(cli);
        o->has_start = true;
        break;
    }
}

/* An option of sending itself; false when it is none. */
static bool take_live(const struct cli *cli, int key, struct options *o)
{
    static const char *const policies[] = {"send", "drop", "shift", NULL};
    struct transmit_options *const t = &o->transmit;

    switch (key) {
    case KEY_SPEED:
        t->speed = cli_f64(cli, 1e-6, 1e6);
        break;
    case KEY_LOOP:
        t->rounds = cli_value(cli) ? cli_u64(cli, 1, UINT64_MAX) : 0;
        break;
    case KEY_LOOP_GAP:
        t->gap = parse_seconds(cli, 0);
        t->has_gap = true;
        break;
    case KEY_LATE:
        t->late = (enum late_policy)cli_choice(cli, policies);
        break;
    case KEY_LATE_LIMIT:
        t->late_limit = parse_seconds(cli, 0);
        break;
    case KEY_CATCH_UP:
        t->catch_up = cli_f64(cli, 0.1, 100) / 100;
        break;
    case KEY_REALTIME:
        t->realtime = true;
        break;
    case KEY_REPORT:
        o->report = cli_value(cli);
        break;
    default:
        return false;
    }
    o->about_live = true;
    return true;
}

/* An option that says where packets go or come from; false when it is none. */
static bool take_ends(const struct cli *cli, int key, struct options *o)
{
    switch (key) {
    case 'w':
        o->write = cli_value(cli);
        return true;
    case 'i':
        o->transmit.interface = cli_value(cli);
        return true;
    case KEY_REPLAY:
        o->replay = cli_value(cli);
        return true;
    case KEY_DRY_RUN:
        o->transmit.dry_run = true;
        o->transmit.cost = cli_value(cli) ? parse_seconds(cli, 0) : 0;
        return true;
    default:
        return false;
    }
}

static void check_live(const struct options *o)
{
    const struct transmit_options *const t = &o->transmit;

    if (t->interface && t->dry_run)
        die_usage("--dry-run sends nothing, so it takes no -i");
    if (o->live && (o->write || o->shared->output))
        die_usage("-i and --dry-run go without -w and -o");
    if (o->replay && !o->live)
        die_usage("--replay needs -i or --dry-run");
    if (o->replay && o->file)
        die_usage("--replay takes packets from a capture: no MODEL or TABLE");
    if (o->replay && o->about_made)
        die_usage("--replay sends packets as they are: of the options that make packets it takes "
                  "-n and --duration");
    if (t->has_gap && t->rounds == 1)
        die_usage("--loop-gap has no use without --loop");
    if (o->about_live && !o->live)
        die_usage("these need -i or --dry-run: --speed, --loop, --loop-gap, --late, --late-limit, "
                  "--catch-up, --realtime, --report");
}

static void check_files(const struct options *o)
{
    const char *const inputs[] = {o->file, o->chain, o->replay};

    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        cli_not_input("output", o->shared->output, inputs[i]);
        cli_not_input("write", o->write, inputs[i]);
        cli_not_input("report", o->report, inputs[i]);
    }
}

static void check(const struct options *o)
{
    if (o->plan.timestamps && !o->plan.tcp)
        die_usage("--timestamps goes with --proto=tcp");
    check_live(o);
    if (o->chain && file_is_standard(o->chain) && file_is_standard(o->file))
        die_usage("only one of MODEL and --chain can be standard input");
    if (o->write && o->shared->output)
        die_usage("-w writes a capture, -o a table: one of them");
    if (o->about_frames && !o->write && !o->live)
        die_usage("a table has no frames: these need -w, -i or --dry-run: --proto, --timestamps, "
                  "--ip, --src, --dst, --sport, --dport, --src-mac, --dst-mac, --vlan, --payload");
    check_files(o);
}

struct options options_parse(struct cli *cli)
{
    struct options o = {
        .shared = cli_shared(cli),
        .start = SERIES_START,
        .plan = {.ip_version = 4,
                 .vlan = PLAN_NO_VLAN,
                 .src_mac = {2, 0, 0, 0, 0, 1},
                 .dst_mac = {2, 0, 0, 0, 0, 2},
                 .sport = {40000, 20000},
                 .dport = {30000, 1}},
        .transmit = {.speed = 1, .rounds = 1, .late_limit = 1000000, .catch_up = 0.03},
    };
    struct texts texts = {0};

    for (int key; (key = cli_next(cli)) != CLI_END;) {
        if (take_live(cli, key, &o) || take_ends(cli, key, &o))
            continue;
        o.about_made |= key != 'n' && key != KEY_DURATION;
        if (take_plan(cli, key, &o.plan, &texts))
            o.about_frames = true;
        else
            take_series(cli, key, &o);
    }
    const bool six = o.plan.ip_version == 6;
    parse_hosts("src",
                texts.src ? texts.src
                : six     ? "fd00:1::/64"
                          : "10.1.0.0/16",
                &o.plan, &o.plan.src);
    parse_hosts("dst",
                texts.dst ? texts.dst
                : six     ? "fd00:2::1"
                          : "10.2.0.1",
                &o.plan, &o.plan.dst);
    o.live = o.transmit.interface || o.transmit.dry_run;
    o.file = cli_file(cli);
    check(&o);
    return o;
}
