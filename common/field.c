#include "field.h"

#include "textbuf.h"

#include <stdlib.h>
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

bool field_of_flow(const char *feature)
{
    return feature_find(feature)->level == LEVEL_FLOW;
}

static bool can_compute(const struct fields *f, const struct feature *feature)
{
    return f->values[feature_id(feature)] || (f->of_flows && feature->source == SOURCE_FIRST);
}

/* Whether a list of features names it: bwd_ goes without saying where it names fwd_ or both. */
static bool is_listed(const struct fields *f, const struct feature *feature, bool of_flow)
{
    return can_compute(f, feature) && (feature->level == LEVEL_FLOW) == of_flow &&
           strncmp(feature->name, "bwd_", 4) != 0 &&
           (strncmp(feature->name, "fwd_", 4) != 0 || !feature_find(feature->name + 4));
}

/* The features that could stand instead, of the level of the one that can't. */
static char *alternatives(const struct fields *f, bool of_flow)
{
    struct textbuf t = {0};

    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        const struct feature *const feature = feature_at((enum feature_id)i);
        if (is_listed(f, feature, of_flow))
            textbuf_printf(&t, "%s%s", t.n ? ", " : "", feature->name);
    }
    if (of_flow)
        textbuf_put(&t, " (of one direction with fwd_ or bwd_ before the name)");
    return t.p;
}

static void refuse(const struct fields *f, const char *name, struct err *e)
{
    const struct feature *const feature = feature_find(name);
    const bool of_flow = feature && feature->level == LEVEL_FLOW;
    char *const could = alternatives(f, of_flow && f->of_flows);

    err_set(e, "%s can't compute the feature '%s'%s; it could use %s", f->program, name,
            of_flow ? ", which is of flow level" : "", could);
    free(could);
}

/* Features of packets and of flows stand in no table together; those of both go with either. */
static bool of_one_level(const struct model *m, struct err *e)
{
    const char *of_packet = NULL, *of_flow = NULL;

    for (size_t i = 0; i < m->n_features; i++) {
        const char *const name = m->features[i].name;
        const enum feature_level level = feature_find(name)->level;
        if (level == LEVEL_PACKET)
            of_packet = name;
        else if (level == LEVEL_FLOW)
            of_flow = name;
    }
    return !of_packet || !of_flow ||
           err_set(e, "the model mixes features of packets ('%s') with features of flows ('%s')",
                   of_packet, of_flow);
}

unsigned fields_need(const struct fields *f, const struct model *m, struct err *e)
{
    unsigned needs = NEED_KNOWN;

    for (size_t i = 0; i < m->n_features; i++) {
        const char *const name = m->features[i].name;
        const struct feature *const feature = feature_find(name);
        if (!feature || !can_compute(f, feature)) {
            refuse(f, name, e);
            return 0;
        }
        needs |= field_needs(name);
    }
    return of_one_level(m, e) ? needs : 0;
}

unsigned field_needs(const char *feature)
{
    return field_of_flow(feature) ? NEED_FLOW | NEED_FIRST
                                  : needs_of[feature_id(feature_find(feature))];
}

const char *field_value(const struct fields *f, const char *feature)
{
    return f->values[feature_id(feature_find(feature))];
}

uint64_t field_missing(const struct model *m, size_t i)
{
    return m->missing < m->features[i].max ? m->missing : m->features[i].max;
}
