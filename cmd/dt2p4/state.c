#include "parts.h"
#include "plan.h"

/* A register that some features need. */
static const struct {
    unsigned needs;
    const char *text;
} registers[] = {
    {NEED_CAPTURE, "    register<bit<1>>(1) capture_begun;\n"},
    {NEED_CAPTURE_TS, "    register<bit<64>>(1) capture_ts; // the latest so far\n"},
    {NEED_CAPTURE_LEN, "    register<bit<16>>(1) capture_len;\n"},
    {NEED_DIRECTION, "    register<bit<1>>(SLOTS) slot_opener; // from_high of the first packet\n"},
    {NEED_BOTH_LEN, "    register<bit<16>>(SLOTS) slot_len;\n"},
    {NEED_SAME, "    // Of each direction.\n    register<bit<1>>(2 * SLOTS) side_seen;\n"},
    {NEED_SAME_TS, "    register<bit<64>>(2 * SLOTS) side_ts;\n"},
    {NEED_SAME_LEN, "    register<bit<16>>(2 * SLOTS) side_len;\n"},
};

static void put_if(const struct plan *p, unsigned needs, const char *text)
{
    if (p->needs & needs)
        out_text(p->out, text);
}

static void put_registers(const struct plan *p)
{
    if (p->has_flows)
        out_text(p->out, "    // A slot holds one flow at a time.\n"
                         "    register<bit<1>>(SLOTS) slot_used;\n"
                         "    register<bit<48>>(SLOTS) slot_owner; // its fingerprint\n"
                         "    register<bit<64>>(SLOTS) slot_ts;    // the latest so far\n");
    for (size_t i = 0; i < sizeof registers / sizeof *registers; i++)
        put_if(p, registers[i].needs, registers[i].text);
    if (p->has_flows)
        out_text(p->out, "    counter(1, CounterType.packets) collisions;\n");
}

static void put_variables(const struct plan *p)
{
    put_if(p, NEED_CAPTURE, "        bit<1> begun = 0;\n");
    put_if(p, NEED_CAPTURE_TS, "        bit<64> capture_last_ts = 0;\n");
    put_if(p, NEED_CAPTURE_LEN, "        bit<16> capture_last_len = 0;\n");
    if (p->has_flows)
        out_text(p->out, "        bit<1> used = 0;\n        bit<48> owner = 0;\n"
                         "        bit<64> last_ts = 0;\n");
    put_if(p, NEED_DIRECTION, "        bit<1> opener = 0;\n");
    put_if(p, NEED_BOTH_LEN, "        bit<16> last_len = 0;\n");
    put_if(p, NEED_SAME, "        bit<32> side = 0;\n        bit<1> seen = 0;\n");
    put_if(p, NEED_SAME_TS, "        bit<64> side_last_ts = 0;\n");
    put_if(p, NEED_SAME_LEN, "        bit<16> side_last_len = 0;\n");
}

static void put_capture(const struct plan *p)
{
    put_if(p, NEED_CAPTURE,
           "        capture_begun.read(begun, 0);\n        capture_begun.write(0, 1);\n"
           "        if (begun == 0) {\n            meta.known = false;\n        }\n");
    put_if(p, NEED_CAPTURE_TS,
           "        capture_ts.read(capture_last_ts, 0);\n"
           "        if (meta.packet.ts > capture_last_ts) {\n"
           "            capture_ts.write(0, meta.packet.ts);\n        }\n");
    put_if(p, NEED_CAPTURE_LEN,
           "        capture_len.read(capture_last_len, 0);\n"
           "        capture_len.write(0, meta.packet.len);\n");
}

