#include "program.h"

#include "fields.h"
#include "parts.h"
#include "report.h"
#include "shape.h"
#include "tallies.h"
#include "trees.h"

#include <stdlib.h>
#include <string.h>

/* What a program is made from, and what it therefore has to have. */
struct program {
    const struct model *m;
    const struct options *o;
    const struct reaction *reactions;
    unsigned needs;
    bool sets_dscp;
    struct out *out;
};

static bool reports(const struct program *p)
{
    return p->o->classifier.report != REPORT_NONE;
}

static bool has_flows(const struct program *p)
{
    return (p->needs & NEED_FLOW) || classifier_follows_flows(&p->o->classifier);
}

/* Whether its verdicts are of flows, each once: not of packets. */
static bool is_of_flows(const struct program *p)
{
    return p->needs & NEED_FIRST;
}

/* A text in a comment: nothing in it may end the comment, or begin one. */
static void put_comment_text(struct out *out, const char *text)
{
    for (; *text; text++) {
        out_bytes(out, text, 1);
        if ((text[0] == '*' && text[1] == '/') || (text[0] == '/' && text[1] == '*'))
            out_text(out, " ");
    }
}

static void put_heading(const struct program *p)
{
    const struct model *const m = p->m;

    out_text(p->out, "/* An XDP program that classifies packets as a decision tree does.\n *\n"
                     " * Made by dt2xdp " WEIR_VERSION "; the model by: ");
    put_comment_text(p->out, m->made);
    out_printf(p->out, "\n * %zu tree%s; the verdicts:\n", m->n_trees, m->n_trees == 1 ? "" : "s");
    for (size_t i = 0; i < m->n_classes; i++) {
        out_printf(p->out, " *   %zu ", i + 1);
        put_comment_text(p->out, m->classes[i].name);
        out_text(p->out, "\n");
    }
    out_text(p->out, " *   0 no verdict\n */\n");
}

static void put_constants(const struct program *p)
{
    out_printf(p->out,
               "\nenum {\n    CLASSES = %zu,\n    FEATURES = %zu,\n    FLOWS = %llu,\n"
               "    RING_BYTES = %llu,\n",
               p->m->n_classes, p->m->n_features, (unsigned long long)p->o->flows,
               (unsigned long long)p->o->ring_bytes);
    if (is_of_flows(p))
        out_printf(p->out, "    FIRST_PACKETS = %llu,\n",
                   (unsigned long long)p->o->classifier.first_packets);
    out_printf(p->out, "};\n\n#define MODEL 0x%08xu /* which model this is */\n",
               report_fingerprint(p->m));
}

static void put_part(const struct program *p, const char *part)
{
    out_text(p->out, "\n");
    out_text(p->out, part);
}

/* The flows, and what is kept of each: its last packets, or what is counted of its first ones. */
static void put_flows(const struct program *p)
{
    put_part(p, part_flow);
    if (!is_of_flows(p)) {
        put_part(p, part_last);
        put_part(p, part_find);
        return;
    }
    put_part(p, part_first_state);
    tallies_state(p->m, p->out);
    out_text(p->out, part_find);
    put_part(p, part_ends);
    put_part(p, part_amounts);
    tallies_functions(p->m, p->out);
    put_part(p, part_follow);
}

/* The functions that the features' values call. */
static void put_helpers(const struct program *p)
{
    static const struct {
        unsigned needs;
        const char *part;
    } helpers[] = {
        {NEED_BOTH_TS, part_latest},
        {NEED_ELAPSED, part_elapsed},
        {NEED_CHANGE, part_change},
    };

    for (size_t k = 0; k < sizeof helpers / sizeof *helpers; k++)
        if (p->needs & helpers[k].needs)
            put_part(p, helpers[k].part);
}

static void put_features(const struct program *p)
{
    out_text(p->out, "\nstruct features {\n");
    for (size_t i = 0; i < p->m->n_features; i++)
        out_printf(p->out, "    __u64 %s;\n", p->m->features[i].name);
    out_text(p->out, "};\n");
    put_part(p, part_features);
    out_text(p->out, "\n/* Sets the features; false where one of them is not known. */\n"
                     "static __always_inline bool compute(const struct packet *p");
    if (p->needs & NEED_FLOW)
        out_text(p->out, ", const struct flow_state *s,\n                                    "
                         "bool forward");
    if (p->needs & NEED_CAPTURE)
        out_text(p->out, ", const struct state *c");
    out_text(p->out, ",\n                                    struct features *f)\n{\n");
}

