#include "program.h"

#include "entries_limit.h"
#include "feature.h"
#include "mem.h"
#include "parts.h"
#include "plan.h"
#include "report.h"

#include <stdlib.h>
#include <string.h>

/* Features of a report: BMv2 has room for 512 bytes more than a packet had, and stops where headers
 * need more. */
enum { REPORT_ROOM = (512 - 14 - REPORT_FIXED) / 8 };

unsigned plan_bits(const struct plan *p, size_t feature)
{
    const unsigned registered = feature_find(p->m->features[feature].name)->bits;
    const unsigned key = p->m->features[feature].bits;

    return key > registered ? key : registered;
}

void plan_comment(const struct plan *p, const char *text)
{
    for (; *text; text++)
        out_bytes(p->out, (unsigned char)*text < ' ' || *text == '\\' ? "?" : text, 1);
}

static void put_heading(const struct plan *p)
{
    const struct model *const m = p->m;

    out_text(p->out, "// A P4 program that classifies packets as a decision tree does.\n//\n"
                     "// Made by dt2p4 " WEIR_VERSION "; the model by: ");
    plan_comment(p, m->made);
    out_printf(p->out, "\n// %zu tree%s; the verdicts:\n", m->n_trees, m->n_trees == 1 ? "" : "s");
    for (size_t i = 0; i < m->n_classes; i++) {
        out_printf(p->out, "//   %zu ", i + 1);
        plan_comment(p, m->classes[i].name);
        out_text(p->out, " .\n");
    }
    out_text(p->out, "//   0 no verdict\n\n#include <core.p4>\n#include <v1model.p4>\n\n");
}

static void put_constants(const struct plan *p)
{
    if (p->has_flows)
        out_printf(p->out,
                   "const bit<32> SLOTS = %llu;\n"
                   "const bit<64> IDLE = %llu; // ns after which a slot may be another flow's\n",
                   (unsigned long long)p->o->slots, (unsigned long long)p->o->idle * 1000000000ULL);
    if (p->of_flows)
        out_printf(p->out,
                   "const bit<16> FIRST_PACKETS = %llu; // of a flow, which its features are of\n",
                   (unsigned long long)p->o->classifier.first_packets);
    if (p->reports)
        out_printf(p->out,
                   "const bit<32> MODEL = 0x%08x; // which model this is\n"
                   "const bit<32> REPORT_SESSION = 100; // mirroring_add 100 PORT\n"
                   "const bit<8> REPORT_FIRST = 1;\nconst bit<8> REPORT_COLLISION = 2;\n"
                   "#ifdef TEST_TS\nconst bit<8> REPORT_SHIM = 8;\n#endif\n"
                   "const bit<32> INGRESS_CLONE = 1;\n",
                   report_fingerprint(p->m));
    out_text(p->out, "\n");
}

static void put_part(const struct plan *p, const char *part)
{
    out_text(p->out, "\n");
    out_text(p->out, part);
}

static void put_headers(const struct plan *p)
{
    if (p->needs & NEED_TRANSPORT)
        put_part(p, part_tcp);
    if (p->reports)
        report_header_write(p);
    out_text(p->out, "\nstruct headers_t {\n");
    if (p->reports)
        out_text(p->out, "    ethernet_t report_ethernet;\n    report_t report;\n");
    out_text(p->out, "    ethernet_t ethernet;\n#ifdef TEST_TS\n    shim_t shim;\n#endif\n"
                     "    tag_t[4] tags;\n    ipv4_t ipv4;\n    ipv4_options_t ipv4_options;\n"
                     "    ipv6_t ipv6;\n    extension_t[4] extensions;\n    ports_t ports;\n");
    if (p->needs & NEED_TRANSPORT)
        out_text(p->out, "    tcp_t tcp;\n");
    out_text(p->out, "}\n");
}

