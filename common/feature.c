#include "feature.h"

#include "num.h"

#include <string.h>

#define ID(name, level, unit, meaning)                                                             \
    {                                                                                              \
        name, ROLE_ID, level, SOURCE_NONE, 0, 0, unit, meaning                                     \
    }
#define LEVEL_NUMBER(name, level, source, bits, max, unit, meaning)                                \
    {                                                                                              \
        name, ROLE_FEATURE, level, source, bits, max, unit, meaning                                \
    }
#define NUMBER(name, source, bits, max, unit, meaning)                                             \
    LEVEL_NUMBER(name, LEVEL_PACKET, source, bits, max, unit, meaning)

#define FLAG(name, meaning) NUMBER(name, SOURCE_HEADER, 1, 1, "flag", meaning)

#define MAX16 UINT64_C(65535)
#define MAX48 ((UINT64_C(1) << 48) - 1)
#define MAX_DIFF UINT64_C(131070)
#define MAX_FRAGMENT UINT64_C(65528)

#define FLOW_ROW(name, source, bits, max, unit, meaning)                                           \
    {                                                                                              \
        name, ROLE_FEATURE, LEVEL_FLOW, source, bits, max, unit, meaning                           \
    }
#define WHOLE_ROW_OF(ID, name, source, bits, max, unit, meaning)                                   \
    [F_##ID] = FLOW_ROW(name, source, bits, max, unit, meaning),
#define WAY_ROWS_OF(ID, name, source, bits, max, unit, meaning)                                    \
    [F_FWD_##ID] = FLOW_ROW("fwd_" name, source, bits, max, unit, meaning ", forward"),            \
    [F_BWD_##ID] = FLOW_ROW("bwd_" name, source, bits, max, unit, meaning ", backward"),
#define WHOLE_ROW(ID, name, bits, max, unit, meaning)                                              \
    WHOLE_ROW_OF(ID, name, SOURCE_NONE, bits, max, unit, meaning)
#define WAY_ROWS(ID, name, bits, max, unit, meaning)                                               \
    WAY_ROWS_OF(ID, name, SOURCE_NONE, bits, max, unit, meaning)
#define BOTH_ROWS(ID, name, bits, max, unit, meaning)                                              \
    WHOLE_ROW(ID, name, bits, max, unit, meaning) WAY_ROWS(ID, name, bits, max, unit, meaning)

#define FACT_ROW(ID, name, unit, meaning)                                                          \
    [F_##ID] = {name, ROLE_FACT, LEVEL_FLOW, SOURCE_NONE, 0, 0, unit, meaning},

/* Those that a switch can count. */
#define WHOLE_FIRST(ID, name, bits, max, unit, meaning)                                            \
    WHOLE_ROW_OF(ID, name, SOURCE_FIRST, bits, max, unit, meaning)
#define WAY_FIRST(ID, name, bits, max, unit, meaning)                                              \
    WAY_ROWS_OF(ID, name, SOURCE_FIRST, bits, max, unit, meaning)
#define BOTH_FIRST(ID, name, bits, max, unit, meaning)                                             \
    WHOLE_FIRST(ID, name, bits, max, unit, meaning) WAY_FIRST(ID, name, bits, max, unit, meaning)

static const struct feature features[FEATURE_COUNT] = {
    [F_FILE] = ID("file", LEVEL_BOTH, "name", "capture file"),
    [F_FRAME] = ID("frame", LEVEL_PACKET, "number", "place of the packet in its file, from 1"),
    [F_TS] = ID("ts", LEVEL_PACKET, "s", "capture time, seconds since the epoch with 9 decimals"),
    [F_SEQ] =
        ID("seq", LEVEL_PACKET, "number", "number of a report of a classifier in the network"),
    [F_FLOW] = ID("flow", LEVEL_BOTH, "hex", "flow: 16 hex digits from file, key and first time"),
    [F_SRC_IP] = ID("src_ip", LEVEL_BOTH, "address", "sender's IP address"),
    [F_DST_IP] = ID("dst_ip", LEVEL_BOTH, "address", "receiver's IP address"),
    [F_SRC_PORT] =
        ID("src_port", LEVEL_BOTH, "number", "sender's port; 0 without one or in a later fragment"),
    [F_DST_PORT] = ID("dst_port", LEVEL_BOTH, "number", "receiver's port; 0 likewise"),
    [F_SRC_MAC] = ID("src_mac", LEVEL_BOTH, "address", "sender's link-layer address"),
    [F_DST_MAC] = ID("dst_mac", LEVEL_BOTH, "address", "receiver's link-layer address"),
    [F_VLAN] = ID("vlan", LEVEL_BOTH, "number", "outermost VLAN identifier; missing without a tag"),
    [F_DIR] = NUMBER("dir", SOURCE_REGISTER, 1, 1, "flag",
                     "1 forward (from the sender of the flow's first packet), 0 backward"),
    [F_IAT] = NUMBER("iat", SOURCE_REGISTER, 48, MAX48, "ns",
                     "inter-arrival time: since the flow's previous packet, both directions"),
    [F_LEN] = NUMBER("len", SOURCE_HEADER, 16, MAX16, "bytes",
                     "IP packet: IPv4 total length, IPv6 payload length + 40"),
    [F_DIFF_LEN] = NUMBER("diffLen", SOURCE_REGISTER, 17, MAX_DIFF, "bytes",
                          "len - len of the flow's previous packet, both directions, + 65535"),
    [F_DIR_IAT] = NUMBER("dir_iat", SOURCE_REGISTER, 48, MAX48, "ns",
                         "time since the flow's previous packet in the same direction"),
    [F_DIR_DIFF_LEN] =
        NUMBER("dir_diffLen", SOURCE_REGISTER, 17, MAX_DIFF, "bytes",
               "len - len of the flow's previous packet in the same direction, + 65535"),
    [F_CAP_IAT] = NUMBER("cap_iat", SOURCE_REGISTER, 48, MAX48, "ns",
                         "time since the previous IP packet of the capture"),
    [F_CAP_DIFF_LEN] = NUMBER("cap_diffLen", SOURCE_REGISTER, 17, MAX_DIFF, "bytes",
                              "len - len of the previous IP packet of the capture, + 65535"),
    [F_PAYLOAD_LEN] = NUMBER("payload_len", SOURCE_HEADER, 16, MAX16, "bytes",
                             "bytes after the TCP or UDP header, else after the IP header"),
    [F_TTL] = NUMBER("ttl", SOURCE_HEADER, 8, 255, "hops", "IPv4 time to live, IPv6 hop limit"),
    [F_DSCP] = NUMBER("dscp", SOURCE_HEADER, 6, 63, "code", "differentiated services code point"),
    [F_ECN] = NUMBER(
        "ecn", SOURCE_HEADER, 2, 3, "code",
        "explicit congestion notification: 0 not capable, 1 and 2 capable, 3 congestion met"),
    [F_TCP_FLAGS] = NUMBER("tcp_flags", SOURCE_HEADER, 8, 255, "bits",
                           "CWR ECE URG ACK PSH RST SYN FIN, FIN lowest; 0 without TCP"),
    [F_TCP_FIN] = FLAG("tcp_fin", "bit FIN of tcp_flags"),
    [F_TCP_SYN] = FLAG("tcp_syn", "bit SYN of tcp_flags"),
    [F_TCP_RST] = FLAG("tcp_rst", "bit RST of tcp_flags"),
    [F_TCP_PSH] = FLAG("tcp_psh", "bit PSH of tcp_flags"),
    [F_TCP_ACK] = FLAG("tcp_ack", "bit ACK of tcp_flags"),
    [F_TCP_URG] = FLAG("tcp_urg", "bit URG of tcp_flags"),
    [F_TCP_ECE] = FLAG("tcp_ece", "bit ECE of tcp_flags"),
    [F_TCP_CWR] = FLAG("tcp_cwr", "bit CWR of tcp_flags"),
    [F_TCP_WINDOW] =
        NUMBER("tcp_window", SOURCE_HEADER, 16, MAX16, "bytes", "window field; 0 without TCP"),
    [F_TCP_HDR_LEN] = NUMBER("tcp_hdr_len", SOURCE_HEADER, 6, 60, "bytes",
                             "TCP header with its options; 0 without TCP"),
    [F_IP_VERSION] =
        LEVEL_NUMBER("ip_version", LEVEL_BOTH, SOURCE_HEADER, 4, 15, "number", "4 or 6"),
    [F_IP_HDR_LEN] = NUMBER("ip_hdr_len", SOURCE_HEADER, 16, MAX16, "bytes",
                            "from the IP header to what it carries: options, extension and "
                            "authentication headers are in it"),
    [F_IP_DF] = FLAG("ip_df", "IPv4: may not be fragmented; 0 in IPv6, which has no such bit"),
    [F_IP_MF] = FLAG("ip_mf", "more fragments follow (IPv6: of the fragment header, 0 without)"),
    [F_FRAG_OFFSET] = NUMBER("frag_offset", SOURCE_HEADER, 16, MAX_FRAGMENT, "bytes",
                             "place of a fragment in its packet; 0 in the first and without"),
    [F_PROTO] = LEVEL_NUMBER("proto", LEVEL_BOTH, SOURCE_HEADER, 8, 255, "number",
                             "transport protocol (IPv6: after the extension headers)"),
    [F_FILTERS] =
        {"filters", ROLE_FACT, LEVEL_BOTH, SOURCE_NONE, 0, 0, "names",
         "named filters that it, or any packet of the flow, matches, with ; between them"},
    [F_TAG] = {"tag", ROLE_FACT, LEVEL_FLOW, SOURCE_NONE, 0, 0, "names",
               "what analysers said of the flow while it lasted, with ; between them"},
    [F_CLASS] = {"class", ROLE_LABEL, LEVEL_BOTH, SOURCE_NONE, 0, 0, "name", "the true class"},
    [F_PREDICTED] = {"predicted", ROLE_FACT, LEVEL_PACKET, SOURCE_NONE, 0, 0, "name",
                     "the class that a model gives"},
    [F_NO_VERDICT] = {"no_verdict", ROLE_FACT, LEVEL_PACKET, SOURCE_NONE, 0, 0, "name",
                      "why a classifier in the network gave none: first, collision or miss"},
    [F_TOKEN] = {"token", ROLE_FACT, LEVEL_PACKET, SOURCE_NONE, 0, 0, "name",
                 "direction (f, b) and component of a mixture: f12"},
    [F_STATE] = {"state", ROLE_FACT, LEVEL_PACKET, SOURCE_NONE, 0, 0, "number",
                 "state of a hidden Markov model, from 1"},
    [F_LOG_LIKELIHOOD] = {"log_likelihood", ROLE_FACT, LEVEL_PACKET, SOURCE_NONE, 0, 0, "nats",
                          "of the packet under a hidden Markov model, given those before it"},
    [F_CONFIDENCE] = {"confidence", ROLE_FACT, LEVEL_FLOW, SOURCE_NONE, 0, 0, "probability",
                      "of the most likely class of a flow classifier"},
    [F_NOVELTY] = {"novelty", ROLE_FACT, LEVEL_FLOW, SOURCE_NONE, 0, 0, "ratio",
                   "distance to what a flow classifier knows, by its threshold: above 1 unknown"},
    [F_CLUSTER] = {"cluster", ROLE_FACT, LEVEL_FLOW, SOURCE_NONE, 0, 0, "number",
                   "of the group of unknown flows, from 1, the largest first"},
    [F_START] = {"start", ROLE_ID, LEVEL_FLOW, SOURCE_NONE, 0, 0, "s",
                 "least packet time, seconds since the epoch with 9 decimals"},
    [F_END] = {"end", ROLE_ID, LEVEL_FLOW, SOURCE_NONE, 0, 0, "s", "greatest packet time"},
    [F_END_REASON] = {"end_reason", ROLE_FACT, LEVEL_FLOW, SOURCE_NONE, 0, 0, "name",
                      "idle, active, fin, rst, cap, first, file or input"},
    [F_ENDED] = {"ended", ROLE_ID, LEVEL_FLOW, SOURCE_NONE, 0, 0, "s",
                 "when its end was known, the order of rows; empty where the input ended it"},
    [F_FWD_START] = ID("fwd_start", LEVEL_FLOW, "s", "least packet time, forward"),
    [F_FWD_END] = ID("fwd_end", LEVEL_FLOW, "s", "greatest packet time, forward"),
    [F_BWD_START] = ID("bwd_start", LEVEL_FLOW, "s", "least packet time, backward"),
    [F_BWD_END] = ID("bwd_end", LEVEL_FLOW, "s", "greatest packet time, backward"),
    FEATURES_BOTH(BOTH_FIRST, BOTH_ROWS) FEATURES_WAY(WAY_FIRST, WAY_ROWS) FEATURES_WHOLE(WHOLE_ROW)
        FEATURES_BOTH_MORE(BOTH_ROWS) FEATURES_WAY_MORE(WAY_ROWS) FEATURES_WHOLE_MORE(WHOLE_ROW)
            FEATURES_CONTEXT(WHOLE_ROW) FEATURES_FACTS(FACT_ROW)
                FEATURES_SEQUENCE(WHOLE_FIRST, WHOLE_ROW)[F_EMB_N] = {
                    "emb_N", ROLE_FACT, LEVEL_FLOW, SOURCE_NONE, 0, 0, "number",
                    "N-th number of the last hidden layer of a flow classifier"}};

const struct feature *feature_at(enum feature_id id)
{
    return &features[id];
}

bool feature_numbered(enum feature_id id)
{
    return id >= F_LEN_N;
}

unsigned feature_number(const char *name)
{
    const char *const last = strrchr(name, '_');
    uint64_t n;

    if (!last || last[1] == '0' || num_u64(last + 1, strlen(last + 1), &n) != NUM_OK)
        return 0;
    return n <= FEATURE_PLACES ? (unsigned)n : 0;
}

/* "len_12" is "len_N". */
static bool is_named(enum feature_id id, const char *name)
{
    if (!feature_numbered(id))
        return strcmp(features[id].name, name) == 0;
    const size_t stem = strlen(features[id].name) - 1;
    return strncmp(features[id].name, name, stem) == 0 && !strchr(name + stem, '_') &&
           feature_number(name) > 0;
}

const struct feature *feature_find(const char *name)
{
    for (size_t i = 0; i < FEATURE_COUNT; i++)
        if (is_named((enum feature_id)i, name))
            return &features[i];
    return NULL;
}

enum feature_id feature_id(const struct feature *f)
{
    return (enum feature_id)(f - features);
}

const char *feature_role_name(enum feature_role role)
{
    static const char *const names[] = {"id", "feature", "fact", "label"};
    return names[role];
}

const char *feature_level_name(enum feature_level level)
{
    static const char *const names[] = {"packet", "flow", "both"};
    return names[level];
}

const char *feature_source_name(enum feature_source source)
{
    static const char *const names[] = {"-", "header", "register", "first"};
    return names[source];
}
