#include "tallies.h"

#include "feature.h"
#include "field.h"

#include <string.h>

/* Which features are of a tally: those of both directions and of each, of each alone, one. */
enum shape { BOTH, WAYS, WHOLE, NONE };

enum how {
    SUM,
    LEAST,
    GREATEST,
    BITS,   /* all together */
    ONCE,   /* set where `when` holds */
    PLACES, /* of each packet one */
    SPAN,   /* no member: the time between `earliest` and `last` */
    KEPT,   /* no member: every program has it */
};

/* What is not a feature, but is needed by some. */
enum helper {
    WAY_TIMES = 1 << 0,
    GAP = 1 << 1,
    WAY_GAP = WAY_TIMES | 1 << 2,
    DESCRIBED = 1 << 3,
    HEADERS = 1 << 4,
};

struct tally {
    enum feature_id id; /* the first of its features */
    enum shape shape;
    enum how how;
    const char *type, *name;
    const char *amount; /* of a packet: an expression of p, flags, way, gap, way_gap */
    const char *when;   /* NULL: of every packet */
    const char *known;  /* the member that has to be more than `least`; NULL: always known */
    unsigned least;
    unsigned helpers;
};

#define OF_LEN .known = "packets"
#define OF_PAYLOAD .known = "described", .helpers = DESCRIBED
#define OF_WAY_GAP .when = "s->packets[way] > 0", .known = "packets", .least = 1, .helpers = WAY_GAP
#define OF_GAP .when = "n > 0", .known = "packets", .least = 1, .helpers = GAP
#define FLAG(ID, name, bit)                                                                        \
    {                                                                                              \
        F_##ID, BOTH, SUM, "__u16", name, .amount = "flags >> " #bit " & 1"                        \
    }
#define PAYLOAD_BIN(N, low, high)                                                                  \
    {                                                                                              \
        F_FWD_PAYLOAD_HIST_##N, WAYS, SUM, "__u16", "payload_hist_" #N,                            \
            .amount = "within(p->payload_len, " #low ", " #high ")"                                \
    }
#define IAT_BIN(N, low, high)                                                                      \
    {                                                                                              \
        F_FWD_IAT_HIST_##N, WAYS, SUM, "__u16", "iat_hist_" #N,                                    \
            .amount = "within(way_gap / 1000000, " #low ", " #high ")",                            \
            .when = "s->packets[way] > 0", .helpers = WAY_GAP                                      \
    }

static const struct tally tallies[] = {
    {F_PACKETS, BOTH, KEPT, .name = "packets"},
    {F_BYTES, BOTH, SUM, "__u32", "bytes", .amount = "p->len"},
    {F_DURATION, BOTH, SPAN, .helpers = WAY_TIMES},
    {F_LEN_MIN, BOTH, LEAST, "__u16", "len_min", .amount = "p->len", OF_LEN},
    {F_LEN_MAX, BOTH, GREATEST, "__u16", "len_max", .amount = "p->len", OF_LEN},
    {F_IAT_MIN, WHOLE, LEAST, "__u64", "iat_min", .amount = "gap", OF_GAP},
    {F_IAT_MAX, WHOLE, GREATEST, "__u64", "iat_max", .amount = "gap", OF_GAP},
    {F_FWD_IAT_MIN, WAYS, LEAST, "__u64", "way_iat_min", .amount = "way_gap", OF_WAY_GAP},
    {F_FWD_IAT_MAX, WAYS, GREATEST, "__u64", "way_iat_max", .amount = "way_gap", OF_WAY_GAP},
    {F_PAYLOAD_MIN, BOTH, LEAST, "__u16", "payload_min", .amount = "p->payload_len",
     .when = "!p->transport_unknown", OF_PAYLOAD},
    {F_PAYLOAD_MAX, BOTH, GREATEST, "__u16", "payload_max", .amount = "p->payload_len", OF_PAYLOAD},
    {F_PAYLOAD_BYTES, BOTH, SUM, "__u32", "payload_bytes", .amount = "p->payload_len"},
    {F_PAYLOAD_PACKETS, BOTH, SUM, "__u16", "payload_packets", .amount = "p->payload_len > 0"},
    FLAG(FIN, "fin", 0),
    FLAG(SYN, "syn", 1),
    FLAG(RST, "rst", 2),
    FLAG(PSH, "psh", 3),
    FLAG(ACK, "ack", 4),
    FLAG(URG, "urg", 5),
    FLAG(ECE, "ece", 6),
    FLAG(CWR, "cwr", 7),
    {F_TCP_FLAGS_OR, BOTH, BITS, "__u8", "tcp_flags_or", .amount = "flags"},
    {F_FWD_INIT_WINDOW, WAYS, ONCE, "__u16", "init_window", .amount = "p->tcp_window",
     .when = "is_tcp && !s->headers[way]", .known = "headers", .helpers = HEADERS},
    {F_FWD_TTL_MIN, WAYS, LEAST, "__u8", "ttl_min", .amount = "p->ttl", OF_LEN},
    {F_FWD_TTL_MAX, WAYS, GREATEST, "__u8", "ttl_max", .amount = "p->ttl", OF_LEN},
    {F_FWD_DSCP_FIRST, WAYS, ONCE, "__u8", "dscp_first", .amount = "p->dscp",
     .when = "s->packets[way] == 0", OF_LEN},
    PAYLOAD_BIN(0, 1, 15),
    PAYLOAD_BIN(1, 16, 31),
    PAYLOAD_BIN(2, 32, 63),
    PAYLOAD_BIN(3, 64, 127),
    PAYLOAD_BIN(4, 128, 255),
    PAYLOAD_BIN(5, 256, 511),
    PAYLOAD_BIN(6, 512, 1023),
    PAYLOAD_BIN(7, 1024, 65535),
    IAT_BIN(0, 0, 15),
    IAT_BIN(1, 16, 31),
    IAT_BIN(2, 32, 63),
    IAT_BIN(3, 64, 127),
    IAT_BIN(4, 128, 255),
    IAT_BIN(5, 256, 511),
    IAT_BIN(6, 512, 1023),
    IAT_BIN(7, 1024, ~0ull),
    {F_LEN_N, WHOLE, PLACES, "__u16", "lens", .amount = "p->len"},
    {F_IAT_N, WHOLE, PLACES, "__u64", "gaps", .amount = "gap", .helpers = GAP},
    {F_DIR_N, WHOLE, PLACES, "__u8", "dirs", .amount = "way"},
    /* The helpers come last: what they say is of the packets before. */
    {FEATURE_COUNT, NONE, LEAST, "__u64", "earliest", .amount = "p->ts", .helpers = WAY_TIMES},
    {FEATURE_COUNT, NONE, GREATEST, "__u64", "last", .amount = "p->ts", .helpers = WAY_TIMES},
    {FEATURE_COUNT, NONE, BITS, "__u8", "described", .amount = "!p->transport_unknown",
     .helpers = DESCRIBED},
    {FEATURE_COUNT, NONE, BITS, "__u8", "headers", .amount = "is_tcp", .helpers = HEADERS},
};

