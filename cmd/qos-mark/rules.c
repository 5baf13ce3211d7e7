#include "rules.h"

#include "address.h"
#include "cli.h"
#include "escape.h"
#include "shaping.h"

#include <inttypes.h>
#include <string.h>

#define TABLE "inet weir_qos"

/* A batch may hold as many rules that are renewed, whose old ones count until it is done. */
enum { SPARE = 16384 };

static void put_map(struct textbuf *t, int version, uint64_t max_flows)
{
    textbuf_printf(t,
                   "    map flows%d {\n"
                   "        type ipv%d_addr . inet_service . ipv%d_addr . inet_service . "
                   "inet_proto : verdict\n        flags timeout\n        size %" PRIu64 "\n    }\n",
                   version, version, version, 2 * max_flows + SPARE);
}

/* The class's name for who reads the rules: no line end, no control character. */
static void put_comment(struct textbuf *t, const char *class)
{
    char text[64];
    const size_t n = escape_put(text, sizeof text, (const uint8_t *)class, strlen(class), "");

    textbuf_put(t, " # ");
    textbuf_bytes(t, text, n);
    textbuf_char(t, '\n');
}

/* What goes beyond a rate is dropped. The kernel saves up a second of the rate, so no burst on top.
 */
static void put_limit(struct textbuf *t, uint64_t rate)
{
    textbuf_printf(t, "        limit rate over %" PRIu64 " bytes/second counter drop\n", rate / 8);
}

static void put_chain(struct textbuf *t, const struct treatment *x, size_t class, bool shaped)
{
    textbuf_printf(t, "    chain class_%zu {", class + 1);
    put_comment(t, x->class);
    if (x->rate > 0 && !shaped)
        put_limit(t, x->rate);
    textbuf_put(t, "        counter\n");
    if (shaped)
        textbuf_printf(t, "        meta priority set 1:%x\n", shaping_minor(class));
    if (x->sets_dscp)
        textbuf_printf(t, "        ip dscp set %u\n        ip6 dscp set %u\n", x->dscp, x->dscp);
    textbuf_put(t, "    }\n");
}

void rules_write_table(const struct policy *p, bool shaped, uint64_t max_flows, struct textbuf *t)
{
    textbuf_put(t, "# qos-mark " WEIR_VERSION "\nadd table " TABLE "\ndelete table " TABLE
                   "\ntable " TABLE " {\n");
    for (size_t i = 0; i < p->n; i++)
        put_chain(t, &p->all[i], i, shaped);
    put_map(t, 4, max_flows);
    put_map(t, 6, max_flows);
    textbuf_put(t, "    chain leaving {\n"
                   "        type filter hook postrouting priority mangle; policy accept;\n"
                   "        ip saddr . th sport . ip daddr . th dport . meta l4proto vmap @flows4\n"
                   "        ip6 saddr . th sport . ip6 daddr . th dport . meta l4proto vmap "
                   "@flows6\n    }\n}\n");
}

static void put_end(struct textbuf *t, const uint8_t ip[16], uint8_t version, uint16_t port)
{
    char text[ADDRESS_MAX];
    const char *const end = address_put(text, ip, version);

    textbuf_bytes(t, text, (size_t)(end - text));
    textbuf_printf(t, " . %u . ", port);
}

/* "add element … { A . 1 . B . 2 . 17", one way. */
static void put_key(struct textbuf *t, const char *verb, const struct flow_key *k, bool high)
{
    textbuf_printf(t, "%s element " TABLE " flows%u { ", verb, k->ip_version);
    put_end(t, high ? k->high : k->low, k->ip_version, high ? k->high_port : k->low_port);
    put_end(t, high ? k->low : k->high, k->ip_version, high ? k->low_port : k->high_port);
    textbuf_printf(t, "%u", k->proto);
}

/* Whether a packet of the flow says the same either way. */
static bool is_mirror(const struct flow_key *k)
{
    return k->low_port == k->high_port && memcmp(k->low, k->high, sizeof k->low) == 0;
}

void rules_add(const struct flow_key *k, size_t class, uint64_t timeout, struct textbuf *t)
{
    for (int high = 0; high < 2 - is_mirror(k); high++) {
        put_key(t, "add", k, high);
        textbuf_printf(t, " timeout %" PRIu64 "s : goto class_%zu }\n", timeout, class + 1);
    }
}

/* To delete what is not there fails, and takes the whole batch with it: so it is added first, which
 * does nothing where it is there with the same class. */
void rules_remove(const struct flow_key *k, size_t class, struct textbuf *t)
{
    for (int high = 0; high < 2 - is_mirror(k); high++) {
        put_key(t, "add", k, high);
        textbuf_printf(t, " timeout 60s : goto class_%zu }\n", class + 1);
        put_key(t, "delete", k, high);
        textbuf_put(t, " }\n");
    }
}