static void put_packet_type(const struct plan *p)
{
    out_text(p->out,
             "\n// A packet, as its headers say. What is in the field list 1 reaches the reports.\n"
             "struct packet_t {\n    bool is_ip;\n    @field_list(1) bit<64> ts;\n"
             "    @field_list(1) bit<32> sequence;\n    @field_list(1) bit<128> src;\n"
             "    @field_list(1) bit<128> dst;\n    @field_list(1) bit<16> src_port;\n"
             "    @field_list(1) bit<16> dst_port;\n    @field_list(1) bit<16> vlan;\n"
             "    @field_list(1) bit<8> proto;\n    @field_list(1) bit<4> ip_version;\n"
             "    bit<16> len;\n    bit<6> dscp;\n    bit<8> ttl;\n");
    if (p->needs & NEED_TRANSPORT)
        out_text(p->out, "    bool transport_unknown;\n    bit<16> payload_len;\n"
                         "    bool tcp_unknown;\n    bit<8> tcp_flags;\n    bit<16> tcp_window;\n"
                         "    bit<6> tcp_hdr_len;\n");
    out_text(p->out, "}\n");
}

static void put_feature_types(const struct plan *p)
{
    out_text(p->out, "\nstruct features_t {\n");
    for (size_t i = 0; i < p->m->n_features; i++)
        out_printf(p->out, "    @field_list(1) bit<%u> %s;\n", plan_bits(p, i), p->names[i]);
    out_text(p->out, "}\n\n// The features as the tables take them.\nstruct keys_t {\n");
    for (size_t i = 0; i < p->m->n_features; i++)
        out_printf(p->out, "    bit<%u> %s;\n", p->m->features[i].bits, p->names[i]);
    out_text(p->out, "}\n");
}

/* What the tables write: codes, or votes of a forest. */
static void put_table_types(const struct plan *p)
{
    const struct entry_table *const last = &p->tables->tables[p->tables->n_tables - 1];

    if (p->o->entries.encoding == ENCODING_CODED) {
        out_text(p->out, "\nstruct codes_t {\n");
        for (size_t i = 0; i < last->n_fields; i++)
            out_printf(p->out, "    bit<%u> %s;\n", last->fields[i].bits, last->fields[i].name);
        out_text(p->out, "}\n");
    }
    if (p->m->n_trees > 1) {
        out_text(p->out, "\nstruct sums_t {\n");
        for (size_t i = 0; i < last->n_params; i++)
            out_printf(p->out, "    bit<32> %s;\n", last->params[i].name);
        out_text(p->out, "}\n");
    }
}

static void put_metadata(const struct plan *p)
{
    put_packet_type(p);
    put_feature_types(p);
    put_table_types(p);
    out_text(p->out,
             "\nstruct metadata_t {\n    // How far the packet has been read.\n"
             "    bit<16> type;\n    bit<8> proto;\n    bit<32> ip_at;      // bytes before IP\n"
             "    bit<32> extension;  // bytes of this header\n"
             "    bit<32> extensions; // bytes of all of them\n"
             "    bit<32> wire;       // bytes that the IP packet has behind them, as it says\n"
             "    bool is_ipv6;\n    bit<13> fragment_offset; // of 8 bytes\n    bit<1> "
             "more_fragments;\n    bool whole;\n\n"
             "    packet_t packet;\n    features_t features;\n    keys_t keys;\n");
    if (p->o->entries.encoding == ENCODING_CODED)
        out_text(p->out, "    codes_t codes;\n");
    if (p->m->n_trees > 1)
        out_text(p->out, "    sums_t sums;\n    bool any_votes;\n");
    if (p->has_flows)
        out_text(p->out, "\n    bit<32> slot;\n    bit<48> fingerprint;\n"
                         "    bit<1> from_high; // the sender is the higher (address, port)\n"
                         "    bool first;       // of its flow\n");
    if (p->of_flows)
        out_text(p->out, "    bit<1> forward;   // as the flow's first packet\n"
                         "    bit<64> last_ts;  // the flow's latest time before the packet\n");
    out_text(p->out, "\n    bool collision; // the slot belongs to another flow\n"
                     "    bool known;     // the features are\n    bit<1> dropped;\n"
                     "    @field_list(1) bit<16> class;\n    @field_list(1) bit<8> flags;\n}\n\n");
}