enum { TALLIES = sizeof tallies / sizeof *tallies };

/* How many features are of a tally, from its id on. */
static size_t n_features(enum shape shape)
{
    static const size_t n[] = {[BOTH] = 3, [WAYS] = 2, [WHOLE] = 1, [NONE] = 0};

    return n[shape];
}

/* The tally of a feature, and where it stands among its features. */
static const struct tally *tally_of(const char *feature, size_t *place)
{
    const enum feature_id id = feature_id(feature_find(feature));

    for (size_t i = 0; i < TALLIES; i++)
        if (id >= tallies[i].id && id - tallies[i].id < n_features(tallies[i].shape)) {
            *place = id - tallies[i].id;
            return &tallies[i];
        }
    return NULL;
}

/* The tallies that a model uses, and their helpers as bits. */
struct used {
    bool is[TALLIES];
    unsigned helpers;
};

static struct used used_by(const struct model *m)
{
    struct used u = {0};

    for (size_t i = 0; i < m->n_features; i++) {
        size_t place;
        const struct tally *const t =
            field_of_flow(m->features[i].name) ? tally_of(m->features[i].name, &place) : NULL;
        if (!t)
            continue;
        u.is[t - tallies] = true;
        u.helpers |= t->helpers;
    }
    for (size_t i = 0; i < TALLIES; i++)
        if (tallies[i].shape == NONE)
            u.is[i] = (u.helpers & tallies[i].helpers) != 0;
    return u;
}

static bool has_member(const struct used *u, size_t i)
{
    return u->is[i] && tallies[i].how != SPAN && tallies[i].how != KEPT;
}

/* What stands behind the name of a member. */
static const char *index_of(const struct tally *t, const char *way)
{
    return t->how == PLACES ? "[n]" : t->shape == WHOLE ? "" : way;
}

void tallies_state(const struct model *m, struct out *out)
{
    const struct used u = used_by(m);

    for (size_t i = 0; i < TALLIES; i++)
        if (has_member(&u, i))
            out_printf(out, "    %s %s%s;\n", tallies[i].type, tallies[i].name,
                       tallies[i].how == PLACES ? "[FIRST_PACKETS]" : index_of(&tallies[i], "[2]"));
    out_text(out, "};\n\n");
}

/* A tally's first value; places and what is set once are not read before they are set. */
static void put_start(const struct tally *t, const char *way, struct out *out)
{
    if (t->how != PLACES && t->how != ONCE)
        out_printf(out, "    s->%s%s = %s;\n", t->name, index_of(t, way),
                   t->how == LEAST ? "~0" : "0");
}

