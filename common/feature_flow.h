/* The columns of flow level, once: feature.h makes their identifiers and feature.c their rows.
 *
 * X(ID, name, bits, max, unit, meaning), and S likewise where a program in the network can count it
 * over a flow's first packets. Those of FEATURES_BOTH stand for both directions together,
 * with fwd_ before the name for the forward one and bwd_ for the other, as three identifiers in
 * this order: F_ID, F_FWD_ID, F_BWD_ID. Those of FEATURES_WAY have no column for both, and those of
 * FEATURES_WHOLE no other. Those with MORE in their name came later: they stand behind. */
#ifndef WEIR_FEATURE_FLOW_H
#define WEIR_FEATURE_FLOW_H

#define FLOW_MAX ((UINT64_C(1) << 63) - 1)
#define FLOW_MAX32 UINT64_C(4294967295)
#define FLOW_MAX16 UINT64_C(65535)

#define FEATURES_SPREAD(S, X, ID, name, bits, max, unit, what)                                     \
    S(ID##_MIN, name "_min", bits, max, unit, "least " what)                                       \
    X(ID##_MEAN, name "_mean", bits, max, unit, "mean " what ", rounded down")                     \
    S(ID##_MAX, name "_max", bits, max, unit, "greatest " what)                                    \
    X(ID##_STD, name "_std", bits, max, unit, "standard deviation of " what ", rounded down")

#define FEATURES_FLAG(X, ID, name, flag)                                                           \
    X(ID, name, 32, FLOW_MAX32, "number", "TCP packets with " flag " set")

#define FEATURES_BOTH(S, X)                                                                        \
    S(PACKETS, "packets", 63, FLOW_MAX, "number", "packets")                                       \
    S(BYTES, "bytes", 63, FLOW_MAX, "bytes", "sum of len")                                         \
    S(DURATION, "duration", 63, FLOW_MAX, "ns", "from the least packet time to the greatest")      \
    FEATURES_SPREAD(S, X, LEN, "len", 16, FLOW_MAX16, "bytes", "len")                              \
    FEATURES_SPREAD(S, X, IAT, "iat", 63, FLOW_MAX, "ns", "gap between consecutive packets")       \
    FEATURES_SPREAD(S, X, PAYLOAD, "payload", 16, FLOW_MAX16, "bytes", "payload_len")              \
    S(PAYLOAD_BYTES, "payload_bytes", 63, FLOW_MAX, "bytes", "sum of payload_len")                 \
    S(PAYLOAD_PACKETS, "payload_packets", 63, FLOW_MAX, "number", "packets with a payload")        \
    FEATURES_FLAG(S, FIN, "fin", "FIN")                                                            \
    FEATURES_FLAG(S, SYN, "syn", "SYN")                                                            \
    FEATURES_FLAG(S, RST, "rst", "RST")                                                            \
    FEATURES_FLAG(S, PSH, "psh", "PSH")                                                            \
    FEATURES_FLAG(S, ACK, "ack", "ACK")                                                            \
    FEATURES_FLAG(S, URG, "urg", "URG")                                                            \
    FEATURES_FLAG(S, ECE, "ece", "ECE")                                                            \
    FEATURES_FLAG(S, CWR, "cwr", "CWR")                                                            \
    S(TCP_FLAGS_OR, "tcp_flags_or", 8, 255, "bits", "all tcp_flags together")                      \
    X(BYTES_PER_S, "bytes_per_s", 63, FLOW_MAX, "bytes", "bytes a second of duration")             \
    X(PACKETS_PER_S, "packets_per_s", 63, FLOW_MAX, "number", "packets a second of duration")

#define FEATURES_BIN(S, N, low)                                                                    \
    S(PAYLOAD_HIST_##N, "payload_hist_" #N, 32, FLOW_MAX32, "number",                              \
      "packets with a payload of " low " bytes")                                                   \
    S(IAT_HIST_##N, "iat_hist_" #N, 32, FLOW_MAX32, "number", "gaps of " low " ms")

#define FEATURES_WAY(S, X)                                                                         \
    S(INIT_WINDOW, "init_window", 16, FLOW_MAX16, "bytes", "window field of the first TCP packet") \
    S(TTL_MIN, "ttl_min", 8, 255, "hops", "least ttl")                                             \
    S(TTL_MAX, "ttl_max", 8, 255, "hops", "greatest ttl")                                          \
    S(DSCP_FIRST, "dscp_first", 6, 63, "code", "dscp of the first packet")                         \
    FEATURES_BIN(S, 0, "0 to 15")                                                                  \
    FEATURES_BIN(S, 1, "16 to 31")                                                                 \
    FEATURES_BIN(S, 2, "32 to 63")                                                                 \
    FEATURES_BIN(S, 3, "64 to 127")                                                                \
    FEATURES_BIN(S, 4, "128 to 255")                                                               \
    FEATURES_BIN(S, 5, "256 to 511")                                                               \
    FEATURES_BIN(S, 6, "512 to 1023")                                                              \
    FEATURES_BIN(S, 7, "1024 and more")                                                            \
    X(BURSTS, "bursts", 32, FLOW_MAX32, "number", "bursts: runs of at least 3 packets")            \
    X(BURST_PACKETS_MAX, "burst_packets_max", 32, FLOW_MAX32, "number", "most packets of a burst") \
    X(BURST_BYTES_MAX, "burst_bytes_max", 63, FLOW_MAX, "bytes", "most payload of a burst")        \
    X(BURST_DURATION_MAX, "burst_duration_max", 63, FLOW_MAX, "ns", "duration of the longest burst")

#define FEATURES_WHOLE(X)                                                                          \
    FEATURES_SPREAD(X, X, ACTIVE, "active", 63, FLOW_MAX, "ns", "time between two long gaps")      \
    FEATURES_SPREAD(X, X, IDLE, "idle", 63, FLOW_MAX, "ns", "long gap")

#define FEATURES_BOTH_MORE(X)                                                                      \
    X(L4_HDR_BYTES, "l4_hdr_bytes", 63, FLOW_MAX, "bytes", "TCP and UDP headers")                  \
    X(L4_HDR_MIN, "l4_hdr_min", 8, 60, "bytes", "shortest TCP or UDP header")                      \
    X(PAYLOAD_BYTES_PER_S, "payload_bytes_per_s", 63, FLOW_MAX, "bytes",                           \
      "payload_bytes a second of duration")

#define FEATURES_WAY_MORE(X)                                                                       \
    X(SYN_LEN, "syn_len", 16, FLOW_MAX16, "bytes", "len of the first packet with SYN set")         \
    X(BULKS, "bulks", 32, FLOW_MAX32, "number", "bulks: runs of at least 4 packets")               \
    X(BULK_PACKETS_MEAN, "bulk_packets_mean", 32, FLOW_MAX32, "number",                            \
      "mean packets of a bulk, rounded down")                                                      \
    X(BULK_BYTES_MEAN, "bulk_bytes_mean", 63, FLOW_MAX, "bytes",                                   \
      "mean payload of a bulk, rounded down")                                                      \
    X(BULK_BYTES_PER_S, "bulk_bytes_per_s", 63, FLOW_MAX, "bytes",                                 \
      "payload of bulks a second of their duration")                                               \
    X(SUBFLOW_PACKETS_MEAN, "subflow_packets_mean", 63, FLOW_MAX, "number",                        \
      "mean packets of a subflow, rounded down")                                                   \
    X(SUBFLOW_BYTES_MEAN, "subflow_bytes_mean", 63, FLOW_MAX, "bytes",                             \
      "mean payload of a subflow, rounded down")

#define FEATURES_WHOLE_MORE(X)                                                                     \
    X(SUBFLOWS, "subflows", 32, FLOW_MAX32, "number", "spans parted by gaps longer than 1 s")      \
    X(DOWN_UP_PERMILLE, "down_up_permille", 63, FLOW_MAX, "number",                                \
      "packets backward for 1000 forward, rounded down")                                           \
    X(PAYLOAD_RMS, "payload_rms", 16, FLOW_MAX16, "bytes",                                         \
      "root of the mean square of payload_len, rounded down")                                      \
    X(PAYLOAD_CHANGES, "payload_changes", 32, FLOW_MAX32, "number",                                \
      "packets whose payload_len is not that of the one before")

/* What else the hosts of a flow do. columns.c names the first and the last of them. */
#define FEATURES_CONTEXT(X)                                                                        \
    X(HOST_FLOWS, "host_flows", 32, FLOW_MAX32, "number",                                          \
      "flows of the forward host that go on at the last packet, itself included")                  \
    X(PAIR_FLOWS, "pair_flows", 32, FLOW_MAX32, "number",                                          \
      "flows between the two hosts that go on at the last packet, itself included")                \
    X(HOST_STARTS, "host_starts", 32, FLOW_MAX32, "number",                                        \
      "flows that the forward host began in the 300 s up to the last packet")                      \
    X(PAIR_STARTS, "pair_starts", 32, FLOW_MAX32, "number",                                        \
      "flows between the two hosts that began in the 300 s up to the last packet")                 \
    X(HOST_REPEATS, "host_repeats", 32, FLOW_MAX32, "number",                                      \
      "those of host_starts with the same address and port opposite and protocol")                 \
    X(HOST_REPEAT_GAP_MEAN, "host_repeat_gap_mean", 63, FLOW_MAX, "ns",                            \
      "mean time between those starts, rounded down")                                              \
    X(HOST_REPEAT_GAP_STD, "host_repeat_gap_std", 63, FLOW_MAX, "ns",                              \
      "standard deviation of the time between those starts, rounded down")

/* X(ID, name, unit, meaning): what a flow says in clear, as text. */
#define FEATURES_FACTS(X)                                                                          \
    X(APP_PROTOCOL, "app.protocol", "name", "protocol that the flow was recognised to begin with") \
    X(TLS_SNI, "tls.sni", "name", "TLS: server name in the ClientHello")                           \
    X(TLS_ALPN, "tls.alpn", "names", "TLS: protocols that the client offers (ALPN)")               \
    X(TLS_VERSION, "tls.version", "name", "TLS: greatest version that the client offers")          \
    X(TLS_JA3, "tls.ja3", "hex", "TLS: JA3 fingerprint of the ClientHello")                        \
    X(TLS_JA4, "tls.ja4", "name", "TLS: JA4 fingerprint of the ClientHello")                       \
    X(TLS_SERVER_VERSION, "tls.server_version", "name", "TLS: version that the server chose")      \
    X(TLS_CIPHER, "tls.cipher", "hex", "TLS: cipher suite that the server chose")                  \
    X(TLS_SERVER_ALPN, "tls.server_alpn", "name", "TLS: protocol that the server chose in clear")  \
    X(TLS_JA3S, "tls.ja3s", "hex", "TLS: JA3S fingerprint of the ServerHello")                     \
    X(QUIC_VERSION, "quic.version", "name", "QUIC: version of the first packet of a known one")    \
    X(QUIC_SNI, "quic.sni", "name", "QUIC: server name in the ClientHello")                        \
    X(QUIC_ALPN, "quic.alpn", "names", "QUIC: protocols that the client offers (ALPN)")            \
    X(QUIC_JA4, "quic.ja4", "name", "QUIC: JA4 fingerprint of the ClientHello")                    \
    X(DNS_QNAME, "dns.qname", "name", "DNS: name of the first question")                           \
    X(DNS_QTYPE, "dns.qtype", "name", "DNS: type of the first question")                           \
    X(DNS_RCODE, "dns.rcode", "name", "DNS: code of the response to it")                           \
    X(DNS_ANSWER_COUNT, "dns.answer_count", "number", "DNS: answers in that response")             \
    X(DNS_ANSWERS, "dns.answers", "names", "DNS: the first 16 of these answers")                   \
    X(HTTP_METHOD, "http.method", "name", "HTTP/1: method of the first request")                   \
    X(HTTP_HOST, "http.host", "name", "HTTP/1: its field Host")                                    \
    X(HTTP_PATH, "http.path", "name", "HTTP/1: its target, as it stands in the first line")        \
    X(HTTP_REFERER, "http.referer", "name", "HTTP/1: its field Referer")                           \
    X(HTTP_USER_AGENT, "http.user_agent", "name", "HTTP/1: its field User-Agent")                  \
    X(HTTP_STATUS, "http.status", "number", "HTTP/1: status of the first response")                \
    X(HTTP_CONTENT_TYPE, "http.content_type", "name", "HTTP/1: its field Content-Type")            \
    X(SSH_CLIENT, "ssh.client", "name", "SSH: first line of the client")                           \
    X(SSH_SERVER, "ssh.server", "name", "SSH: first line of the server")

/* X(ID, name, bits, max, unit, meaning): the i-th packet's, i from 1 in place of N. */
#define FEATURES_SEQUENCE(S, X)                                                                    \
    S(LEN_N, "len_N", 16, FLOW_MAX16, "bytes", "len of the N-th packet")                           \
    S(IAT_N, "iat_N", 63, FLOW_MAX, "ns", "gap before the N-th packet, both directions; iat_1: 0") \
    S(DIR_N, "dir_N", 1, 1, "flag", "dir of the N-th packet")                                      \
    X(PAYLOAD_LEN_N, "payload_len_N", 16, FLOW_MAX16, "bytes", "payload_len of the N-th packet")   \
    X(TCP_FLAGS_N, "tcp_flags_N", 8, 255, "bits", "tcp_flags of the N-th packet")

#endif