/* The assignment of a feature of packets; one that a broken header hides has the model's missing
 * value. */
static void put_packet_feature(const struct program *p, size_t i)
{
    const char *const name = p->m->features[i].name;
    const char *const value = field_value(&fields, name);

    out_printf(p->out, "    f->%s = ", name);
    if ((field_needs(name) & (NEED_HEADER | NEED_TCP)) && p->m->has_missing)
        out_printf(p->out, "p->%s ? %llu : ",
                   field_needs(name) & NEED_TCP ? "tcp_unknown" : "transport_unknown",
                   (unsigned long long)field_missing(p->m, i));
    out_printf(p->out, "%s;\n", value);
}

/* The same of one of flows, whose value may be missing in a direction. */
static void put_flow_feature(const struct program *p, size_t i)
{
    const char *const name = p->m->features[i].name;
    struct textbuf value = {0}, known = {0};

    tally_value(name, &value);
    tally_known(name, &known);
    out_printf(p->out, "    f->%s = ", name);
    if (known.p && p->m->has_missing)
        out_printf(p->out, "%s ? %s : %llu;\n", known.p, value.p,
                   (unsigned long long)field_missing(p->m, i));
    else
        out_printf(p->out, "%s;\n", value.p);
    free(value.p);
    free(known.p);
}

/* The conditions under which all features of flows are known, each once. */
static void put_flow_known(const struct program *p)
{
    struct textbuf all = {0};

    for (size_t i = 0; i < p->m->n_features && !p->m->has_missing; i++) {
        struct textbuf known = {0};
        if (field_of_flow(p->m->features[i].name))
            tally_known(p->m->features[i].name, &known);
        if (known.p && (!all.p || !strstr(all.p, known.p)))
            textbuf_printf(&all, " &&\n           %s", known.p);
        free(known.p);
    }
    out_text(p->out, all.p ? all.p : "");
    free(all.p);
}

static void put_compute(const struct program *p)
{
    put_features(p);
    for (size_t i = 0; i < p->m->n_features; i++)
        if (field_of_flow(p->m->features[i].name))
            put_flow_feature(p, i);
        else
            put_packet_feature(p, i);
    out_text(p->out, "    return true");
    put_flow_known(p);
    if (p->needs & NEED_BOTH)
        out_text(p->out, " && (s->seen[0] || s->seen[1])");
    if (p->needs & NEED_SAME)
        out_text(p->out, " && s->seen[forward]");
    if (p->needs & NEED_CAPTURE)
        out_text(p->out, " && c->begun");
    if ((p->needs & NEED_HEADER) && !p->m->has_missing)
        out_text(p->out, " && !p->transport_unknown");
    if ((p->needs & NEED_TCP) && !p->m->has_missing)
        out_text(p->out, " && !p->tcp_unknown");
    out_text(p->out, ";\n}\n");
}

static void put_reactions(const struct program *p)
{
    out_text(p->out, "\n/* What becomes of a packet of a class. */\n"
                     "static __always_inline int react(struct xdp_md *ctx, "
                     "const struct packet *p,\n                                __u32 class)\n{\n"
                     "    switch (class) {\n");
    for (size_t i = 0; i < p->m->n_classes; i++) {
        const struct reaction *const r = &p->reactions[i];
        if (!r->drop && r->dscp == DSCP_NONE)
            continue;
        out_printf(p->out, "    case %zu: /* ", i + 1);
        put_comment_text(p->out, p->m->classes[i].name);
        if (r->drop)
            out_text(p->out, " */\n        return XDP_DROP;\n");
        else
            out_printf(p->out, " */\n        set_dscp(ctx, p, %u);\n        break;\n", r->dscp);
    }
    out_text(p->out, "    }\n    return XDP_PASS;\n}\n");
}

static void put_compute_call(const struct program *p)
{
    out_printf(p->out, "compute(&p%s%s, f)", p->needs & NEED_FLOW ? ", s, forward" : "",
               p->needs & NEED_CAPTURE ? ", c" : "");
}

/* A flow that has its class is reported with its features, which are computed for that alone. */
static void put_report_call(const struct program *p)
{
    static const char *const when[] = {
        [REPORT_ALL] = "",
        [REPORT_CHANGE] = "    if (s->verdict != class + 1) {\n",
        [REPORT_FIRST_VERDICT] = "    if (class && !s->verdict) {\n",
    };
    const bool chosen = classifier_follows_flows(&p->o->classifier);
    const char *const indent = chosen ? "    " : "";

    out_text(p->out, when[p->o->classifier.report]);
    if (is_of_flows(p)) {
        out_printf(p->out, "%s    ", indent);
        put_compute_call(p);
        out_text(p->out, ";\n");
    }
    out_printf(p->out,
               "%s    report(&p, f, next_number(&p, c), class,\n%s           (known ? 0 : "
               "REPORT_FIRST) | (action == XDP_DROP ? REPORT_DROPPED : 0));\n",
               indent, indent);
    if (chosen)
        out_text(p->out, "        s->verdict = class + 1;\n    }\n");
}