/* Finds out whose the slot is, and gives a free or idle one to the packet's flow. */
static void put_slot(const struct plan *p)
{
    out_text(p->out,
             "\n        FindSlot.apply(meta);\n"
             "        slot_used.read(used, meta.slot);\n"
             "        slot_owner.read(owner, meta.slot);\n"
             "        slot_ts.read(last_ts, meta.slot);\n"
             "        meta.first = used == 0;\n"
             "        if (used == 1 && owner != meta.fingerprint) {\n"
             "            if (meta.packet.ts > last_ts && meta.packet.ts - last_ts > IDLE) {\n"
             "                meta.first = true;\n"
             "            } else {\n                meta.collision = true;\n"
             "                collisions.count(0);\n            }\n        }\n"
             "        if (meta.first) {\n"
             "            last_ts = 0;\n"
             "            slot_used.write(meta.slot, 1);\n"
             "            slot_owner.write(meta.slot, meta.fingerprint);\n");
    put_if(p, NEED_DIRECTION, "            slot_opener.write(meta.slot, meta.from_high);\n");
    put_if(p, NEED_SAME,
           "            side_seen.write(meta.slot[30:0] ++ 1w0, 0);\n"
           "            side_seen.write(meta.slot[30:0] ++ 1w1, 0);\n");
    out_text(p->out, "        }\n");
}

/* Reads the flow's state and puts the packet there. */
static void put_flow(const struct plan *p)
{
    out_text(p->out, "        if (!meta.collision) {\n"
                     "            if (meta.first || meta.packet.ts > last_ts) {\n"
                     "                slot_ts.write(meta.slot, meta.packet.ts);\n"
                     "            }\n");
    put_if(p, NEED_DIRECTION, "            slot_opener.read(opener, meta.slot);\n");
    put_if(p, NEED_BOTH_LEN,
           "            slot_len.read(last_len, meta.slot);\n"
           "            slot_len.write(meta.slot, meta.packet.len);\n");
    put_if(p, NEED_SAME,
           "            side = meta.slot[30:0] ++ meta.from_high;\n"
           "            side_seen.read(seen, side);\n            side_seen.write(side, 1);\n");
    put_if(p, NEED_SAME_TS,
           "            side_ts.read(side_last_ts, side);\n"
           "            if (seen == 0 || meta.packet.ts > side_last_ts) {\n"
           "                side_ts.write(side, meta.packet.ts);\n            }\n");
    put_if(p, NEED_SAME_LEN,
           "            side_len.read(side_last_len, side);\n"
           "            side_len.write(side, meta.packet.len);\n");
    out_text(p->out, "        }\n");
}

static void put_unknown(const struct plan *p)
{
    out_text(p->out, "        if (false");
    put_if(p, NEED_FLOW, " || meta.collision");
    put_if(p, NEED_BOTH, " || meta.first");
    put_if(p, NEED_SAME, " || seen == 0");
    if (!p->m->has_missing) {
        put_if(p, NEED_HEADER, " || meta.packet.transport_unknown");
        put_if(p, NEED_TCP, " || meta.packet.tcp_unknown");
    }
    out_text(p->out, ") {\n            meta.known = false;\n        }\n");
}

/* One that a broken header hides has the model's missing value. */
void feature_write(const struct plan *p, size_t i)
{
    const struct model *const m = p->m;
    const char *const name = m->features[i].name;
    const unsigned bits = plan_bits(p, i);

    out_printf(p->out, "        meta.features.%s = (bit<%u>)(%s);\n", p->names[i], bits,
               field_value(&fields, name));
    if ((field_needs(name) & (NEED_HEADER | NEED_TCP)) && m->has_missing)
        out_printf(p->out,
                   "        if (meta.packet.%s) {\n"
                   "            meta.features.%s = %llu;\n        }\n",
                   field_needs(name) & NEED_TCP ? "tcp_unknown" : "transport_unknown", p->names[i],
                   (unsigned long long)field_missing(m, i));
}

void state_write(const struct plan *p)
{
    out_text(p->out,
             "\n// Sets the features, and remembers the packet. meta.known is false where a "
             "feature wants a\n// previous packet and there is none"
             ", or the slot is another flow's.\n"
             "control Compute(inout headers_t hdr, inout metadata_t meta) {\n");
    put_registers(p);
    out_text(p->out, "\n    apply {\n");
    put_variables(p);
    out_text(p->out, "\n        meta.known = true;\n");
    put_capture(p);
    if (p->has_flows) {
        put_slot(p);
        put_flow(p);
    }
    put_unknown(p);
    out_text(p->out, "\n");
    for (size_t i = 0; i < p->m->n_features; i++)
        feature_write(p, i);
    out_text(p->out, "    }\n}\n");
}
