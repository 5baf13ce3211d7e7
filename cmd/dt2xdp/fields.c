#include "fields.h"

#include "feature.h"

#include <stdio.h>
#include <string.h>

static const struct field fields[FEATURE_COUNT] = {
    [F_DIR] = {NEED_FLOW, "forward"},
    [F_IAT] = {NEED_FLOW | NEED_BOTH, "elapsed(p->ts, latest(s))"},
    [F_LEN] = {0, "p->len"},
    [F_DIFF_LEN] = {NEED_FLOW | NEED_BOTH, "change(p->len, s->last_len[s->last_forward & 1])"},
    [F_DIR_IAT] = {NEED_FLOW | NEED_SAME, "elapsed(p->ts, s->last_ts[forward])"},
    [F_DIR_DIFF_LEN] = {NEED_FLOW | NEED_SAME, "change(p->len, s->last_len[forward])"},
    [F_CAP_IAT] = {NEED_CAPTURE, "elapsed(p->ts, c->last_ts)"},
    [F_CAP_DIFF_LEN] = {NEED_CAPTURE, "change(p->len, c->last_len)"},
    [F_PAYLOAD_LEN] = {NEED_TRANSPORT, "p->payload_len"},
    [F_TTL] = {0, "p->ttl"},
    [F_DSCP] = {0, "p->dscp"},
    [F_TCP_FLAGS] = {NEED_TRANSPORT, "p->tcp_flags"},
    [F_TCP_WINDOW] = {NEED_TRANSPORT, "p->tcp_window"},
    [F_IP_VERSION] = {0, "p->ip_version"},
    [F_PROTO] = {0, "p->proto"},
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
    err_set(e, "an XDP program can't compute the feature '%s'; it could use %s", name, could);
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