static void put_number(const struct program *p)
{
    if (!reports(p))
        return;
    out_text(p->out,
             "\n/* The number of a report: gaps tell of lost ones. */\n"
             "static __always_inline __u32 next_number(const struct packet *p, struct state *c)\n"
             "{\n#ifdef TEST_TS\n    return p->sequence;\n#else\n"
             "    return __sync_fetch_and_add(&c->sequence, 1);\n#endif\n}\n");
}

static void put_lookups(const struct program *p)
{
    out_text(p->out, "    struct state *const c = bpf_map_lookup_elem(&states, &zero);\n"
                     "    struct features *const f = bpf_map_lookup_elem(&features, &zero);\n"
                     "    if (!c || !f)\n        return XDP_PASS;\n");
    if (!has_flows(p))
        return;
    out_text(p->out, "    bool forward = true;\n"
                     "    struct flow_state *const s = find_flow(&p, &forward);\n"
                     "    if (!s) {\n        count(COUNT_NO_FLOW, bytes);\n"
                     "        return XDP_PASS;\n    }\n");
}

/* Takes the packet into what is kept, and sets known and class. */
static void put_verdict(const struct program *p)
{
    out_text(p->out, is_of_flows(p) ? "    const bool known = follow_flow(s, &p, &forward) && "
                                      "(has_class(s) || "
                                    : "    const bool known = ");
    put_compute_call(p);
    if (is_of_flows(p)) {
        out_text(p->out, ");\n    const __u32 class = known ? class_of(s, f) : 0;\n");
        return;
    }
    out_text(p->out, ";\n");
    if (has_flows(p))
        out_text(p->out, "    remember_in_flow(s, &p, forward);\n");
    if (p->needs & NEED_CAPTURE)
        out_text(p->out, "    remember_in_capture(c, &p);\n");
    out_text(p->out, "    const __u32 class = known ? classify(f) : 0;\n");
}

static void put_main(const struct program *p)
{
    out_text(p->out, "\nSEC(\"xdp\")\nint weir(struct xdp_md *ctx)\n{\n"
                     "    const __u32 bytes = bpf_xdp_get_buff_len(ctx);\n"
                     "    struct packet p = {.ts = bpf_ktime_get_ns(), .frame_len = bytes};\n"
                     "    const __u32 zero = 0;\n\n"
                     "    if (!read_packet(ctx, &p)) {\n        count(COUNT_NOT_IP, bytes);\n"
                     "        return XDP_PASS;\n    }\n");
    put_lookups(p);
    put_verdict(p);
    out_text(p->out, "    const int action = react(ctx, &p, class);\n"
                     "    count(class, bytes);\n");
    if (reports(p))
        put_report_call(p);
    out_text(p->out, "    return action;\n}\n");
}

static void put_program(const struct program *p)
{
    put_heading(p);
    out_text(p->out, part_head);
    put_constants(p);
    put_part(p, part_packet);
    put_part(p, part_state);
    if (has_flows(p))
        put_flows(p);
    if (p->needs & NEED_CAPTURE)
        put_part(p, part_capture);
    put_helpers(p);
    put_compute(p);
    trees_write(p->m, p->o->code, p->out);
    if (is_of_flows(p))
        put_part(p, part_class);
    if (reports(p))
        put_part(p, part_report);
    if (p->sets_dscp)
        put_part(p, part_dscp);
    put_reactions(p);
    put_number(p);
    put_main(p);
}

bool program_write(const struct classifier *c, const void *options, struct out *out, struct err *e)
{
    struct program p = {
        .m = c->m,
        .o = options,
        .reactions = c->reactions,
        .needs = fields_need(&fields, c->m, e),
        .sets_dscp = reactions_mark(c->reactions, c->m->n_classes),
        .out = out,
    };

    if (!p.needs || !classifier_report_fits(&p.o->classifier, p.m, REPORT_MAX_FEATURES, e) ||
        !shape_fits(p.m, p.o->code, e))
        return false;
    put_program(&p);
    return true;
}
