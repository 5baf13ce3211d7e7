#include "options.h"

#include "err.h"
#include "moment.h"

enum key {
    KEY_COLLECTOR = CLI_LONG,
    KEY_PEN,
    KEY_DOMAIN,
    KEY_EXPORT_TIME,
    KEY_MESSAGE,
    KEY_REFRESH,
    KEY_REFRESH_PACKETS,
    KEY_RATE,
    KEY_QUEUE,
    KEY_GIVE_UP,
    KEY_LIST,
};

enum {
    LEAST_MESSAGE = 256,
    UDP_MOST = 65507,   /* in an IPv4 datagram */
    UDP_MESSAGE = 1400, /* fits an Ethernet frame with IPv6 and a tunnel around it */
    OTHER_MESSAGE = 16384,
    BURSTS_A_SECOND = 10, /* with --rate */
};

static const struct cli_option own_options[] = {
    {KEY_COLLECTOR, "collector", "URL",
     "send to udp://HOST:PORT or tcp://HOST:PORT (default: write a\n"
     "file); without a port to 4739"},
    {KEY_PEN, "pen", "N",
     "enterprise number of the elements that no one else has\n"
     "(default 32473, which is for documentation)"},
    {KEY_DOMAIN, "domain", "N", "observation domain (default 0)"},
    {KEY_EXPORT_TIME, "export-time", "SECONDS",
     "time of export in every message (default: to a collector now,\n"
     "in a file the latest end of a row so far)"},
    {KEY_MESSAGE, "message-size", "N",
     "bytes of a message (default: UDP 1400, else 16384); a row that\n"
     "has more goes alone"},
    {KEY_REFRESH, "template-refresh", "SECONDS",
     "UDP: send the templates again so often (default 60)"},
    {KEY_REFRESH_PACKETS, "template-packets", "N",
     "UDP: and after so many messages (default 1000)"},
    {KEY_RATE, "rate", "ROWS", "send at most so many rows a second"},
    {KEY_QUEUE, "queue", "N", "TCP: rows that wait for the collector (default 65536)"},
    {KEY_GIVE_UP, "give-up", "SECONDS",
     "TCP: wait so long for a collector that is away before rows are\n"
     "lost (default 10)"},
    {KEY_LIST, "list-elements", NULL, "print which elements the columns of FILE become, and exit"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] [FILE]…",
    .summary =
        "Writes flows, the rows of pcap2feat --per=flow, as IPFIX (RFC 7011): to a file, or to a\n"
        "collector. Without FILE, or where it is -, reads standard input.",
    .example = "pcap2feat --per=flow -i eth0 | flow2ipfix --collector=udp://collector:4739",
    .options = own_options,
    .shared = CLI_OUTPUT,
};

/* Options that say something of a collector only, and were given. */
struct given {
    const char *udp, *tcp, *any;
};

static void check(const struct options *o, const struct given *given)
{
    if (o->collector && o->shared->output)
        die_usage("--collector and -o: one of them");
    if (given->any && !o->collector)
        die_usage("%s is for --collector", given->any);
    if (given->udp && (!o->collector || o->collector->tcp))
        die_usage("%s is for --collector=udp://…", given->udp);
    if (given->tcp && (!o->collector || !o->collector->tcp))
        die_usage("%s is for --collector=tcp://…", given->tcp);
    if (o->collector && !o->collector->tcp && o->exporter.most_bytes > UDP_MOST)
        die_usage("--message-size: a datagram holds at most %d bytes", UDP_MOST);
}

static struct collector *take_collector(const struct cli *cli)
{
    struct err e;
    struct collector *const c = collector_new(cli_value(cli), &e);

    if (!c)
        cli_bad_value(cli, "%s", e.text);
    return c;
}

static uint32_t take_pen(const struct cli *cli)
{
    const uint64_t pen = cli_u64(cli, 1, UINT32_MAX);

    if (!mapping_pen_is_free((uint32_t)pen))
        cli_bad_value(cli, "is the number of elements that others have defined");
    return (uint32_t)pen;
}

static void take_option(struct cli *cli, int key, struct options *o, struct given *given)
{
    switch (key) {
    case KEY_COLLECTOR:
        collector_free(o->collector);
        o->collector = take_collector(cli);
        break;
    case KEY_PEN:
        o->pen = take_pen(cli);
        break;
    case KEY_DOMAIN:
        o->exporter.domain = (uint32_t)cli_u64(cli, 0, UINT32_MAX);
        break;
    case KEY_EXPORT_TIME:
        o->sink.time = (uint32_t)cli_u64(cli, 0, UINT32_MAX);
        o->sink.has_time = true;
        break;
    case KEY_MESSAGE:
        o->exporter.most_bytes = cli_u64(cli, LEAST_MESSAGE, MESSAGE_MOST);
        break;
    case KEY_REFRESH:
        o->sink.refresh = (uint64_t)(cli_f64(cli, 0.01, 1e6) * (double)MOMENT_S);
        given->udp = "--template-refresh";
        break;
    case KEY_REFRESH_PACKETS:
        o->sink.refresh_messages = cli_u64(cli, 1, UINT64_MAX);
        given->udp = "--template-packets";
        break;
    case KEY_RATE:
        o->rate = cli_f64(cli, 0.01, 1e9);
        given->any = "--rate";
        break;
    case KEY_QUEUE:
        o->sink.queue = cli_u64(cli, 1, 100000000);
        given->tcp = "--queue";
        break;
    case KEY_GIVE_UP:
        o->sink.give_up = (uint64_t)(cli_f64(cli, 0.1, 1e6) * (double)MOMENT_S);
        given->tcp = "--give-up";
        break;
    case KEY_LIST:
        o->list = true;
        break;
    }
}

struct options options_parse(struct cli *cli)
{
    struct given given = {0};
    struct options o = {
        .pen = MAPPING_PEN,
        .exporter.most_rows = UINT32_MAX,
        .sink = {.refresh = 60 * MOMENT_S,
                 .refresh_messages = 1000,
                 .queue = 65536,
                 .give_up = 10 * MOMENT_S},
        .shared = cli_shared(cli),
    };

    for (int key; (key = cli_next(cli)) != CLI_END;)
        take_option(cli, key, &o, &given);
    o.n_files = cli_operands(cli, &o.files);
    o.sink.shared = o.shared;
    if (o.exporter.most_bytes == 0)
        o.exporter.most_bytes = o.collector && !o.collector->tcp ? UDP_MESSAGE : OTHER_MESSAGE;
    if (o.rate > 0) {
        const double burst = o.rate / BURSTS_A_SECOND;
        o.exporter.most_rows = burst < 1 ? 1 : burst < UINT32_MAX ? (uint32_t)burst : UINT32_MAX;
    }
    check(&o, &given);
    return o;
}
