/* The registry of columns: every column that Weir writes, in one table.
 *
 * From it come pcap2feat's columns and --list-fields, weir-features(7), the roles that tell
 * dt-train what may train, and the key widths and domains of switch tables. Adding a feature is one
 * row in feature.c and one function where it is computed. */
#ifndef WEIR_FEATURE_H
#define WEIR_FEATURE_H

#include "feature_flow.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum feature_role {
    ROLE_ID,      /* says which row this is: never trains */
    ROLE_FEATURE, /* a number a model may use */
    ROLE_FACT,    /* says something about the row, or is the outcome of a model: never trains */
    ROLE_LABEL,   /* the class */
};

enum feature_level {
    LEVEL_PACKET,
    LEVEL_FLOW,
    LEVEL_BOTH, /* in tables of either */
};

/* How a switch gets the value. */
enum feature_source {
    SOURCE_NONE,     /* it can't */
    SOURCE_HEADER,   /* from the packet's headers */
    SOURCE_REGISTER, /* from state it keeps */
    SOURCE_FIRST,    /* from what it counts over the first packets of a flow */
};

#define FEATURE_ONE_ID(ID, name, bits, max, unit, meaning) F_##ID,
#define FEATURE_FACT_ID(ID, name, unit, meaning) F_##ID,
#define FEATURE_WAY_IDS(ID, name, bits, max, unit, meaning) F_FWD_##ID, F_BWD_##ID,
#define FEATURE_BOTH_IDS(ID, name, bits, max, unit, meaning) F_##ID, F_FWD_##ID, F_BWD_##ID,

enum feature_id {
    F_FILE,
    F_FRAME,
    F_TS,
    F_SEQ,
    F_FLOW,
    F_SRC_IP,
    F_DST_IP,
    F_SRC_PORT,
    F_DST_PORT,
    F_SRC_MAC,
    F_DST_MAC,
    F_VLAN,
    F_DIR,
    F_IAT,
    F_LEN,
    F_DIFF_LEN,
    F_DIR_IAT,
    F_DIR_DIFF_LEN,
    F_CAP_IAT,
    F_CAP_DIFF_LEN,
    F_PAYLOAD_LEN,
    F_TTL,
    F_DSCP,
    F_ECN,
    F_TCP_FLAGS,
    F_TCP_FIN,
    F_TCP_SYN,
    F_TCP_RST,
    F_TCP_PSH,
    F_TCP_ACK,
    F_TCP_URG,
    F_TCP_ECE,
    F_TCP_CWR,
    F_TCP_WINDOW,
    F_TCP_HDR_LEN,
    F_IP_VERSION,
    F_IP_HDR_LEN,
    F_IP_DF,
    F_IP_MF,
    F_FRAG_OFFSET,
    F_PROTO,
    F_FILTERS,
    F_TAG,
    F_CLASS,
    F_PREDICTED,
    F_NO_VERDICT,
    F_TOKEN,
    F_STATE,
    F_LOG_LIKELIHOOD,
    F_CONFIDENCE,
    F_NOVELTY,
    F_CLUSTER,
    F_START,
    F_END,
    F_END_REASON,
    F_ENDED,
    F_FWD_START,
    F_FWD_END,
    F_BWD_START,
    F_BWD_END,
    FEATURES_BOTH(FEATURE_BOTH_IDS, FEATURE_BOTH_IDS) FEATURES_WAY(FEATURE_WAY_IDS, FEATURE_WAY_IDS)
        FEATURES_WHOLE(FEATURE_ONE_ID) FEATURES_BOTH_MORE(FEATURE_BOTH_IDS)
            FEATURES_WAY_MORE(FEATURE_WAY_IDS) FEATURES_WHOLE_MORE(FEATURE_ONE_ID)
                FEATURES_CONTEXT(FEATURE_ONE_ID) FEATURES_FACTS(FEATURE_FACT_ID)
                    FEATURES_SEQUENCE(FEATURE_ONE_ID, FEATURE_ONE_ID) F_EMB_N, /* the last */
    FEATURE_COUNT
};

struct feature {
    const char *name;
    enum feature_role role;
    enum feature_level level;
    enum feature_source source;
    unsigned bits; /* width of the number; 0: not a number */
    uint64_t max;  /* the largest value; 0 where bits is 0 */
    const char *unit;
    const char *meaning; /* one line */
};

const struct feature *feature_at(enum feature_id id);

/* The feature of that name, or NULL. A number stands for N: "len_12" is F_LEN_N. */
const struct feature *feature_find(const char *name);

/* Whether the feature is one of a numbered series (F_LEN_N…), and the number in the name of such a
 * one; 0 where it has none (from 1 to FEATURE_PLACES). */
enum { FEATURE_PLACES = 1000 };
bool feature_numbered(enum feature_id id);
unsigned feature_number(const char *name);
enum feature_id feature_id(const struct feature *f);

const char *feature_role_name(enum feature_role role);
const char *feature_level_name(enum feature_level level);
const char *feature_source_name(enum feature_source source);

#endif
