#include "flow_value.h"

#include "../put.h"
#include "address.h"
#include "num.h"

enum statistic { LEAST, MEAN, GREATEST, STD };

/* What the registry's columns hold at most. */
static char *put_number(char *p, uint64_t x)
{
    return num_put_u64(p, x < FLOW_MAX ? x : FLOW_MAX);
}

static char *put_file(char *p, const struct flow_view *v, struct of of)
{
    (void)of;
    return put_span(p, v->file);
}

static char *put_class(char *p, const struct flow_view *v, struct of of)
{
    (void)of;
    return put_span(p, v->class);
}

static char *put_tag(char *p, const struct flow_view *v, struct of of)
{
    (void)of;
    return put_span(p, v->tag);
}

static char *put_filters(char *p, const struct flow_view *v, struct of of)
{
    (void)of;
    return named_put(p, v->named, v->flow->filters);
}

static char *put_flow(char *p, const struct flow_view *v, struct of of)
{
    (void)of;
    return num_put_hex16(p, v->id);
}

static char *put_start(char *p, const struct flow_view *v, struct of of)
{
    (void)of;
    return num_put_time(p, v->flow->start);
}

static char *put_end(char *p, const struct flow_view *v, struct of of)
{
    (void)of;
    return num_put_time(p, v->flow->end);
}

static char *put_ended(char *p, const struct flow_view *v, struct of of)
{
    (void)of;
    return v->when->last ? p : num_put_time(p, v->when->found);
}

static char *put_end_reason(char *p, const struct flow_view *v, struct of of)
{
    const char *const name = flow_end_name((enum flow_end)v->flow->reason);

    (void)of;
    return put_span(p, span_of(name));
}

/* arg: whether it is the receiver's. */
static char *put_ip(char *p, const struct flow_view *v, struct of of)
{
    return address_put(p, of.arg ? v->dst : v->src, v->ip_version);
}

static char *put_port(char *p, const struct flow_view *v, struct of of)
{
    return num_put_u64(p, of.arg ? v->dst_port : v->src_port);
}

static char *put_macs(char *p, const struct flow_view *v, struct of of)
{
    const struct part_macs *const m = flow_part(v->layout, v->flow, PART_MACS);

    return put_mac(p, of.arg ? m->dst : m->src, m->known);
}

static char *put_vlan(char *p, const struct flow_view *v, struct of of)
{
    (void)of;
    return v->vlan == VLAN_NONE ? p : num_put_u64(p, v->vlan);
}

static char *put_proto(char *p, const struct flow_view *v, struct of of)
{
    (void)of;
    return num_put_u64(p, v->proto);
}

static char *put_ip_version(char *p, const struct flow_view *v, struct of of)
{
    (void)of;
    return num_put_u64(p, v->ip_version);
}

static bool has_way(const struct flow_view *v, enum way way)
{
    return v->flow->ways >> way & 1;
}

static char *put_way_start(char *p, const struct flow_view *v, struct of of)
{
    const struct part_times *const t = flow_part(v->layout, v->flow, PART_TIMES);

    return has_way(v, of.way) ? num_put_time(p, t->min[of.way]) : p;
}

static char *put_way_end(char *p, const struct flow_view *v, struct of of)
{
    const struct part_times *const t = flow_part(v->layout, v->flow, PART_TIMES);

    return has_way(v, of.way) ? num_put_time(p, t->max[of.way]) : p;
}

static char *put_packets(char *p, const struct flow_view *v, struct of of)
{
    return put_number(p, v->len[of.way].n);
}

static char *put_bytes(char *p, const struct flow_view *v, struct of of)
{
    return put_number(p, v->len[of.way].sum);
}

static char *put_duration(char *p, const struct flow_view *v, struct of of)
{
    return put_number(p, v->duration[of.way]);
}

