/* What is counted over the first packets of a flow: for each feature of the model, and for each
 * helper of one, a register that a packet reads once and writes once. */
#include "flow_count.h"
#include "mem.h"
#include "plan.h"
#include "textbuf.h"

#include <stdlib.h>
#include <string.h>

/* The amounts in P4, and their widths. */
static const struct {
    const char *text;
    unsigned bits;
} amounts[AMOUNTS] = {
    [AMOUNT_LEN] = {"meta.packet.len", 16},
    [AMOUNT_GAP] = {"gap", 64},
    [AMOUNT_WAY_GAP] = {"gap", 64},
    [AMOUNT_WAY_GAP_WITHIN] = {"gap", 64},
    [AMOUNT_PAYLOAD] = {"meta.packet.payload_len", 16},
    [AMOUNT_PAYLOAD_WITHIN] = {"meta.packet.payload_len", 16},
    [AMOUNT_FLAG] = {"flags", 8},
    [AMOUNT_FLAGS] = {"flags", 8},
    [AMOUNT_WINDOW] = {"meta.packet.tcp_window", 16},
    [AMOUNT_TTL] = {"meta.packet.ttl", 8},
    [AMOUNT_DSCP] = {"meta.packet.dscp", 6},
    [AMOUNT_WAY] = {"meta.forward", 1},
    [AMOUNT_TS] = {"meta.packet.ts", 64},
    [AMOUNT_DESCRIBED] = {"(meta.packet.transport_unknown ? 1w0 : 1w1)", 1},
    [AMOUNT_IS_TCP] = {"(is_tcp ? 1w1 : 1w0)", 1},
};

static const char *const ways[] = {[WAY_BWD] = "bwd_", [WAY_FWD] = "fwd_", [WAY_BOTH] = ""};

/* A count of some packets: a register of slots, and a variable of this name. */
struct cell {
    const struct flow_count *count;
    enum flow_way way;
    unsigned place; /* of a packet, from 1; 0: not of one alone */
    char *name;
};

struct cells {
    size_t n;
    struct cell *cells;
};

static void add_helpers(struct cells *x, const struct model *m)
{
    for (size_t i = 0; i < n_flow_counts; i++)
        for (enum flow_way way = WAY_BWD; way <= WAY_BOTH; way++) {
            const struct flow_count *const c = &flow_counts[i];
            if (c->shape != COUNT_HELPER || !flow_count_needed(c, way, m))
                continue;
            struct textbuf name = {0};
            textbuf_printf(&name, "%s%s", ways[way], c->name);
            x->cells[x->n++] = (struct cell){c, way, 0, name.p};
        }
}

/* Those of the features, in the model's order; behind them the helpers. */
static struct cells make_cells(const struct plan *p)
{
    struct cells x = {.cells = mem_alloc(p->m->n_features + 3 * n_flow_counts, sizeof *x.cells)};

    for (size_t i = 0; i < p->m->n_features; i++) {
        const char *const feature = p->m->features[i].name;
        struct cell c = {.place = feature_number(feature)};
        if (!field_of_flow(feature))
            continue;
        c.count = flow_count_of(feature, &c.way);
        if (c.count->how != COUNT_PLACE)
            c.place = 0;
        if (c.count->bits == 0)
            continue;
        c.name = mem_string(p->names[i], strlen(p->names[i]));
        x.cells[x.n++] = c;
    }
    add_helpers(&x, p->m);
    return x;
}

static void free_cells(struct cells *x)
{
    for (size_t i = 0; i < x->n; i++)
        free(x->cells[i].name);
    free(x->cells);
}

static void put_registers(const struct plan *p, const struct cells *x)
{
    out_text(p->out, "    // Of a flow's first packets.\n"
                     "    register<bit<16>>(SLOTS) slot_bwd_packets;\n"
                     "    register<bit<16>>(SLOTS) slot_fwd_packets;\n");
    for (size_t i = 0; i < x->n; i++)
        out_printf(p->out, "    register<bit<%u>>(SLOTS) slot_%s;\n", x->cells[i].count->bits,
                   x->cells[i].name);
}

/* The variables, with what a flow begins with. */
static void put_variables(const struct plan *p, const struct cells *x)
{
    out_text(p->out, "        bit<16> bwd_packets = 0;\n        bit<16> fwd_packets = 0;\n");
    for (size_t i = 0; i < x->n; i++) {
        const struct flow_count *const c = x->cells[i].count;
        out_printf(p->out, "        bit<%u> %s = ", c->bits, x->cells[i].name);
        if (c->how == COUNT_LEAST)
            out_printf(p->out, "~%uw0;\n", c->bits);
        else
            out_text(p->out, "0;\n");
    }
}

