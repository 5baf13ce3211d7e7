#include "fields.h"

const struct fields fields = {
    .program = "a P4 program",
    .values =
        {
            [F_DIR] = "meta.from_high ^ opener ^ 1",
            [F_IAT] = "elapsed(meta.packet.ts, last_ts)",
            [F_LEN] = "meta.packet.len",
            [F_DIFF_LEN] = "change(meta.packet.len, last_len)",
            [F_DIR_IAT] = "elapsed(meta.packet.ts, side_last_ts)",
            [F_DIR_DIFF_LEN] = "change(meta.packet.len, side_last_len)",
            [F_CAP_IAT] = "elapsed(meta.packet.ts, capture_last_ts)",
            [F_CAP_DIFF_LEN] = "change(meta.packet.len, capture_last_len)",
            [F_PAYLOAD_LEN] = "meta.packet.payload_len",
            [F_TTL] = "meta.packet.ttl",
            [F_DSCP] = "meta.packet.dscp",
            [F_ECN] = "hdr.ipv4.isValid() ? hdr.ipv4.ecn : hdr.ipv6.ecn",
            [F_TCP_FLAGS] = "meta.packet.tcp_flags",
            [F_TCP_FIN] = "meta.packet.tcp_flags[0:0]",
            [F_TCP_SYN] = "meta.packet.tcp_flags[1:1]",
            [F_TCP_RST] = "meta.packet.tcp_flags[2:2]",
            [F_TCP_PSH] = "meta.packet.tcp_flags[3:3]",
            [F_TCP_ACK] = "meta.packet.tcp_flags[4:4]",
            [F_TCP_URG] = "meta.packet.tcp_flags[5:5]",
            [F_TCP_ECE] = "meta.packet.tcp_flags[6:6]",
            [F_TCP_CWR] = "meta.packet.tcp_flags[7:7]",
            [F_TCP_WINDOW] = "meta.packet.tcp_window",
            [F_TCP_HDR_LEN] = "meta.packet.tcp_hdr_len",
            [F_IP_VERSION] = "meta.packet.ip_version",
            [F_IP_HDR_LEN] =
                "(hdr.ipv4.isValid() ? (bit<32>)hdr.ipv4.ihl * 4 : 40) + meta.extensions",
            [F_IP_DF] = "hdr.ipv4.isValid() ? hdr.ipv4.dont_fragment : 0",
            [F_IP_MF] = "meta.more_fragments",
            [F_FRAG_OFFSET] = "meta.fragment_offset ++ 3w0",
            [F_PROTO] = "meta.packet.proto",
        },
};