static char *put_statistic(char *p, const struct spread *s, unsigned statistic)
{
    if (s->n == 0)
        return p;
    switch (statistic) {
    case LEAST:
        return put_number(p, s->min);
    case MEAN:
        return put_number(p, spread_mean(s));
    case GREATEST:
        return put_number(p, s->max);
    default:
        return put_number(p, spread_std(s));
    }
}

static char *put_len(char *p, const struct flow_view *v, struct of of)
{
    return put_statistic(p, &v->len[of.way], of.arg);
}

static char *put_iat(char *p, const struct flow_view *v, struct of of)
{
    const struct spread *const iat = flow_part(v->layout, v->flow, PART_IAT);

    return put_statistic(p, &iat[of.way], of.arg);
}

static char *put_payload(char *p, const struct flow_view *v, struct of of)
{
    return put_statistic(p, &v->payload[of.way], of.arg);
}

static char *put_payload_bytes(char *p, const struct flow_view *v, struct of of)
{
    return put_number(p, v->payload[of.way].sum);
}

static char *put_payload_packets(char *p, const struct flow_view *v, struct of of)
{
    return put_number(p, v->payload_packets[of.way]);
}

/* The counts of 32 bits of a way or of both, which stop at their largest. */
static char *put_count(char *p, uint64_t backward, uint64_t forward, enum way way)
{
    const uint64_t n = (way != WAY_FORWARD ? backward : 0) + (way != WAY_BACKWARD ? forward : 0);

    return num_put_u64(p, n < FLOW_MAX32 ? n : FLOW_MAX32);
}

static char *put_flag(char *p, const struct flow_view *v, struct of of)
{
    const struct part_tcp *const t = flow_part(v->layout, v->flow, PART_TCP);

    return put_count(p, t->flags[0][of.arg], t->flags[1][of.arg], of.way);
}

static char *put_flags_or(char *p, const struct flow_view *v, struct of of)
{
    const struct part_tcp *const t = flow_part(v->layout, v->flow, PART_TCP);

    return num_put_u64(p, of.way == WAY_BOTH ? t->any[0] | t->any[1] : t->any[of.way]);
}

static char *put_init_window(char *p, const struct flow_view *v, struct of of)
{
    const struct part_tcp *const t = flow_part(v->layout, v->flow, PART_TCP);

    return t->seen[of.way] ? num_put_u64(p, t->window[of.way]) : p;
}

static char *put_rate(char *p, uint64_t n, uint64_t duration)
{
    if (duration == 0)
        return p;
    const uint128 rate = (uint128)n * 1000000000 / duration;
    return put_number(p, rate < FLOW_MAX ? (uint64_t)rate : FLOW_MAX);
}

static char *put_bytes_per_s(char *p, const struct flow_view *v, struct of of)
{
    return put_rate(p, v->len[of.way].sum, v->duration[of.way]);
}

static char *put_packets_per_s(char *p, const struct flow_view *v, struct of of)
{
    return put_rate(p, v->len[of.way].n, v->duration[of.way]);
}

static char *put_ttl(char *p, const struct flow_view *v, struct of of)
{
    const struct part_headers *const h = flow_part(v->layout, v->flow, PART_HEADERS);

    if (!has_way(v, of.way))
        return p;
    return num_put_u64(p, of.arg == LEAST ? h->ttl_min[of.way] : h->ttl_max[of.way]);
}

static char *put_dscp(char *p, const struct flow_view *v, struct of of)
{
    const struct part_headers *const h = flow_part(v->layout, v->flow, PART_HEADERS);

    return has_way(v, of.way) ? num_put_u64(p, h->dscp[of.way]) : p;
}

static char *put_payload_bin(char *p, const struct flow_view *v, struct of of)
{
    const struct part_histograms *const h = flow_part(v->layout, v->flow, PART_HISTOGRAMS);

    return num_put_u64(p, h->payload[of.way][of.arg]);
}

static char *put_iat_bin(char *p, const struct flow_view *v, struct of of)
{
    const struct part_histograms *const h = flow_part(v->layout, v->flow, PART_HISTOGRAMS);

    return num_put_u64(p, h->iat[of.way][of.arg]);
}

