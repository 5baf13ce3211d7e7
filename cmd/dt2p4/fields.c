#include "fields.h"

#include "feature.h"

#include <stdio.h>
#include <string.h>

static const struct field fields[FEATURE_COUNT] = {
    [F_DIR] = {NEED_FLOW | NEED_DIRECTION, "meta.from_high ^ opener ^ 1"},
    [F_IAT] = {NEED_FLOW | NEED_BOTH | NEED_ELAPSED, "elapsed(meta.packet.ts, last_ts)"},
    [F_LEN] = {0, "meta.packet.len"},
    [F_DIFF_LEN] = {NEED_FLOW | NEED_BOTH | NEED_BOTH_LEN | NEED_CHANGE,
                    "change(meta.packet.len, last_len)"},
    [F_DIR_IAT] = {NEED_FLOW | NEED_SAME | NEED_SAME_TS | NEED_ELAPSED,
                   "elapsed(meta.packet.ts, side_last_ts)"},
    [F_DIR_DIFF_LEN] = {NEED_FLOW | NEED_SAME | NEED_SAME_LEN | NEED_CHANGE,
                        "change(meta.packet.len, side_last_len)"},
    [F_CAP_IAT] = {NEED_CAPTURE | NEED_CAPTURE_TS | NEED_ELAPSED,
                   "elapsed(meta.packet.ts, capture_last_ts)"},
    [F_CAP_DIFF_LEN] = {NEED_CAPTURE | NEED_CAPTURE_LEN | NEED_CHANGE,
                        "change(meta.packet.len, capture_last_len)"},
    [F_PAYLOAD_LEN] = {NEED_TRANSPORT, "meta.packet.payload_len"},
    [F_TTL] = {0, "meta.packet.ttl"},
    [F_DSCP] = {0, "meta.packet.dscp"},
    [F_TCP_FLAGS] = {NEED_TRANSPORT, "meta.packet.tcp_flags"},
    [F_TCP_WINDOW] = {NEED_TRANSPORT, "meta.packet.tcp_window"},
    [F_IP_VERSION] = {0, "meta.packet.ip_version"},
    [F_PROTO] = {0, "meta.packet.proto"},
};

const struct field *field_of(const char *name, struct err *e)
{
    const struct feature *const f = feature_find(name);
    char could[256] = "";

    if (f && fields[feature_id(f)].value)
        return &fields[feature_id(f)];
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        const size_t used = strlen(could);
        if (fields[i].value)
            (void)snprintf(could + used, sizeof could - used, "%s%s", used ? ", " : "",
                           feature_at((enum feature_id)i)->name);
    }
    err_set(e, "a P4 program can't compute the feature '%s'; it could use %s", name, could);
    return NULL;
}

unsigned field_needs(const struct model *m, struct err *e)
{
    unsigned needs = NEED_KNOWN;

    for (size_t i = 0; i < m->n_features; i++) {
        const struct field *const f = field_of(m->features[i].name, e);
        if (!f)
            return 0;
        needs |= f->needs;
    }
    return needs;
}
