#include "plan.h"
#include "report.h"

void reaction_write(const struct plan *p)
{
    if (!p->drops && !p->sets_dscp)
        return;
    out_text(
        p->out,
        "\n// What becomes of a packet of a class. Behind forwarding, which would undo a drop.\n"
        "control React(inout headers_t hdr, inout metadata_t meta,\n"
        "              inout standard_metadata_t standard) {\n    apply {\n");
    for (size_t i = 0; i < p->m->n_classes; i++) {
        const struct reaction *const r = &p->reactions[i];
        if (!r->drop && r->dscp == DSCP_NONE)
            continue;
        out_printf(p->out, "        if (meta.class == %zu) { // ", i + 1);
        plan_comment(p, p->m->classes[i].name);
        if (r->drop)
            out_text(p->out, "\n            mark_to_drop(standard);\n"
                             "            meta.dropped = 1;\n        }\n");
        else
            out_printf(p->out, "\n            SetDscp.apply(hdr, %u);\n        }\n", r->dscp);
    }
    out_text(p->out, "    }\n}\n");
}

void report_header_write(const struct plan *p)
{
    out_text(p->out, "\n// A report: a verdict with what it was made of, for verdicts(1).\n"
                     "header report_t {\n    bit<8> version;\n    bit<8> n_features;\n"
                     "    bit<16> class;\n    bit<32> sequence;\n    bit<64> ts;\n"
                     "    bit<32> model;\n    bit<8> flags;\n    bit<8> ip_version;\n"
                     "    bit<8> proto;\n    bit<8> zero;\n    bit<16> vlan;\n"
                     "    bit<16> src_port;\n    bit<16> dst_port;\n    bit<16> zeros;\n"
                     "    bit<128> src;\n    bit<128> dst;\n");
    for (size_t i = 0; i < p->m->n_features; i++)
        out_printf(p->out, "    bit<64> feature_%s;\n", p->names[i]);
    out_text(p->out, "}\n");
}

/* Whether the packet is one to report. */
static void put_wanted(const struct plan *p)
{
    if (p->o->classifier.report == REPORT_ALL) {
        out_text(p->out, "        wanted = true;\n");
        return;
    }
    out_text(p->out, "        // What shares a slot with another flow is only counted.\n"
                     "        if (!meta.collision) {\n"
                     "            slot_verdict.read(last, meta.slot);\n"
                     "            if (meta.first) {\n                last = 0;\n            }\n");
    if (p->o->classifier.report == REPORT_CHANGE)
        out_text(p->out, "            wanted = last != (bit<32>)meta.class + 1;\n"
                         "            last = (bit<32>)meta.class + 1;\n");
    else
        out_text(p->out, "            wanted = last == 0 && meta.class != 0;\n"
                         "            if (wanted) {\n"
                         "                last = (bit<32>)meta.class + 1;\n            }\n");
    out_text(p->out, "            slot_verdict.write(meta.slot, last);\n        }\n");
}

void report_write(const struct plan *p)
{
    if (!p->reports)
        return;
    out_text(p->out, "\n// Sends a report: a copy of the packet to the port of the clone session, "
                     "of which the egress\n// makes one.\n"
                     "control Report(inout headers_t hdr, inout metadata_t meta) {\n"
                     "    register<bit<32>>(1) sequence;\n"
                     "    counter(1, CounterType.packets) reports;\n");
    if (p->o->classifier.report != REPORT_ALL)
        out_text(p->out, "    register<bit<32>>(SLOTS) slot_verdict; // the last one, + 1\n");
    out_text(p->out, "\n    apply {\n        bool wanted = false;\n");
    if (p->o->classifier.report != REPORT_ALL)
        out_text(p->out, "        bit<32> last = 0;\n");
    out_text(p->out, "\n");
    put_wanted(p);
    out_text(p->out, "        if (wanted) {\n            reports.count(0);\n"
                     "            sequence.read(meta.packet.sequence, 0);\n"
                     "            sequence.write(0, meta.packet.sequence + 1);\n"
                     "            meta.flags = 4w0 ++ 1w0 ++ meta.dropped ++ 2w0;\n"
                     "            if (meta.collision) {\n"
                     "                meta.flags = meta.flags | REPORT_COLLISION;\n"
                     "            } else if (!meta.known) {\n"
                     "                meta.flags = meta.flags | REPORT_FIRST;\n            }\n"
                     "#ifdef TEST_TS\n            if (hdr.shim.isValid()) {\n"
                     "                meta.packet.sequence = hdr.shim.sequence;\n"
                     "                meta.flags = meta.flags | REPORT_SHIM;\n            }\n"
                     "#endif\n"
                     "            clone_preserving_field_list(CloneType.I2E, REPORT_SESSION, 1);\n"
                     "        }\n    }\n}\n");
}

static void put_report(const struct plan *p)
{
    const size_t n = p->m->n_features;

    out_printf(p->out,
               "        if (standard.instance_type == INGRESS_CLONE) {\n"
               "            hdr.report_ethernet.setValid();\n"
               "            hdr.report_ethernet = { hdr.ethernet.dst, hdr.ethernet.src, "
               "TYPE_REPORT };\n"
               "            hdr.report.setValid();\n"
               "            hdr.report.version = %d;\n            hdr.report.n_features = %zu;\n"
               "            hdr.report.class = meta.class;\n"
               "            hdr.report.model = MODEL;\n            hdr.report.flags = meta.flags;\n"
               "            hdr.report.zero = 0;\n            hdr.report.zeros = 0;\n",
               REPORT_VERSION, n);
    static const char *const copied[] = {"sequence", "ts",       "proto", "vlan",
                                         "src_port", "dst_port", "src",   "dst"};
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
        out_printf(p->out, "            hdr.report.%s = meta.packet.%s;\n", copied[i], copied[i]);
    out_text(p->out, "            hdr.report.ip_version = 4w0 ++ meta.packet.ip_version;\n");
    for (size_t i = 0; i < n; i++)
        out_printf(p->out, "            hdr.report.feature_%s = (bit<64>)meta.features.%s;\n",
                   p->names[i], p->names[i]);
    out_printf(p->out, "            truncate(%zu);\n        }\n", 14 + REPORT_FIXED + 8 * n);
}

void egress_write(const struct plan *p)
{
    out_text(p->out, "\ncontrol Outgoing(inout headers_t hdr, inout metadata_t meta,\n"
                     "                 inout standard_metadata_t standard) {\n    apply {\n");
    if (p->reports)
        put_report(p);
    out_text(p->out, "    }\n}\n");
}
