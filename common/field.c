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
    return f->values[feature_id(feature)] || feature->source == SOURCE_FIRST;
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

/* What a program that does not divide can have in the place of a mean or a rate, which stand for
 * both directions, forward and backward one behind the other: its parts. NULL where there are
 * none. */
static char *parts_of(const struct feature *feature)
{
    static const struct {
        enum feature_id id;
        const char *sum, *count;
    } parts[] = {
        {F_LEN_MEAN, "bytes", "packets"},
        {F_IAT_MEAN, "duration", "packets"},
        {F_PAYLOAD_MEAN, "payload_bytes", "packets"},
        {F_BYTES_PER_S, "bytes", "duration"},
        {F_PACKETS_PER_S, "packets", "duration"},
    };
    static const char *const ways[] = {"", "fwd_", "bwd_"};
    struct textbuf t = {0};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (size_t way = 0; way < 3; way++)
            if (feature_id(feature) == parts[i].id + way)
                textbuf_printf(&t, " (its parts are %s%s and %s%s)", ways[way], parts[i].sum,
                               ways[way], parts[i].count);
    return t.p;
}

static void refuse(const struct fields *f, const char *name, struct err *e)
{
    const struct feature *const feature = feature_find(name);
    const bool of_flow = feature && feature->level == LEVEL_FLOW;
    char *const could = alternatives(f, of_flow);
    char *const parts = of_flow ? parts_of(feature) : NULL;

    err_set(e, "%s can't compute the feature '%s'%s%s; it could use %s", f->program, name,
            of_flow ? ", which is of flow level" : "", parts ? parts : "", could);
    free(parts);
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
    return field_of_flow(feature) ? NEED_FLOW | NEED_FIRST | NEED_TRANSPORT
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
