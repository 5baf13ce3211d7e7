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
            [F_TCP_FLAGS] = "meta.packet.tcp_flags",
            [F_TCP_WINDOW] = "meta.packet.tcp_window",
            [F_IP_VERSION] = "meta.packet.ip_version",
            [F_PROTO] = "meta.packet.proto",
        },
};
