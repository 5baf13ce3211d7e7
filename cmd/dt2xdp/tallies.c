#include "tallies.h"

#include "feature.h"
#include "flow_count.h"

#include <stdlib.h>

/* The amounts in C. */
static const char *const amounts[AMOUNTS] = {
    [AMOUNT_LEN] = "p->len",
    [AMOUNT_GAP] = "gap",
    [AMOUNT_WAY_GAP] = "way_gap",
    [AMOUNT_WAY_GAP_WITHIN] = "way_gap",
    [AMOUNT_PAYLOAD] = "p->payload_len",
    [AMOUNT_PAYLOAD_WITHIN] = "p->payload_len",
    [AMOUNT_FLAG] = "flags",
    [AMOUNT_FLAGS] = "flags",
    [AMOUNT_WINDOW] = "p->tcp_window",
    [AMOUNT_TTL] = "p->ttl",
    [AMOUNT_DSCP] = "p->dscp",
    [AMOUNT_WAY] = "way",
    [AMOUNT_TS] = "p->ts",
    [AMOUNT_DESCRIBED] = "!p->transport_unknown",
    [AMOUNT_IS_TCP] = "is_tcp",
};

static const char *const conditions[WHENS] = {
    [WHEN_NOT_FIRST] = "n > 0",
    [WHEN_NOT_FIRST_OF_WAY] = "s->packets[way] > 0",
    [WHEN_FIRST_OF_WAY] = "s->packets[way] == 0",
    [WHEN_FIRST_TCP_OF_WAY] = "is_tcp && !s->headers[way]",
    [WHEN_DESCRIBED] = "!p->transport_unknown",
};

static bool has_member(const struct flow_count *c, const struct model *m)
{
    return c->bits && flow_count_used(c, m);
}

/* What stands behind the name of a member. */
static const char *index_of(const struct flow_count *c, const char *way)
{
    return c->how == COUNT_PLACE ? "[n]" : c->shape == COUNT_WHOLE ? "" : way;
}

void tallies_state(const struct model *m, struct out *out)
{
    for (size_t i = 0; i < n_flow_counts; i++) {
        const struct flow_count *const c = &flow_counts[i];
        if (has_member(c, m))
            out_printf(out, "    __u%u %s%s;\n", c->bits, c->name,
                       c->how == COUNT_PLACE ? "[FIRST_PACKETS]" : index_of(c, "[2]"));
    }
    out_text(out, "};\n\n");
}

/* A count's first value; places and what is set once are not read before they are set. */
static void put_start(const struct flow_count *c, const char *way, struct out *out)
{
    if (c->how != COUNT_PLACE && c->how != COUNT_ONCE)
        out_printf(out, "    s->%s%s = %s;\n", c->name, index_of(c, way),
                   c->how == COUNT_LEAST ? "~0" : "0");
}

static void put_begin(const struct model *m, struct out *out)
{
    out_text(out, "\nstatic __always_inline void begin_flow(struct flow_state *s, const struct "
                  "packet *p, bool high)\n{\n    s->start = s->latest = p->ts;\n"
                  "    s->begun_high = high;\n    s->closing = s->fins = 0;\n"
                  "    s->verdict = s->class = 0;\n    s->packets[0] = s->packets[1] = 0;\n");
    for (size_t i = 0; i < n_flow_counts; i++) {
        const struct flow_count *const c = &flow_counts[i];
        if (!has_member(c, m))
            continue;
        put_start(c, "[0]", out);
        if (c->shape != COUNT_WHOLE)
            put_start(c, "[1]", out);
    }
    out_text(out, "}\n");
}

static void put_amount(const struct flow_count *c, struct textbuf *t)
{
    const char *const amount = amounts[c->amount];
    const unsigned long long low = c->low, high = c->high;
    const char *const suffix = high > UINT32_MAX ? "ull" : "";

    if (c->amount == AMOUNT_FLAG)
        textbuf_printf(t, "%s >> %llu & 1", amount, low);
    else if (c->high)
        textbuf_printf(t, "within(%s, %llu%s, %llu%s)", amount, low, suffix, high, suffix);
    else
        textbuf_put(t, amount);
}

