#include "feature.h"

#include <string.h>

#define ID(name, unit, meaning)                                                                    \
    {                                                                                              \
        name, ROLE_ID, LEVEL_PACKET, SOURCE_NONE, 0, 0, unit, meaning                              \
    }
#define NUMBER(name, source, bits, max, unit, meaning)                                             \
    {                                                                                              \
        name, ROLE_FEATURE, LEVEL_PACKET, source, bits, max, unit, meaning                         \
    }

#define FLAG(name, meaning) NUMBER(name, SOURCE_HEADER, 1, 1, "flag", meaning)

#define MAX16 UINT64_C(65535)
#define MAX48 ((UINT64_C(1) << 48) - 1)
#define MAX_DIFF UINT64_C(131070)
#define MAX_FRAGMENT UINT64_C(65528)

static const struct feature features[FEATURE_COUNT] = {
    [F_FILE] = ID("file", "name", "capture file"),
    [F_FRAME] = ID("frame", "number", "place of the packet in its file, from 1"),
    [F_TS] = ID("ts", "s", "capture time, seconds since the epoch with 9 decimals"),
    [F_SEQ] = ID("seq", "number", "number of a report of a classifier in the network"),
    [F_FLOW] = ID("flow", "hex", "flow: 16 hex digits from file, key and first time"),
    [F_SRC_IP] = ID("src_ip", "address", "sender's IP address"),
    [F_DST_IP] = ID("dst_ip", "address", "receiver's IP address"),
    [F_SRC_PORT] = ID("src_port", "number", "sender's port; 0 without one or in a later fragment"),
    [F_DST_PORT] = ID("dst_port", "number", "receiver's port; 0 likewise"),
    [F_SRC_MAC] = ID("src_mac", "address", "sender's link-layer address"),
    [F_DST_MAC] = ID("dst_mac", "address", "receiver's link-layer address"),
    [F_VLAN] = ID("vlan", "number", "outermost VLAN identifier; missing without a tag"),
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
    [F_IP_VERSION] = NUMBER("ip_version", SOURCE_HEADER, 4, 15, "number", "4 or 6"),
    [F_IP_HDR_LEN] = NUMBER("ip_hdr_len", SOURCE_HEADER, 16, MAX16, "bytes",
                            "from the IP header to what it carries: options, extension and "
                            "authentication headers are in it"),
    [F_IP_DF] = FLAG("ip_df", "IPv4: may not be fragmented; 0 in IPv6, which has no such bit"),
    [F_IP_MF] = FLAG("ip_mf", "more fragments follow (IPv6: of the fragment header, 0 without)"),
    [F_FRAG_OFFSET] = NUMBER("frag_offset", SOURCE_HEADER, 16, MAX_FRAGMENT, "bytes",
                             "place of a fragment in its packet; 0 in the first and without"),
    [F_PROTO] = NUMBER("proto", SOURCE_HEADER, 8, 255, "number",
                       "transport protocol (IPv6: after the extension headers)"),
    [F_CLASS] = {"class", ROLE_LABEL, LEVEL_PACKET, SOURCE_NONE, 0, 0, "name", "the true class"},
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
};

const struct feature *feature_at(enum feature_id id)
{
    return &features[id];
}

const struct feature *feature_find(const char *name)
{
    for (size_t i = 0; i < FEATURE_COUNT; i++)
        if (strcmp(features[i].name, name) == 0)
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
    static const char *const names[] = {"packet", "flow"};
    return names[level];
}

const char *feature_source_name(enum feature_source source)
{
    static const char *const names[] = {"-", "header", "register"};
    return names[source];
}