static void put_reads(const struct plan *p, const struct cells *x)
{
    out_text(p->out, "            if (!meta.first) {\n"
                     "                slot_bwd_packets.read(bwd_packets, meta.slot);\n"
                     "                slot_fwd_packets.read(fwd_packets, meta.slot);\n");
    for (size_t i = 0; i < x->n; i++)
        out_printf(p->out, "                slot_%s.read(%s, meta.slot);\n", x->cells[i].name,
                   x->cells[i].name);
    out_text(p->out, "            }\n");
}

/* Whether a packet brings such an amount to a count of these packets. */
static bool brings(const struct cells *x, enum count_amount amount, enum flow_way way)
{
    for (size_t i = 0; i < x->n; i++)
        if (x->cells[i].count->amount == amount && x->cells[i].way == way)
            return true;
    return false;
}

static bool brings_any(const struct cells *x, enum count_amount amount)
{
    return brings(x, amount, WAY_BWD) || brings(x, amount, WAY_FWD) || brings(x, amount, WAY_BOTH);
}

/* What the amounts and conditions are made from. */
static void put_amounts(const struct plan *p, const struct cells *x)
{
    out_text(p->out, "            bit<16> packets = bwd_packets + fwd_packets;\n");
    if (brings_any(x, AMOUNT_GAP))
        out_text(p->out, "            bit<64> gap = span(meta.packet.ts, meta.last_ts);\n");
    for (enum flow_way way = WAY_BWD; way <= WAY_FWD; way++)
        if (brings(x, AMOUNT_WAY_GAP, way) || brings(x, AMOUNT_WAY_GAP_WITHIN, way))
            out_printf(p->out, "            bit<64> %sgap = span(meta.packet.ts, %slast);\n",
                       ways[way], ways[way]);
    if (brings_any(x, AMOUNT_FLAG) || brings_any(x, AMOUNT_FLAGS))
        out_text(p->out, "            bit<8> flags = meta.packet.tcp_unknown ? 8w0 : "
                         "meta.packet.tcp_flags;\n");
    if (brings_any(x, AMOUNT_IS_TCP))
        out_text(p->out, "            bool is_tcp = meta.packet.tcp_hdr_len > 0 && "
                         "!meta.packet.tcp_unknown;\n");
}

/* The condition under which a packet counts. */
static void put_condition(const struct cell *c, struct textbuf *t)
{
    const char *const way = ways[c->way];

    switch (c->count->when) {
    case WHEN_NOT_FIRST:
        textbuf_put(t, " && packets > 0");
        break;
    case WHEN_NOT_FIRST_OF_WAY:
        textbuf_printf(t, " && %spackets > 0", way);
        break;
    case WHEN_FIRST_OF_WAY:
        textbuf_printf(t, " && %spackets == 0", way);
        break;
    case WHEN_FIRST_TCP_OF_WAY:
        textbuf_printf(t, " && is_tcp && %sheaders == 0", way);
        break;
    case WHEN_DESCRIBED:
        textbuf_put(t, " && !meta.packet.transport_unknown");
        break;
    default:
        break;
    }
    if (c->place)
        textbuf_printf(t, " && packets == %u", c->place - 1);
    if (c->way != WAY_BOTH)
        textbuf_printf(t, " && meta.forward == %d", c->way);
}

/* The amount, of the cell's width. */
static void put_amount(const struct cell *c, struct textbuf *t)
{
    const struct flow_count *const of = c->count;
    const unsigned long long low = of->low, high = of->high;
    struct textbuf amount = {0};

    if (of->amount == AMOUNT_WAY_GAP || of->amount == AMOUNT_WAY_GAP_WITHIN)
        textbuf_put(&amount, ways[c->way]);
    textbuf_put(&amount, amounts[of->amount].text);
    if (of->amount == AMOUNT_FLAG)
        textbuf_printf(t, "(bit<%u>)%s[%llu:%llu]", of->bits, amount.p, low, low);
    else if (of->high)
        textbuf_printf(t, "(%s >= %llu && %s <= %llu ? %uw1 : %uw0)", amount.p, low, amount.p, high,
                       of->bits, of->bits);
    else if (of->bits != amounts[of->amount].bits)
        textbuf_printf(t, "(bit<%u>)%s", of->bits, amount.p);
    else
        textbuf_put(t, amount.p);
    free(amount.p);
}