static void put_begin(const struct used *u, struct out *out)
{
    out_text(out, "\nstatic __always_inline void begin_flow(struct flow_state *s, const struct "
                  "packet *p, bool high)\n{\n    s->start = s->latest = p->ts;\n"
                  "    s->begun_high = high;\n    s->closing = s->fins = 0;\n"
                  "    s->verdict = s->class = 0;\n    s->packets[0] = s->packets[1] = 0;\n");
    for (size_t i = 0; i < TALLIES; i++) {
        if (!has_member(u, i))
            continue;
        put_start(&tallies[i], "[0]", out);
        if (tallies[i].shape != WHOLE)
            put_start(&tallies[i], "[1]", out);
    }
    out_text(out, "}\n");
}

static void put_step(const struct tally *t, struct out *out)
{
    const char *const at = index_of(t, "[way]");

    if (t->when)
        out_printf(out, "    if (%s)\n    ", t->when);
    out_printf(out, "    s->%s%s ", t->name, at);
    switch (t->how) {
    case SUM:
        out_printf(out, "+= %s;\n", t->amount);
        break;
    case BITS:
        out_printf(out, "|= %s;\n", t->amount);
        break;
    case LEAST:
        out_printf(out, "= least(s->%s%s, %s);\n", t->name, at, t->amount);
        break;
    case GREATEST:
        out_printf(out, "= greatest(s->%s%s, %s);\n", t->name, at, t->amount);
        break;
    default:
        out_printf(out, "= %s;\n", t->amount);
    }
}

static void put_add(const struct used *u, struct out *out)
{
    out_text(out, "\nstatic __always_inline void add_packet(struct flow_state *s, const struct "
                  "packet *p, __u8 flags, bool way)\n{\n"
                  "    const __u32 n = s->packets[0] + s->packets[1];\n");
    if (u->helpers & GAP)
        out_text(out, "    const __u64 gap = span(p->ts, s->latest);\n");
    if ((u->helpers & WAY_GAP) == WAY_GAP)
        out_text(out, "    const __u64 way_gap = span(p->ts, s->last[way]);\n");
    if (u->helpers & HEADERS)
        out_text(out, "    const bool is_tcp = p->tcp_hdr_len > 0 && !p->tcp_unknown;\n");
    out_text(out, "\n    if (n >= FIRST_PACKETS)\n        return;\n");
    for (size_t i = 0; i < TALLIES; i++)
        if (has_member(u, i))
            put_step(&tallies[i], out);
    out_text(out, "    s->packets[way]++;\n}\n");
}

void tallies_functions(const struct model *m, struct out *out)
{
    const struct used u = used_by(m);

    put_begin(&u, out);
    put_add(&u, out);
}

/* The directions of a feature: 0 backward, 1 forward, 2 both. */
static unsigned way_of(const struct tally *t, size_t place)
{
    if (t->shape == WAYS)
        return 1 - (unsigned)place;
    return 2 - (unsigned)place;
}

/* The time between a direction's packets, or between all. */
static void put_span(unsigned way, struct textbuf *t)
{
    if (way == 2)
        textbuf_put(t, "span(greatest(s->last[0], s->last[1]), "
                       "least(s->earliest[0], s->earliest[1]))");
    else
        textbuf_printf(t, "span(s->last[%u], s->earliest[%u])", way, way);
}

void tally_value(const char *feature, struct textbuf *t)
{
    size_t place = 0;
    const struct tally *const of = tally_of(feature, &place);
    const unsigned way = way_of(of, place);
    const char *const name = of->name;

    if (of->how == SPAN)
        put_span(way, t);
    else if (of->how == PLACES)
        textbuf_printf(t, "s->%s[%u]", name, feature_number(feature) - 1);
    else if (of->shape == WHOLE)
        textbuf_printf(t, "s->%s", name);
    else if (way < 2)
        textbuf_printf(t, "s->%s[%u]", name, way);
    else if (of->how == LEAST || of->how == GREATEST)
        textbuf_printf(t, "%s(s->%s[0], s->%s[1])", of->how == LEAST ? "least" : "greatest", name,
                       name);
    else
        textbuf_printf(t, "s->%s[0] %c s->%s[1]", name, of->how == BITS ? '|' : '+', name);
}

void tally_known(const char *feature, struct textbuf *t)
{
    size_t place = 0;
    const struct tally *const of = tally_of(feature, &place);
    const unsigned way = way_of(of, place);

    if (!of->known)
        return;
    if (way < 2)
        textbuf_printf(t, "s->%s[%u] > %u", of->known, way, of->least);
    else
        textbuf_printf(t, "s->%s[0] + s->%s[1] > %u", of->known, of->known, of->least);
}