static void put_ingress(const struct plan *p)
{
    out_printf(p->out,
               "\ncontrol Incoming(inout headers_t hdr, inout metadata_t meta,\n"
               "                 inout standard_metadata_t standard) {\n"
               "    counter(%zu, CounterType.packets_and_bytes) verdicts; // by class\n"
               "    counter(1, CounterType.packets_and_bytes) not_ip;\n\n    apply {\n"
               "        Describe.apply(hdr, meta, standard);\n"
               "        if (meta.packet.is_ip) {\n",
               p->m->n_classes + 1);
    if (p->needs & NEED_TRANSPORT)
        out_text(p->out, "            DescribeTransport.apply(hdr, meta);\n");
    out_text(p->out, "            Compute.apply(hdr, meta);\n            if (meta.known) {\n"
                     "                Classify.apply(meta);\n            }\n"
                     "            verdicts.count((bit<32>)meta.class);\n        } else {\n"
                     "            not_ip.count(0);\n        }\n"
                     "        Forward.apply(hdr, standard);\n");
    if (p->drops || p->sets_dscp)
        out_text(p->out, "        React.apply(hdr, meta, standard);\n");
    if (p->reports)
        out_text(p->out, "        if (meta.packet.is_ip) {\n"
                         "            Report.apply(hdr, meta);\n        }\n");
    out_text(p->out, "    }\n}\n");
}

static void put_program(const struct plan *p)
{
    put_heading(p);
    put_constants(p);
    out_text(p->out, part_headers);
    put_headers(p);
    put_metadata(p);
    out_text(p->out, part_parser);
    out_text(p->out, p->needs & NEED_TRANSPORT ? part_parser_tcp : part_parser_end);
    put_part(p, part_describe);
    if (p->needs & NEED_TRANSPORT)
        put_part(p, part_transport);
    if (p->needs & NEED_ELAPSED)
        put_part(p, part_elapsed);
    if (p->needs & NEED_CHANGE)
        put_part(p, part_change);
    if (p->has_flows)
        put_part(p, part_slot);
    if (p->of_flows) {
        put_part(p, part_follow);
        first_write(p);
    } else {
        state_write(p);
    }
    tables_write(p);
    put_part(p, part_forward);
    if (p->sets_dscp)
        put_part(p, part_dscp);
    reaction_write(p);
    report_write(p);
    put_ingress(p);
    egress_write(p);
    put_part(p, part_end);
}

static void name_features(struct plan *p)
{
    p->names = mem_alloc(p->m->n_features, sizeof *p->names);
    for (size_t i = 0; i < p->m->n_features; i++)
        p->names[i] = entries_identifier(p->m->features[i].name);
}

static void free_names(struct plan *p)
{
    for (size_t i = 0; i < p->m->n_features; i++)
        free(p->names[i]);
    free(p->names);
}

bool program_write(const struct classifier *c, const void *options, struct out *out, struct err *e)
{
    const struct options *const o = options;
    const struct model *const m = c->m;
    const unsigned needs = fields_need(&fields, m, e);
    struct entries *const tables =
        needs && classifier_report_fits(&o->classifier, m, REPORT_ROOM, e)
            ? entries_build(m, &o->entries, e)
            : NULL;

    if (!tables)
        return false;
    if (!entries_fit(m, tables, &o->entries, entries_total(tables), o->max_entries, e)) {
        entries_free(tables);
        return false;
    }
    struct plan p = {
        .m = m,
        .o = o,
        .reactions = c->reactions,
        .tables = tables,
        .needs = needs,
        .of_flows = needs & NEED_FIRST,
        .has_flows = (needs & NEED_FLOW) || classifier_follows_flows(&o->classifier),
        .reports = o->classifier.report != REPORT_NONE,
        .sets_dscp = reactions_mark(c->reactions, m->n_classes),
        .drops = reactions_drop(c->reactions, m->n_classes),
        .out = out,
    };
    name_features(&p);
    put_program(&p);
    free_names(&p);
    entries_free(tables);
    return true;
}