enum burst_value { BURST_COUNT, BURST_MOST_PACKETS, BURST_MOST_BYTES, BURST_LONGEST };

static char *put_burst(char *p, const struct flow_view *v, struct of of)
{
    const struct part_bursts *const all = flow_part(v->layout, v->flow, PART_BURSTS);
    const struct burst *const b = &all->way[of.way];

    if (of.arg == BURST_COUNT)
        return num_put_u64(p, b->count);
    if (b->count == 0)
        return p;
    return put_number(p, of.arg == BURST_MOST_PACKETS ? b->packets_max
                         : of.arg == BURST_MOST_BYTES ? b->bytes_max
                                                      : b->duration_max);
}

static char *put_active(char *p, const struct flow_view *v, struct of of)
{
    const struct part_activity *const a = flow_part(v->layout, v->flow, PART_ACTIVITY);

    return put_statistic(p, &a->active, of.arg);
}

static char *put_idle(char *p, const struct flow_view *v, struct of of)
{
    const struct part_activity *const a = flow_part(v->layout, v->flow, PART_ACTIVITY);

    return put_statistic(p, &a->idle, of.arg);
}

/* arg: its place among the facts. */
static char *put_fact(char *p, const struct flow_view *v, struct of of)
{
    const struct part_facts *const f = flow_part(v->layout, v->flow, PART_FACTS);

    return table_put_at(p, fact_list_get(&f->list, (enum feature_id)(F_APP_PROTOCOL + of.arg)),
                        v->format);
}

static char *put_payload_bytes_per_s(char *p, const struct flow_view *v, struct of of)
{
    return put_rate(p, v->payload[of.way].sum, v->duration[of.way]);
}

static char *put_l4_bytes(char *p, const struct flow_view *v, struct of of)
{
    const struct part_headers *const h = flow_part(v->layout, v->flow, PART_HEADERS);

    return put_number(p,
                      of.way == WAY_BOTH ? h->l4_bytes[0] + h->l4_bytes[1] : h->l4_bytes[of.way]);
}

/* 0 is none. */
static char *put_l4_min(char *p, const struct flow_view *v, struct of of)
{
    const struct part_headers *const h = flow_part(v->layout, v->flow, PART_HEADERS);
    const uint8_t b = h->l4_min[WAY_BACKWARD], f = h->l4_min[WAY_FORWARD];
    const uint8_t least = of.way != WAY_BOTH           ? h->l4_min[of.way]
                          : b == 0 || (f > 0 && f < b) ? f
                                                       : b;

    return least > 0 ? num_put_u64(p, least) : p;
}

static char *put_payload_changes(char *p, const struct flow_view *v, struct of of)
{
    const struct part_headers *const h = flow_part(v->layout, v->flow, PART_HEADERS);

    (void)of;
    return num_put_u64(p, h->payload_changes);
}

static char *put_payload_rms(char *p, const struct flow_view *v, struct of of)
{
    const struct spread *const s = &v->payload[of.way];

    return s->n > 0 ? num_put_u64(p, spread_rms(s)) : p;
}

static char *put_syn_len(char *p, const struct flow_view *v, struct of of)
{
    const struct part_tcp *const t = flow_part(v->layout, v->flow, PART_TCP);

    return t->syn[of.way] ? num_put_u64(p, t->syn_len[of.way]) : p;
}

static char *put_down_up(char *p, const struct flow_view *v, struct of of)
{
    const uint64_t up = v->len[WAY_FORWARD].n, down = v->len[WAY_BACKWARD].n;

    (void)of;
    return up > 0 ? put_number(p, (uint64_t)((uint128)down * 1000 / up)) : p;
}

enum bulk_value { BULK_COUNT, BULK_MEAN_PACKETS, BULK_MEAN_BYTES, BULK_RATE };

