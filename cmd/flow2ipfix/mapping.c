#include "mapping.h"

#include "mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { CERT = 6871, CESNET = 8057, REVERSE = FB_IE_PEN_REVERSE };

#define IANA(id, convert)                                                                          \
    {                                                                                              \
        0, id, convert, 0, 0, NULL                                                                 \
    }
#define TEXT(pen, id, name)                                                                        \
    {                                                                                              \
        pen, id, CONVERT_STRING, FB_STRING, FB_IE_VARLEN, name                                     \
    }

/* What fwd_X becomes, bwd_X becomes with REVERSE (RFC 5103). */
static const struct {
    const char *column;
    struct target target;
} standards[] = {
    {"start", IANA(156, CONVERT_NTP)},            /* flowStartNanoseconds */
    {"start", IANA(152, CONVERT_MS)},             /* flowStartMilliseconds */
    {"end", IANA(157, CONVERT_NTP)},              /* flowEndNanoseconds */
    {"end", IANA(153, CONVERT_MS)},               /* flowEndMilliseconds */
    {"src_ip", IANA(8, CONVERT_IP)},              /* sourceIPv4Address, or 27 */
    {"dst_ip", IANA(12, CONVERT_IP)},             /* destinationIPv4Address, or 28 */
    {"src_port", IANA(7, CONVERT_UINT)},          /* sourceTransportPort */
    {"dst_port", IANA(11, CONVERT_UINT)},         /* destinationTransportPort */
    {"proto", IANA(4, CONVERT_UINT)},             /* protocolIdentifier */
    {"ip_version", IANA(60, CONVERT_UINT)},       /* ipVersion */
    {"vlan", IANA(58, CONVERT_UINT)},             /* vlanId */
    {"src_mac", IANA(56, CONVERT_MAC)},           /* sourceMacAddress */
    {"dst_mac", IANA(80, CONVERT_MAC)},           /* destinationMacAddress */
    {"flow", IANA(148, CONVERT_HEX)},             /* flowId */
    {"end_reason", IANA(136, CONVERT_REASON)},    /* flowEndReason */
    {"predicted", IANA(96, CONVERT_STRING)},      /* applicationName */
    {"fwd_bytes", IANA(1, CONVERT_UINT)},         /* octetDeltaCount */
    {"fwd_packets", IANA(2, CONVERT_UINT)},       /* packetDeltaCount */
    {"fwd_tcp_flags_or", IANA(6, CONVERT_UINT)},  /* tcpControlBits */
    {"fwd_len_min", IANA(25, CONVERT_UINT)},      /* minimumIpTotalLength */
    {"fwd_len_max", IANA(26, CONVERT_UINT)},      /* maximumIpTotalLength */
    {"fwd_ttl_min", IANA(52, CONVERT_UINT)},      /* minimumTTL */
    {"fwd_ttl_max", IANA(53, CONVERT_UINT)},      /* maximumTTL */
    {"fwd_init_window", IANA(186, CONVERT_UINT)}, /* tcpWindowSize */
    {"fwd_dscp_first", IANA(195, CONVERT_UINT)},  /* ipDiffServCodePoint */
    {"fwd_syn", IANA(218, CONVERT_UINT)},         /* tcpSynTotalCount */
    {"fwd_fin", IANA(219, CONVERT_UINT)},         /* tcpFinTotalCount */
    {"fwd_rst", IANA(220, CONVERT_UINT)},         /* tcpRstTotalCount */
    {"fwd_psh", IANA(221, CONVERT_UINT)},         /* tcpPshTotalCount */
    {"fwd_ack", IANA(222, CONVERT_UINT)},         /* tcpAckTotalCount */
    {"fwd_urg", IANA(223, CONVERT_UINT)},         /* tcpUrgTotalCount */
    {"tls.sni", TEXT(CESNET, 808, "tlsSNI")},
    {"tls.ja4", TEXT(CESNET, 809, "tlsJA4")},
    {"dns.qname", TEXT(CESNET, 2, "dnsName")},
    {"http.method", TEXT(CESNET, 200, "httpMethod")},
    {"http.host", TEXT(CERT, 117, "httpHost")},
    {"http.referer", TEXT(CERT, 115, "httpReferer")},
    {"http.user_agent", TEXT(CERT, 111, "httpUserAgent")},
};

#define OWN_ITEM(id, type, length, name)                                                           \
    {                                                                                              \
        MAPPING_PEN, id, CONVERT_UINT, type, length, name                                          \
    }
#define BINS(id, name)                                                                             \
    {                                                                                              \
        CESNET, id, CONVERT_UINT, FB_UINT_32, 4, name                                              \
    }

static const struct series series[] = {
    {"len_", 1, 0, OWN_ITEM(61, FB_UINT_16, 2, "weirLen")},
    {"iat_", 1, 0, OWN_ITEM(62, FB_UINT_64, 8, "weirIat")},
    {"dir_", 1, 0, {CESNET, 1016, CONVERT_SIGN, FB_INT_8, 1, "packetDirection"}},
    {"fwd_payload_hist_", 0, 8, BINS(1060, "phistSrcSizes")},
    {"bwd_payload_hist_", 0, 8, BINS(1062, "phistDstSizes")},
    {"fwd_iat_hist_", 0, 8, OWN_ITEM(MAPPING_FORWARD + 63, FB_UINT_32, 4, "weirFwdIatHist")},
    {"bwd_iat_hist_", 0, 8, OWN_ITEM(MAPPING_BACKWARD + 63, FB_UINT_32, 4, "weirBwdIatHist")},
};