/* A packet's change of a cell. */
static void put_change(const struct plan *p, const struct cell *c)
{
    struct textbuf condition = {0}, amount = {0};
    const char *const name = c->name;

    put_condition(c, &condition);
    put_amount(c, &amount);
    if (c->count->how == COUNT_LEAST || c->count->how == COUNT_GREATEST)
        textbuf_printf(&condition, " && %s %c %s", amount.p,
                       c->count->how == COUNT_LEAST ? '<' : '>', name);
    if (condition.p)
        out_printf(p->out, "                if (%s) {\n    ", condition.p + strlen(" && "));
    out_printf(p->out, "                %s = ", name);
    if (c->count->how == COUNT_SUM || c->count->how == COUNT_BITS)
        out_printf(p->out, "%s %c ", name, c->count->how == COUNT_SUM ? '+' : '|');
    out_printf(p->out, "%s;\n", amount.p);
    if (condition.p)
        out_text(p->out, "                }\n");
    free(condition.p);
    free(amount.p);
}

/* Counts one of the first packets. */
static void put_count(const struct plan *p, const struct cells *x)
{
    out_text(p->out, "            if (packets < FIRST_PACKETS) {\n");
    for (size_t i = 0; i < x->n; i++)
        put_change(p, &x->cells[i]);
    out_text(p->out, "                packets = packets + 1;\n"
                     "                if (meta.forward == 1) {\n"
                     "                    fwd_packets = fwd_packets + 1;\n"
                     "                } else {\n"
                     "                    bwd_packets = bwd_packets + 1;\n                }\n"
                     "                slot_bwd_packets.write(meta.slot, bwd_packets);\n"
                     "                slot_fwd_packets.write(meta.slot, fwd_packets);\n");
    for (size_t i = 0; i < x->n; i++)
        out_printf(p->out, "                slot_%s.write(meta.slot, %s);\n", x->cells[i].name,
                   x->cells[i].name);
    out_text(p->out, "            }\n");
}

/* Under which condition the value of a count is known; NULL: always. */
static char *known(const struct flow_count *c, enum flow_way way)
{
    struct textbuf t = {0};

    switch (c->known) {
    case KNOWN_PACKET:
        if (way != WAY_BOTH)
            textbuf_printf(&t, "%spackets > 0", ways[way]);
        break;
    case KNOWN_SECOND:
        textbuf_printf(&t, "%spackets > 1", ways[way]);
        break;
    case KNOWN_DESCRIBED:
        textbuf_printf(&t, "%sdescribed > 0", ways[way]);
        break;
    case KNOWN_HEADER:
        textbuf_printf(&t, "%sheaders > 0", ways[way]);
        break;
    default:
        break;
    }
    return t.p;
}

/* The assignment of feature i; without a value it has the model's missing one, or leaves the flow
 * without a verdict. */
static void put_feature(const struct plan *p, size_t i)
{
    const struct model *const m = p->m;
    enum flow_way way = WAY_BOTH;
    const struct flow_count *const c = flow_count_of(m->features[i].name, &way);
    char *const condition = known(c, way);

    out_printf(p->out, "            meta.features.%s = (bit<%u>)", p->names[i], plan_bits(p, i));
    if (c->how == COUNT_SPAN)
        out_printf(p->out, "span(%slast, %searliest);\n", ways[way], ways[way]);
    else if (c->how == COUNT_PACKETS)
        out_printf(p->out, "%spackets;\n", ways[way]);
    else
        out_printf(p->out, "%s;\n", p->names[i]);
    if (condition && m->has_missing)
        out_printf(p->out,
                   "            if (!(%s)) {\n                meta.features.%s = %llu;\n"
                   "            }\n",
                   condition, p->names[i], (unsigned long long)field_missing(m, i));
    else if (condition)
        out_printf(p->out,
                   "            if (!(%s)) {\n                meta.known = false;\n"
                   "            }\n",
                   condition);
    free(condition);
}

void first_write(const struct plan *p)
{
    struct cells x = make_cells(p);

    out_text(
        p->out,
        "\n// Sets the features, which are counted over the flow's first packets, and counts the "
        "packet.\n// meta.known is false before all of these came, or where one of the "
        "features has no value.\n"
        "control Compute(inout headers_t hdr, inout metadata_t meta) {\n");
    put_registers(p, &x);
    out_text(p->out, "\n    apply {\n");
    put_variables(p, &x);
    out_text(p->out, "\n        FindSlot.apply(meta);\n        FollowFlow.apply(meta);\n"
                     "        if (!meta.collision) {\n");
    put_reads(p, &x);
    put_amounts(p, &x);
    put_count(p, &x);
    out_text(p->out, "            meta.known = packets >= FIRST_PACKETS;\n");
    for (size_t i = 0; i < p->m->n_features; i++)
        if (field_of_flow(p->m->features[i].name))
            put_feature(p, i);
        else
            feature_write(p, i);
    out_text(p->out, "        }\n    }\n}\n");
    free_cells(&x);
}
