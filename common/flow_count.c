#include "flow_count.h"

#include "field.h"

#define MS UINT64_C(1000000)

#define FLAG(ID, name, bit)                                                                        \
    {                                                                                              \
        F_##ID, COUNT_BOTH, COUNT_SUM, 16, name, .amount = AMOUNT_FLAG, .low = (bit)               \
    }
#define PAYLOAD_BIN(N, least, most)                                                                \
    {                                                                                              \
        F_FWD_PAYLOAD_HIST_##N, COUNT_WAYS, COUNT_SUM, 16, "payload_hist_" #N,                     \
            .amount = AMOUNT_PAYLOAD_WITHIN, .low = (least), .high = (most)                        \
    }
#define IAT_BIN(N, least, above)                                                                   \
    {                                                                                              \
        F_FWD_IAT_HIST_##N, COUNT_WAYS, COUNT_SUM, 16, "iat_hist_" #N,                             \
            .amount = AMOUNT_WAY_GAP_WITHIN, .low = (least), .high = (above)-1,                    \
            .when = WHEN_NOT_FIRST_OF_WAY, .helpers = HELP_LATEST                                  \
    }
#define HELPER(help, how, bits, name, amount_of)                                                   \
    {                                                                                              \
        FEATURE_COUNT, COUNT_HELPER, how, bits, name, .amount = (amount_of), .helpers = (help)     \
    }

const struct flow_count flow_counts[] = {
    {F_PACKETS, COUNT_BOTH, COUNT_PACKETS, .name = "packets"},
    {F_BYTES, COUNT_BOTH, COUNT_SUM, 32, "bytes", .amount = AMOUNT_LEN},
    {F_DURATION, COUNT_BOTH, COUNT_SPAN, .name = "duration",
     .helpers = HELP_EARLIEST | HELP_LATEST},
    {F_LEN_MIN, COUNT_BOTH, COUNT_LEAST, 16, "len_min", .amount = AMOUNT_LEN,
     .known = KNOWN_PACKET},
    {F_LEN_MAX, COUNT_BOTH, COUNT_GREATEST, 16, "len_max", .amount = AMOUNT_LEN,
     .known = KNOWN_PACKET},
    {F_IAT_MIN, COUNT_WHOLE, COUNT_LEAST, 64, "iat_min", .amount = AMOUNT_GAP,
     .when = WHEN_NOT_FIRST, .known = KNOWN_SECOND},
    {F_IAT_MAX, COUNT_WHOLE, COUNT_GREATEST, 64, "iat_max", .amount = AMOUNT_GAP,
     .when = WHEN_NOT_FIRST, .known = KNOWN_SECOND},
    {F_FWD_IAT_MIN, COUNT_WAYS, COUNT_LEAST, 64, "way_iat_min", .amount = AMOUNT_WAY_GAP,
     .when = WHEN_NOT_FIRST_OF_WAY, .known = KNOWN_SECOND, .helpers = HELP_LATEST},
    {F_FWD_IAT_MAX, COUNT_WAYS, COUNT_GREATEST, 64, "way_iat_max", .amount = AMOUNT_WAY_GAP,
     .when = WHEN_NOT_FIRST_OF_WAY, .known = KNOWN_SECOND, .helpers = HELP_LATEST},
    {F_PAYLOAD_MIN, COUNT_BOTH, COUNT_LEAST, 16, "payload_min", .amount = AMOUNT_PAYLOAD,
     .when = WHEN_DESCRIBED, .known = KNOWN_DESCRIBED, .helpers = HELP_DESCRIBED},
    {F_PAYLOAD_MAX, COUNT_BOTH, COUNT_GREATEST, 16, "payload_max", .amount = AMOUNT_PAYLOAD,
     .known = KNOWN_DESCRIBED, .helpers = HELP_DESCRIBED},
    {F_PAYLOAD_BYTES, COUNT_BOTH, COUNT_SUM, 32, "payload_bytes", .amount = AMOUNT_PAYLOAD},
    {F_PAYLOAD_PACKETS, COUNT_BOTH, COUNT_SUM, 16, "payload_packets",
     .amount = AMOUNT_PAYLOAD_WITHIN, .low = 1, .high = UINT16_MAX},
    FLAG(FIN, "fin", 0),
    FLAG(SYN, "syn", 1),
    FLAG(RST, "rst", 2),
    FLAG(PSH, "psh", 3),
    FLAG(ACK, "ack", 4),
    FLAG(URG, "urg", 5),
    FLAG(ECE, "ece", 6),
    FLAG(CWR, "cwr", 7),
    {F_TCP_FLAGS_OR, COUNT_BOTH, COUNT_BITS, 8, "tcp_flags_or", .amount = AMOUNT_FLAGS},
    {F_FWD_INIT_WINDOW, COUNT_WAYS, COUNT_ONCE, 16, "init_window", .amount = AMOUNT_WINDOW,
     .when = WHEN_FIRST_TCP_OF_WAY, .known = KNOWN_HEADER, .helpers = HELP_HEADER},
    {F_FWD_TTL_MIN, COUNT_WAYS, COUNT_LEAST, 8, "ttl_min", .amount = AMOUNT_TTL,
     .known = KNOWN_PACKET},
    {F_FWD_TTL_MAX, COUNT_WAYS, COUNT_GREATEST, 8, "ttl_max", .amount = AMOUNT_TTL,
     .known = KNOWN_PACKET},
    {F_FWD_DSCP_FIRST, COUNT_WAYS, COUNT_ONCE, 8, "dscp_first", .amount = AMOUNT_DSCP,
     .when = WHEN_FIRST_OF_WAY, .known = KNOWN_PACKET},
    PAYLOAD_BIN(0, 1, 15),
    PAYLOAD_BIN(1, 16, 31),
    PAYLOAD_BIN(2, 32, 63),
    PAYLOAD_BIN(3, 64, 127),
    PAYLOAD_BIN(4, 128, 255),
    PAYLOAD_BIN(5, 256, 511),
    PAYLOAD_BIN(6, 512, 1023),
    PAYLOAD_BIN(7, 1024, UINT16_MAX),
    IAT_BIN(0, 0, 16 * MS),
    IAT_BIN(1, 16 * MS, 32 * MS),
    IAT_BIN(2, 32 * MS, 64 * MS),
    IAT_BIN(3, 64 * MS, 128 * MS),
    IAT_BIN(4, 128 * MS, 256 * MS),
    IAT_BIN(5, 256 * MS, 512 * MS),
    IAT_BIN(6, 512 * MS, 1024 * MS),
    IAT_BIN(7, 1024 * MS, UINT64_MAX),
    {F_LEN_N, COUNT_WHOLE, COUNT_PLACE, 16, "lens", .amount = AMOUNT_LEN},
    {F_IAT_N, COUNT_WHOLE, COUNT_PLACE, 64, "gaps", .amount = AMOUNT_GAP},
    {F_DIR_N, COUNT_WHOLE, COUNT_PLACE, 8, "dirs", .amount = AMOUNT_WAY},
    HELPER(HELP_EARLIEST, COUNT_LEAST, 64, "earliest", AMOUNT_TS),
    HELPER(HELP_LATEST, COUNT_GREATEST, 64, "last", AMOUNT_TS),
    HELPER(HELP_DESCRIBED, COUNT_BITS, 8, "described", AMOUNT_DESCRIBED),
    HELPER(HELP_HEADER, COUNT_BITS, 8, "headers", AMOUNT_IS_TCP),
};