static char *put_bulk(char *p, const struct flow_view *v, struct of of)
{
    const struct part_bursts *const all = flow_part(v->layout, v->flow, PART_BURSTS);
    const struct burst *const b = &all->way[of.way];

    if (of.arg == BULK_COUNT)
        return num_put_u64(p, b->bulks);
    if (b->bulks == 0)
        return p;
    if (of.arg == BULK_RATE)
        return put_rate(p, b->bulk_bytes, b->bulk_duration);
    return put_number(p, (of.arg == BULK_MEAN_BYTES ? b->bulk_bytes : b->bulk_packets) / b->bulks);
}

static uint32_t subflows(const struct flow_view *v)
{
    const struct part_activity *const a = flow_part(v->layout, v->flow, PART_ACTIVITY);

    return a->subflows;
}

static char *put_subflows(char *p, const struct flow_view *v, struct of of)
{
    (void)of;
    return num_put_u64(p, subflows(v));
}

static char *put_subflow_packets(char *p, const struct flow_view *v, struct of of)
{
    return put_number(p, v->len[of.way].n / subflows(v));
}

static char *put_subflow_bytes(char *p, const struct flow_view *v, struct of of)
{
    return put_number(p, v->payload[of.way].sum / subflows(v));
}

enum context_value { HOST_FLOWS, PAIR_FLOWS, HOST_STARTS, PAIR_STARTS, HOST_REPEATS };

static char *put_context(char *p, const struct flow_view *v, struct of of)
{
    const struct part_context *const c = flow_part(v->layout, v->flow, PART_CONTEXT);
    const uint32_t values[] = {
        [HOST_FLOWS] = c->host_flows,   [PAIR_FLOWS] = c->pair_flows,
        [HOST_STARTS] = c->host_starts, [PAIR_STARTS] = c->pair_starts,
        [HOST_REPEATS] = c->repeats,
    };

    return num_put_u64(p, values[of.arg]);
}

/* Of the gaps between so many starts. */
static char *put_repeat_gap(char *p, const struct flow_view *v, struct of of)
{
    const struct part_context *const c = flow_part(v->layout, v->flow, PART_CONTEXT);
    const struct spread gaps = {
        .n = c->repeats > 0 ? c->repeats - 1 : 0, .sum = c->gap_sum, .squares = c->gap_squares};

    return put_statistic(p, &gaps, of.arg);
}

enum place_value { PLACE_LEN, PLACE_IAT, PLACE_DIR, PLACE_FLAGS };

/* arg: the packet, from 0. */
static char *put_place(char *p, const struct flow_view *v, struct of of, enum place_value value)
{
    const struct place *const s = flow_part(v->layout, v->flow, PART_SEQUENCE);

    if (of.arg >= v->flow->packets)
        return p;
    return put_number(p, value == PLACE_LEN   ? s[of.arg].len
                         : value == PLACE_IAT ? s[of.arg].iat
                         : value == PLACE_DIR ? s[of.arg].forward
                                              : s[of.arg].tcp_flags);
}

static char *put_place_len(char *p, const struct flow_view *v, struct of of)
{
    return put_place(p, v, of, PLACE_LEN);
}

static char *put_place_iat(char *p, const struct flow_view *v, struct of of)
{
    return put_place(p, v, of, PLACE_IAT);
}

static char *put_place_dir(char *p, const struct flow_view *v, struct of of)
{
    return put_place(p, v, of, PLACE_DIR);
}

static char *put_place_flags(char *p, const struct flow_view *v, struct of of)
{
    return put_place(p, v, of, PLACE_FLAGS);
}

static char *put_place_payload(char *p, const struct flow_view *v, struct of of)
{
    const struct place *const s = flow_part(v->layout, v->flow, PART_SEQUENCE);

    if (of.arg >= v->flow->packets || !s[of.arg].payload_known)
        return p;
    return num_put_u64(p, s[of.arg].payload_len);
}