/* The own set: a name's place, from 1, is its number for ever. New names go to the end. */
static const char *const own_names[] = {
    "packets",
    "bytes",
    "duration",
    "len_min",
    "len_mean",
    "len_max",
    "len_std",
    "iat_min",
    "iat_mean",
    "iat_max",
    "iat_std",
    "payload_min",
    "payload_mean",
    "payload_max",
    "payload_std",
    "payload_bytes",
    "payload_packets",
    "fin",
    "syn",
    "rst",
    "psh",
    "ack",
    "urg",
    "ece",
    "cwr",
    "tcp_flags_or",
    "bytes_per_s",
    "packets_per_s",
    "init_window",
    "ttl_min",
    "ttl_max",
    "dscp_first",
    "payload_hist_0",
    "payload_hist_1",
    "payload_hist_2",
    "payload_hist_3",
    "payload_hist_4",
    "payload_hist_5",
    "payload_hist_6",
    "payload_hist_7",
    "iat_hist_0",
    "iat_hist_1",
    "iat_hist_2",
    "iat_hist_3",
    "iat_hist_4",
    "iat_hist_5",
    "iat_hist_6",
    "iat_hist_7",
    "bursts",
    "burst_packets_max",
    "burst_bytes_max",
    "burst_duration_max",
    "active_min",
    "active_mean",
    "active_max",
    "active_std",
    "idle_min",
    "idle_mean",
    "idle_max",
    "idle_std",
    "len_N",
    "iat_N",
    "iat_hist",
    "file",
    "class",
    "end_reason",
    "start",
    "end",
    "l4_hdr_bytes",
    "l4_hdr_min",
    "payload_bytes_per_s",
    "syn_len",
    "bulks",
    "bulk_packets_mean",
    "bulk_bytes_mean",
    "bulk_bytes_per_s",
    "subflow_packets_mean",
    "subflow_bytes_mean",
    "subflows",
    "down_up_permille",
    "payload_rms",
    "payload_changes",
    "payload_len_N",
    "tcp_flags_N",
    "tag",
    "ended",
    "filters",
    "app.protocol",
    "tls.alpn",
    "tls.version",
    "tls.ja3",
    "tls.server_version",
    "tls.cipher",
    "tls.server_alpn",
    "tls.ja3s",
    "quic.version",
    "quic.sni",
    "quic.alpn",
    "quic.ja4",
    "dns.qtype",
    "dns.rcode",
    "dns.answer_count",
    "dns.answers",
    "http.path",
    "http.status",
    "http.content_type",
    "ssh.client",
    "ssh.server",
    "host_flows",
    "pair_flows",
    "host_starts",
    "pair_starts",
    "host_repeats",
    "host_repeat_gap_mean",
    "host_repeat_gap_std",
    "confidence",
    "novelty",
    "cluster",
};

static bool begins(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

size_t mapping_standard(const char *column, struct target targets[MAPPING_MOST])
{
    const bool backward = begins(column, "bwd_");
    size_t n = 0;

    for (size_t i = 0; i < sizeof standards / sizeof *standards && n < MAPPING_MOST; i++) {
        const char *const name = standards[i].column;
        if (backward ? !begins(name, "fwd_") || strcmp(name + 4, column + 4) != 0
                     : strcmp(name, column) != 0)
            continue;
        targets[n] = standards[i].target;
        if (backward)
            targets[n].pen = REVERSE;
        n++;
    }
    return n;
}

bool mapping_is_own(const char *column)
{
    struct target standard[MAPPING_MOST];

    /* flowEndReason does not tell FIN from RST. */
    return strcmp(column, "end_reason") == 0 || mapping_standard(column, standard) == 0;
}

uint16_t mapping_own_id(const char *column)
{
    const bool forward = begins(column, "fwd_"), backward = begins(column, "bwd_");
    const char *const stem = forward || backward ? column + 4 : column;

    for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++)
        if (strcmp(own_names[i], stem) == 0)
            return (uint16_t)(i + 1 +
                              (forward    ? MAPPING_FORWARD
                               : backward ? MAPPING_BACKWARD
                                          : 0));
    return 0;
}

struct target mapping_own(const char *column, uint32_t pen, uint16_t id)
{
    const struct feature *const f = feature_find(column);
    struct target t = {pen, id, CONVERT_STRING, FB_STRING, FB_IE_VARLEN, NULL};

    if (!f || f->role != ROLE_FEATURE || f->bits == 0)
        return t;
    t.convert = CONVERT_UINT;
    t.length = f->bits <= 8 ? 1 : f->bits <= 16 ? 2 : f->bits <= 32 ? 4 : 8;
    t.type = t.length == 1   ? FB_UINT_8
             : t.length == 2 ? FB_UINT_16
             : t.length == 4 ? FB_UINT_32
                             : FB_UINT_64;
    return t;
}

char *mapping_own_name(const char *column)
{
    static const char head[] = "weir";
    char *const name = mem_alloc(sizeof head + strlen(column), 1);
    char *p = name + strlen(head);
    bool capital = true;

    memcpy(name, head, strlen(head));
    for (; *column; column++) {
        if (*column == '_' || *column == '.') {
            capital = true;
            continue;
        }
        *p++ = capital ? (char)toupper((unsigned char)*column) : *column;
        capital = false;
    }
    *p = '\0';
    return name;
}

bool mapping_pen_is_free(uint32_t pen)
{
    return pen != CERT && pen != CESNET && pen != REVERSE;
}

const struct series *mapping_series(size_t i)
{
    return i < sizeof series / sizeof *series ? &series[i] : NULL;
}