const size_t n_flow_counts = sizeof flow_counts / sizeof *flow_counts;

/* How many features a count has. */
static size_t n_features(enum count_shape shape)
{
    static const size_t n[] = {
        [COUNT_BOTH] = 3, [COUNT_WAYS] = 2, [COUNT_WHOLE] = 1, [COUNT_HELPER] = 0};

    return n[shape];
}

const struct flow_count *flow_count_of(const char *feature, enum flow_way *way)
{
    static const enum flow_way ways[] = {WAY_BOTH, WAY_FWD, WAY_BWD};
    const enum feature_id id = feature_id(feature_find(feature));

    for (size_t i = 0; i < n_flow_counts; i++) {
        const struct flow_count *const c = &flow_counts[i];
        if (id < c->id || id - c->id >= n_features(c->shape))
            continue;
        *way = ways[id - c->id + (c->shape == COUNT_WAYS)];
        return c;
    }
    return NULL;
}

bool flow_count_needed(const struct flow_count *c, enum flow_way way, const struct model *m)
{
    for (size_t i = 0; i < m->n_features; i++) {
        const char *const name = m->features[i].name;
        enum flow_way of_feature;
        const struct flow_count *const f =
            field_of_flow(name) ? flow_count_of(name, &of_feature) : NULL;
        if (f && of_feature == way &&
            (f == c || (c->shape == COUNT_HELPER && (f->helpers & c->helpers))))
            return true;
    }
    return false;
}

bool flow_count_used(const struct flow_count *c, const struct model *m)
{
    return flow_count_needed(c, WAY_BWD, m) || flow_count_needed(c, WAY_FWD, m) ||
           flow_count_needed(c, WAY_BOTH, m);
}
