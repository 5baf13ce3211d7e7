#include "field.h"

#include <stdio.h>
#include <string.h>

static const unsigned needs_of[FEATURE_COUNT] = {
    [F_DIR] = NEED_FLOW | NEED_DIRECTION,
    [F_IAT] = NEED_FLOW | NEED_BOTH | NEED_BOTH_TS | NEED_ELAPSED,
    [F_DIFF_LEN] = NEED_FLOW | NEED_BOTH | NEED_BOTH_LEN | NEED_CHANGE,
    [F_DIR_IAT] = NEED_FLOW | NEED_SAME | NEED_SAME_TS | NEED_ELAPSED,
    [F_DIR_DIFF_LEN] = NEED_FLOW | NEED_SAME | NEED_SAME_LEN | NEED_CHANGE,
    [F_CAP_IAT] = NEED_CAPTURE | NEED_CAPTURE_TS | NEED_ELAPSED,
    [F_CAP_DIFF_LEN] = NEED_CAPTURE | NEED_CAPTURE_LEN | NEED_CHANGE,
    [F_PAYLOAD_LEN] = NEED_TRANSPORT | NEED_HEADER,
    [F_TCP_FLAGS] = NEED_TRANSPORT | NEED_TCP,
    [F_TCP_FIN] = NEED_TRANSPORT | NEED_TCP,
    [F_TCP_SYN] = NEED_TRANSPORT | NEED_TCP,
    [F_TCP_RST] = NEED_TRANSPORT | NEED_TCP,
    [F_TCP_PSH] = NEED_TRANSPORT | NEED_TCP,
    [F_TCP_ACK] = NEED_TRANSPORT | NEED_TCP,
    [F_TCP_URG] = NEED_TRANSPORT | NEED_TCP,
    [F_TCP_ECE] = NEED_TRANSPORT | NEED_TCP,
    [F_TCP_CWR] = NEED_TRANSPORT | NEED_TCP,
    [F_TCP_WINDOW] = NEED_TRANSPORT | NEED_TCP,
    [F_TCP_HDR_LEN] = NEED_TRANSPORT | NEED_TCP,
};

static void refuse(const struct fields *f, const char *name, struct err *e)
{
    char could[512] = "";

    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        const size_t used = strlen(could);
        if (f->values[i])
            (void)snprintf(could + used, sizeof could - used, "%s%s", used ? ", " : "",
                           feature_at((enum feature_id)i)->name);
    }
    const struct feature *const feature = feature_find(name);
    const bool of_flow = feature && feature->level == LEVEL_FLOW;
    err_set(e, "%s can't compute the feature '%s'%s; it could use %s", f->program, name,
            of_flow ? ", which is of flow level" : "", could);
}

unsigned fields_need(const struct fields *f, const struct model *m, struct err *e)
{
    unsigned needs = NEED_KNOWN;

    for (size_t i = 0; i < m->n_features; i++) {
        const char *const name = m->features[i].name;
        if (!feature_find(name) || !field_value(f, name)) {
            refuse(f, name, e);
            return 0;
        }
        needs |= field_needs(name);
    }
    return needs;
}

unsigned field_needs(const char *feature)
{
    return needs_of[feature_id(feature_find(feature))];
}

const char *field_value(const struct fields *f, const char *feature)
{
    return f->values[feature_id(feature_find(feature))];
}

uint64_t field_missing(const struct model *m, size_t i)
{
    return m->missing < m->features[i].max ? m->missing : m->features[i].max;
}