static void put_step(const struct flow_count *c, struct out *out)
{
    const char *const at = index_of(c, "[way]");
    struct textbuf amount = {0};

    put_amount(c, &amount);
    if (c->when != WHEN_ALWAYS)
        out_printf(out, "    if (%s)\n    ", conditions[c->when]);
    out_printf(out, "    s->%s%s ", c->name, at);
    switch (c->how) {
    case COUNT_SUM:
        out_printf(out, "+= %s;\n", amount.p);
        break;
    case COUNT_BITS:
        out_printf(out, "|= %s;\n", amount.p);
        break;
    case COUNT_LEAST:
        out_printf(out, "= least(s->%s%s, %s);\n", c->name, at, amount.p);
        break;
    case COUNT_GREATEST:
        out_printf(out, "= greatest(s->%s%s, %s);\n", c->name, at, amount.p);
        break;
    default:
        out_printf(out, "= %s;\n", amount.p);
    }
    free(amount.p);
}

/* Whether a packet brings such an amount to any of the model's counts. */
static bool brings(const struct model *m, enum count_amount amount)
{
    for (size_t i = 0; i < n_flow_counts; i++)
        if (flow_counts[i].amount == amount && has_member(&flow_counts[i], m))
            return true;
    return false;
}

static void put_add(const struct model *m, struct out *out)
{
    out_text(out, "\nstatic __always_inline void add_packet(struct flow_state *s, const struct "
                  "packet *p, __u8 flags, bool way)\n{\n"
                  "    const __u32 n = s->packets[0] + s->packets[1];\n");
    if (brings(m, AMOUNT_GAP))
        out_text(out, "    const __u64 gap = span(p->ts, s->latest);\n");
    if (brings(m, AMOUNT_WAY_GAP) || brings(m, AMOUNT_WAY_GAP_WITHIN))
        out_text(out, "    const __u64 way_gap = span(p->ts, s->last[way]);\n");
    if (brings(m, AMOUNT_IS_TCP))
        out_text(out, "    const bool is_tcp = p->tcp_hdr_len > 0 && !p->tcp_unknown;\n");
    out_text(out, "\n    if (n >= FIRST_PACKETS)\n        return;\n");
    for (size_t i = 0; i < n_flow_counts; i++)
        if (has_member(&flow_counts[i], m))
            put_step(&flow_counts[i], out);
    out_text(out, "    s->packets[way]++;\n}\n");
}

void tallies_functions(const struct model *m, struct out *out)
{
    put_begin(m, out);
    put_add(m, out);
}

/* The time between a direction's packets, or between all. */
static void put_span(enum flow_way way, struct textbuf *t)
{
    if (way == WAY_BOTH)
        textbuf_put(t, "span(greatest(s->last[0], s->last[1]), "
                       "least(s->earliest[0], s->earliest[1]))");
    else
        textbuf_printf(t, "span(s->last[%d], s->earliest[%d])", way, way);
}

void tally_value(const char *feature, struct textbuf *t)
{
    enum flow_way way = WAY_BOTH;
    const struct flow_count *const c = flow_count_of(feature, &way);
    const char *const name = c->name;

    if (c->how == COUNT_SPAN)
        put_span(way, t);
    else if (c->how == COUNT_PLACE)
        textbuf_printf(t, "s->%s[%u]", name, feature_number(feature) - 1);
    else if (c->shape == COUNT_WHOLE)
        textbuf_printf(t, "s->%s", name);
    else if (way != WAY_BOTH)
        textbuf_printf(t, "s->%s[%d]", name, way);
    else if (c->how == COUNT_LEAST || c->how == COUNT_GREATEST)
        textbuf_printf(t, "%s(s->%s[0], s->%s[1])", c->how == COUNT_LEAST ? "least" : "greatest",
                       name, name);
    else
        textbuf_printf(t, "s->%s[0] %c s->%s[1]", name, c->how == COUNT_BITS ? '|' : '+', name);
}

void tally_known(const char *feature, struct textbuf *t)
{
    static const struct {
        const char *member;
        unsigned least;
    } wanted[] = {
        [KNOWN_PACKET] = {"packets", 0},
        [KNOWN_SECOND] = {"packets", 1},
        [KNOWN_DESCRIBED] = {"described", 0},
        [KNOWN_HEADER] = {"headers", 0},
    };
    enum flow_way way = WAY_BOTH;
    const struct flow_count *const c = flow_count_of(feature, &way);
    const char *const member = wanted[c->known].member;

    if (c->known == KNOWN_ALWAYS)
        return;
    if (way != WAY_BOTH)
        textbuf_printf(t, "s->%s[%d] > %u", member, way, wanted[c->known].least);
    else
        textbuf_printf(t, "s->%s[0] + s->%s[1] > %u", member, member, wanted[c->known].least);
}
