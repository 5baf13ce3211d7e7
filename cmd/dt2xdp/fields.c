#include "fields.h"

const struct fields fields = {
    .program = "an XDP program",
    .values =
        {
            [F_DIR] = "forward",
            [F_IAT] = "elapsed(p->ts, latest(s))",
            [F_LEN] = "p->len",
            [F_DIFF_LEN] = "change(p->len, s->last_len[s->last_forward & 1])",
            [F_DIR_IAT] = "elapsed(p->ts, s->last_ts[forward])",
            [F_DIR_DIFF_LEN] = "change(p->len, s->last_len[forward])",
            [F_CAP_IAT] = "elapsed(p->ts, c->last_ts)",
            [F_CAP_DIFF_LEN] = "change(p->len, c->last_len)",
            [F_PAYLOAD_LEN] = "p->payload_len",
            [F_TTL] = "p->ttl",
            [F_DSCP] = "p->dscp",
            [F_TCP_FLAGS] = "p->tcp_flags",
            [F_TCP_WINDOW] = "p->tcp_window",
            [F_IP_VERSION] = "p->ip_version",
            [F_PROTO] = "p->proto",
        },
};
