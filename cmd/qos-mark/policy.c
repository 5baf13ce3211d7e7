#include "policy.h"

#include "dscp.h"
#include "mem.h"
#include "num.h"

#include <stdlib.h>
#include <string.h>

/* After RFC 4594's classes of service, with RFC 8622's lower effort in place of CS1: voice is
 * telephony, game real-time interactive, video multimedia streaming; chat, web and DNS low-latency
 * data; mail, file transfer and bulk high-throughput data; control is what administers the network.
 * Tunnels, things and the rest are standard, which is no mark. */
static const char built_in[] = "class\tdscp\tpriority\trate\n"
                               "voice\tEF\t0\t\n"
                               "game\tCS4\t1\t\n"
                               "video\tAF31\t2\t\n"
                               "control\tCS2\t2\t\n"
                               "chat\tAF21\t3\t\n"
                               "dns\tAF21\t3\t\n"
                               "web\tAF21\t3\t\n"
                               "mail\tAF11\t5\t\n"
                               "file-transfer\tAF11\t5\t\n"
                               "bulk\tAF11\t5\t\n"
                               "iot\tCS0\t4\t\n"
                               "vpn-tunnel\tCS0\t4\t\n"
                               "malware\tLE\t7\t\n";

struct reader {
    struct table *t;
    struct policy *p;
    size_t class, dscp, priority, rate;
};

/* tc's units: 1mbit is a million bits a second. */
static bool parse_rate(struct span f, uint64_t *rate)
{
    static const struct {
        const char *name;
        uint64_t bits;
    } units[] = {{"bit", 1}, {"kbit", 1000}, {"mbit", 1000000}, {"gbit", 1000000000}};
    const uint64_t least = 8000, most = UINT64_C(1000000000000);
    size_t digits = 0;

    while (digits < f.n && f.p[digits] >= '0' && f.p[digits] <= '9')
        digits++;
    if (num_u64(f.p, digits, rate) != NUM_OK)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (span_is((struct span){f.p + digits, f.n - digits}, units[i].name))
            return !__builtin_mul_overflow(*rate, units[i].bits, rate) && *rate >= least &&
                   *rate <= most;
    return false;
}

static bool read_dscp(const struct reader *r, struct treatment *x, struct err *e)
{
    const struct span f = table_field(r->t, r->dscp);

    if (f.n == 0)
        return true;
    char *const text = mem_string(f.p, f.n);
    x->sets_dscp = strlen(text) == f.n && dscp_parse(text, &x->dscp);
    free(text);
    return x->sets_dscp || table_fail(r->t, r->dscp, e, "is no DSCP: " DSCP_HINT);
}

static bool read_row(const struct reader *r, struct err *e)
{
    struct policy *const p = r->p;
    const struct span class = table_field(r->t, r->class), rate = table_field(r->t, r->rate);
    struct treatment x = {.priority = PRIORITY_USUAL};
    uint64_t priority;

    if (class.n == 0 || memchr(class.p, '\0', class.n))
        return table_fail(r->t, r->class, e, "is no class");
    if (policy_find(p, class) < p->n)
        return table_fail(r->t, r->class, e, "stands twice");
    if (p->n == POLICY_MAX)
        return table_fail(r->t, r->class, e, "is one of more than %d classes", POLICY_MAX);
    if (!read_dscp(r, &x, e))
        return false;
    if (table_field(r->t, r->priority).n > 0) {
        if (!table_u64(r->t, r->priority, 0, PRIORITIES - 1, &priority, e))
            return false;
        x.priority = (unsigned)priority;
    }
    if (rate.n > 0 && !parse_rate(rate, &x.rate))
        return table_fail(r->t, r->rate, e, "is no rate from 8kbit to 1000gbit, such as 500kbit");
    x.class = mem_string(class.p, class.n);
    p->all = mem_grow(p->all, &p->cap, p->n + 1, sizeof *p->all);
    p->all[p->n++] = x;
    return true;
}

static bool read_all(struct reader *r, struct err *e)
{
    enum table_status status;

    if (!table_require(r->t, "class", &r->class, e) || !table_require(r->t, "dscp", &r->dscp, e) ||
        !table_require(r->t, "priority", &r->priority, e) ||
        !table_require(r->t, "rate", &r->rate, e))
        return false;
    while ((status = table_next(r->t, e)) == TABLE_ROW)
        if (!read_row(r, e))
            return false;
    if (status == TABLE_BAD)
        return false;
    return r->p->n > 0 || err_set(e, "%s: a policy without classes", table_path(r->t));
}

struct policy *policy_read(const char *path, struct err *e)
{
    struct reader r = {
        .t = path ? table_open(path, e)
                  : table_open_memory(built_in, sizeof built_in - 1, "built-in policy", e),
        .p = mem_zero(1, sizeof *r.p),
    };
    const bool ok = r.t && read_all(&r, e);

    table_close(r.t);
    if (ok)
        return r.p;
    policy_free(r.p);
    return NULL;
}

void policy_free(struct policy *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n; i++)
        free(p->all[i].class);
    free(p->all);
    free(p);
}

size_t policy_find(const struct policy *p, struct span class)
{
    size_t i = 0;

    while (i < p->n && !span_is(class, p->all[i].class))
        i++;
    return i;
}

static void put_rate(struct table_writer *w, uint64_t rate)
{
    char text[NUM_U64_MAX + sizeof "kbit"];
    const bool kilo = rate % 1000 == 0, mega = rate % 1000000 == 0;
    const char *const unit = mega ? "mbit" : kilo ? "kbit" : "bit";
    char *const end = num_put_u64(text, rate / (mega ? 1000000 : kilo ? 1000 : 1));

    memcpy(end, unit, strlen(unit) + 1);
    table_put_text(w, rate > 0 ? text : "");
}

void policy_write(const struct policy *p, struct out *o)
{
    struct table_writer *const w = table_writer_new(o, TABLE_TSV);

    out_text(o, "class\tdscp\tpriority\trate\n");
    for (size_t i = 0; i < p->n; i++) {
        const struct treatment *const x = &p->all[i];
        const char *const name = dscp_name(x->dscp);
        table_put_text(w, x->class);
        if (x->sets_dscp && !name)
            table_put_u64(w, x->dscp);
        else
            table_put_text(w, x->sets_dscp ? name : "");
        table_put_u64(w, x->priority);
        put_rate(w, x->rate);
        table_end_row(w);
    }
    table_writer_free(w);
}