#define ONE(ID, put, arg, parts) [F_##ID] = {put, parts, {WAY_BOTH, arg}}
#define WAYS(ID, put, arg, parts)                                                                  \
    [F_FWD_##ID] = {put, parts, {WAY_FORWARD, arg}},                                               \
    [F_BWD_##ID] = {put, parts, {WAY_BACKWARD, arg}}
#define ALL(ID, put, arg, parts) ONE(ID, put, arg, parts), WAYS(ID, put, arg, parts)
#define SPREAD(X, ID, put, parts)                                                                  \
    X(ID##_MIN, put, LEAST, parts), X(ID##_MEAN, put, MEAN, parts),                                \
        X(ID##_MAX, put, GREATEST, parts), X(ID##_STD, put, STD, parts)
#define BIN(N)                                                                                     \
    WAYS(PAYLOAD_HIST_##N, put_payload_bin, N, HISTOGRAMS),                                        \
        WAYS(IAT_HIST_##N, put_iat_bin, N, HISTOGRAMS)

#define FACT(ID, name, unit, meaning) ONE(ID, put_fact, F_##ID - F_APP_PROTOCOL, FACTS),

enum {
    LEN = 1 << PART_LEN,
    TIMES = 1 << PART_TIMES,
    IAT = 1 << PART_IAT,
    PAYLOAD = 1 << PART_PAYLOAD,
    TCP = 1 << PART_TCP,
    HEADERS = 1 << PART_HEADERS,
    HISTOGRAMS = 1 << PART_HISTOGRAMS,
    BURSTS = 1 << PART_BURSTS,
    ACTIVITY = 1 << PART_ACTIVITY,
    MACS = 1 << PART_MACS,
    FACTS = 1 << PART_FACTS,
    CONTEXT = 1 << PART_CONTEXT,
    SEQUENCE = 1 << PART_SEQUENCE,
};

static const struct flow_value values[FEATURE_COUNT] = {
    ONE(FILE, put_file, 0, 0),
    ONE(FLOW, put_flow, 0, 0),
    ONE(SRC_IP, put_ip, 0, 0),
    ONE(DST_IP, put_ip, 1, 0),
    ONE(SRC_PORT, put_port, 0, 0),
    ONE(DST_PORT, put_port, 1, 0),
    ONE(SRC_MAC, put_macs, 0, MACS),
    ONE(DST_MAC, put_macs, 1, MACS),
    ONE(VLAN, put_vlan, 0, 0),
    ONE(IP_VERSION, put_ip_version, 0, 0),
    ONE(PROTO, put_proto, 0, 0),
    ONE(FILTERS, put_filters, 0, 0),
    ONE(CLASS, put_class, 0, 0),
    ONE(START, put_start, 0, 0),
    ONE(END, put_end, 0, 0),
    ONE(END_REASON, put_end_reason, 0, 0),
    ONE(ENDED, put_ended, 0, 0),
    ONE(TAG, put_tag, 0, 0),
    ALL(PACKETS, put_packets, 0, LEN),
    ALL(BYTES, put_bytes, 0, LEN),
    ALL(DURATION, put_duration, 0, TIMES),
    SPREAD(ALL, LEN, put_len, LEN),
    SPREAD(ALL, IAT, put_iat, IAT),
    SPREAD(ALL, PAYLOAD, put_payload, PAYLOAD),
    ALL(PAYLOAD_BYTES, put_payload_bytes, 0, PAYLOAD),
    ALL(PAYLOAD_PACKETS, put_payload_packets, 0, PAYLOAD),
    ALL(FIN, put_flag, 0, TCP),
    ALL(SYN, put_flag, 1, TCP),
    ALL(RST, put_flag, 2, TCP),
    ALL(PSH, put_flag, 3, TCP),
    ALL(ACK, put_flag, 4, TCP),
    ALL(URG, put_flag, 5, TCP),
    ALL(ECE, put_flag, 6, TCP),
    ALL(CWR, put_flag, 7, TCP),
    ALL(TCP_FLAGS_OR, put_flags_or, 0, TCP),
    ALL(BYTES_PER_S, put_bytes_per_s, 0, LEN | TIMES),
    ALL(PACKETS_PER_S, put_packets_per_s, 0, LEN | TIMES),
    WAYS(INIT_WINDOW, put_init_window, 0, TCP),
    WAYS(TTL_MIN, put_ttl, LEAST, HEADERS),
    WAYS(TTL_MAX, put_ttl, GREATEST, HEADERS),
    WAYS(DSCP_FIRST, put_dscp, 0, HEADERS),
    BIN(0),
    BIN(1),
    BIN(2),
    BIN(3),
    BIN(4),
    BIN(5),
    BIN(6),
    BIN(7),
    WAYS(BURSTS, put_burst, BURST_COUNT, BURSTS),
    WAYS(BURST_PACKETS_MAX, put_burst, BURST_MOST_PACKETS, BURSTS),
    WAYS(BURST_BYTES_MAX, put_burst, BURST_MOST_BYTES, BURSTS),
    WAYS(BURST_DURATION_MAX, put_burst, BURST_LONGEST, BURSTS),
    SPREAD(ONE, ACTIVE, put_active, ACTIVITY),
    SPREAD(ONE, IDLE, put_idle, ACTIVITY),
    FEATURES_FACTS(FACT) WAYS(START, put_way_start, 0, TIMES),
    WAYS(END, put_way_end, 0, TIMES),
    ALL(L4_HDR_BYTES, put_l4_bytes, 0, HEADERS),
    ALL(L4_HDR_MIN, put_l4_min, 0, HEADERS),
    ALL(PAYLOAD_BYTES_PER_S, put_payload_bytes_per_s, 0, PAYLOAD | TIMES),
    WAYS(SYN_LEN, put_syn_len, 0, TCP),
    WAYS(BULKS, put_bulk, BULK_COUNT, BURSTS),
    WAYS(BULK_PACKETS_MEAN, put_bulk, BULK_MEAN_PACKETS, BURSTS),
    WAYS(BULK_BYTES_MEAN, put_bulk, BULK_MEAN_BYTES, BURSTS),
    WAYS(BULK_BYTES_PER_S, put_bulk, BULK_RATE, BURSTS),
    WAYS(SUBFLOW_PACKETS_MEAN, put_subflow_packets, 0, LEN | ACTIVITY),
    WAYS(SUBFLOW_BYTES_MEAN, put_subflow_bytes, 0, PAYLOAD | ACTIVITY),
    ONE(SUBFLOWS, put_subflows, 0, ACTIVITY),
    ONE(DOWN_UP_PERMILLE, put_down_up, 0, LEN),
    ONE(PAYLOAD_RMS, put_payload_rms, 0, PAYLOAD),
    ONE(PAYLOAD_CHANGES, put_payload_changes, 0, HEADERS),
    ONE(HOST_FLOWS, put_context, HOST_FLOWS, CONTEXT),
    ONE(PAIR_FLOWS, put_context, PAIR_FLOWS, CONTEXT),
    ONE(HOST_STARTS, put_context, HOST_STARTS, CONTEXT),
    ONE(PAIR_STARTS, put_context, PAIR_STARTS, CONTEXT),
    ONE(HOST_REPEATS, put_context, HOST_REPEATS, CONTEXT),
    ONE(HOST_REPEAT_GAP_MEAN, put_repeat_gap, MEAN, CONTEXT),
    ONE(HOST_REPEAT_GAP_STD, put_repeat_gap, STD, CONTEXT),
    ONE(LEN_N, put_place_len, 0, SEQUENCE),
    ONE(IAT_N, put_place_iat, 0, SEQUENCE),
    ONE(DIR_N, put_place_dir, 0, SEQUENCE),
    ONE(PAYLOAD_LEN_N, put_place_payload, 0, SEQUENCE),
    ONE(TCP_FLAGS_N, put_place_flags, 0, SEQUENCE),
};

const struct flow_value *flow_value(enum feature_id id)
{
    return values[id].put ? &values[id] : NULL;
}
