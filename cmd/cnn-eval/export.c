#include "export.h"

#include "cnn_input.h"
#include "cnn_near.h"
#include "lines.h"
#include "mem.h"
#include "nn_onnx.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An empty field; double precision holds what columns hold. */
#define EMPTY "NaN"

static const struct onnx_side flows = {.any = "flows"};

static const char *number(struct onnx *x, double v)
{
    return onnx_doubles(x, 0, NULL, &v);
}

static const char *to_type(struct onnx *x, const char *value, enum onnx_type type)
{
    return onnx_op_set(x, "Cast", value, "to", type);
}

static const char *by_number(struct onnx *x, const char *operator, const char * value, double v)
{
    return onnx_op(x, operator, value, number(x, v), NULL);
}

/* What knots make of a number: their stretches begin at `low` and are `wide`, n of them along an
 * axis that the value has one of, or n of. */
static const char *put_places(struct onnx *x, const char *value, size_t n_sides,
                              const size_t *sides, const double *low, const double *wide)
{
    const char *const above = onnx_op(x, "Sub", value, onnx_doubles(x, n_sides, sides, low), NULL),
                      *const share =
                          onnx_op(x, "Div", above, onnx_doubles(x, n_sides, sides, wide), NULL);

    return by_number(x, "Sub", onnx_op(x, "Clip", share, number(x, 0), number(x, 1)), 0.5);
}

static void take_knots(const struct knots *k, double *low, double *wide)
{
    for (size_t i = 1; i < k->n; i++) {
        low[i - 1] = k->at[i - 1];
        wide[i - 1] = k->at[i] - k->at[i - 1];
    }
}

/* Of packets: the places become channels. NULL without knots. */
static const char *put_packet_places(struct onnx *x, const struct knots *k, const char *value)
{
    const size_t sides[] = {knots_count(k), 1};
    double *const low = mem_alloc(2 * sides[0], sizeof *low), *const wide = low + sides[0];

    take_knots(k, low, wide);
    const char *const places =
        sides[0] > 0 ? put_places(x, value, sizeof sides / sizeof *sides, sides, low, wide) : NULL;
    free(low);
    return places;
}

/* What of a packet goes into the network, with an axis for channels; values: of each sequence, NULL
 * where there is none. The same as cnn_encode() has. */
static const char *channels(struct onnx *x, const struct cnn *m, const char *there,
                            const char *const values[CNN_SEQUENCES])
{
    const char *sign = NULL, *len = NULL, *iat = NULL, *len_places = NULL, *iat_places = NULL;

    if (values[CNN_DIR])
        sign = by_number(x, "Sub", by_number(x, "Mul", values[CNN_DIR], 2), 1);
    if (values[CNN_LEN]) {
        const char *const bytes =
            sign ? onnx_op(x, "Mul", values[CNN_LEN], sign, NULL) : values[CNN_LEN];
        len = by_number(x, "Div", bytes, CNN_LEN_UNIT);
        len_places = put_packet_places(x, &m->knots[CNN_LEN], bytes);
    }
    if (values[CNN_IAT]) {
        iat = by_number(x, "Add", by_number(x, "Div", values[CNN_IAT], CNN_IAT_UNIT), 1);
        iat = onnx_op(x, "Log", iat, NULL, NULL);
        iat = by_number(x, "Div", iat, CNN_IAT_DECADES * log(10));
        iat_places = put_packet_places(x, &m->knots[CNN_IAT], values[CNN_IAT]);
    }
    const char *const is_there = to_type(x, there, ONNX_DOUBLE), *const all[] = {
                                                                     is_there,   len,
                                                                     iat,        sign,
                                                                     len_places, iat_places};
    onnx_begin(x, "Concat");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i])
            onnx_take(x, all[i]);
    onnx_set(x, "axis", 1);
    return onnx_give(x);
}

/* A place of which nothing, or not all, is known has no packet. */
static const char *put_packets(struct onnx *x, const struct cnn *m)
{
    const size_t n = (size_t)__builtin_popcount(m->sequences);
    const struct onnx_side sides[] = {flows, {.n = m->places}, {.n = n}};
    const char *const in = onnx_input(x, "packets", ONNX_DOUBLE, 3, sides,
                                      "the columns of each packet, " EMPTY " for empty ones");
    const char *const turned = onnx_turn(x, in, 0, 2, 1),
                      *const sum = onnx_op_axis(x, "ReduceSum", turned, 1),
                      *const there =
                          onnx_op(x, "Not", onnx_op(x, "IsNaN", sum, NULL, NULL), NULL, NULL);
    const char *values[CNN_SEQUENCES] = {0};

    onnx_begin(x, "Split");
    onnx_take(x, turned);
    onnx_set(x, "axis", 1);
    for (int s = 0; s < CNN_SEQUENCES; s++)
        if (m->sequences >> s & 1)
            values[s] = onnx_give(x);
    const char *const all = channels(x, m, there, values);
    return to_type(x, onnx_op(x, "Where", there, all, number(x, 0)), ONNX_FLOAT);
}

/* ln(1 + |x|) with the sign of x, of the statistics that ask for it. */
static const char *put_logarithms(struct onnx *x, const struct cnn *m, const char *in)
{
    uint8_t *const asked = mem_alloc(m->n_stats, sizeof *asked);
    size_t n = 0;

    for (size_t i = 0; i < m->n_stats; i++)
        n += asked[i] = m->stats[i].log;
    const char *const which = n > 0 ? onnx_bools(x, 1, &m->n_stats, asked) : NULL;
    free(asked);
    if (!which)
        return in;
    const char *const absolute = onnx_op(x, "Abs", in, NULL, NULL),
                      *const beyond = by_number(x, "Add", absolute, 1),
                      *const logarithm = onnx_op(x, "Log", beyond, NULL, NULL),
                      *const sign = onnx_op(x, "Sign", in, NULL, NULL);
    return onnx_op(x, "Where", which, onnx_op(x, "Mul", logarithm, sign, NULL), in);
}

static const char *put_standardised(struct onnx *x, const struct cnn *m, const char *in)
{
    double *const means = mem_alloc(m->n_stats, sizeof *means), *const deviations = mem_alloc(
                                                                    m->n_stats, sizeof *deviations);

    for (size_t i = 0; i < m->n_stats; i++) {
        means[i] = m->stats[i].mean;
        deviations[i] = m->stats[i].deviation;
    }
    const char *const from = put_logarithms(x, m, in), *const away = onnx_op(
                                                           x, "Sub", from,
                                                           onnx_doubles(x, 1, &m->n_stats, means),
                                                           NULL);
    const char *const result =
        onnx_op(x, "Div", away, onnx_doubles(x, 1, &m->n_stats, deviations), NULL);
    free(means);
    free(deviations);
    return result;
}

static const char *gather(struct onnx *x, const char *from, size_t n, const int64_t *columns)
{
    onnx_begin(x, "Gather");
    onnx_take(x, from);
    onnx_take(x, onnx_ints(x, 1, &n, columns));
    onnx_set(x, "axis", 1);
    return onnx_give(x);
}

/* The places of all statistics, one behind the other, `n` in all. */
static const char *put_stat_places(struct onnx *x, const struct cnn *m, const char *in, size_t n)
{
    int64_t *const columns = mem_alloc(n, sizeof *columns);
    double *const low = mem_alloc(2 * n, sizeof *low), *const wide = low + n;
    size_t at = 0;

    for (size_t i = 0; i < m->n_stats; i++) {
        take_knots(&m->stats[i].knots, low + at, wide + at);
        for (size_t k = 0; k < knots_count(&m->stats[i].knots); k++)
            columns[at++] = (int64_t)i;
    }
    const char *const places = put_places(x, gather(x, in, n, columns), 1, &n, low, wide),
                      *const empty = onnx_op(x, "IsNaN", gather(x, in, n, columns), NULL, NULL);
    free(columns);
    free(low);
    return to_type(x, onnx_op(x, "Where", empty, number(x, 0), places), ONNX_FLOAT);
}

/* Values of all statistics, places of all, and whether they are there, put in order: those of each
 * statistic together, the last only where it has a flag. */
static const char *put_in_order(struct onnx *x, const struct cnn *m, const char *all,
                                size_t n_places)
{
    int64_t *const order = mem_alloc(2 * m->n_stats + n_places, sizeof *order);
    size_t n = 0, place = m->n_stats;

    for (size_t i = 0; i < m->n_stats; i++) {
        order[n++] = (int64_t)i;
        for (size_t k = 0; k < knots_count(&m->stats[i].knots); k++)
            order[n++] = (int64_t)place++;
        if (m->stats[i].flag)
            order[n++] = (int64_t)(m->n_stats + n_places + i);
    }
    const char *const result = gather(x, all, n, order);
    free(order);
    return result;
}

/* As cnn_encode() has them. */
static const char *put_stats(struct onnx *x, const struct cnn *m)
{
    const struct onnx_side sides[] = {flows, {.n = m->n_stats}};
    const char *const in = onnx_input(x, "statistics", ONNX_DOUBLE, 2, sides,
                                      "the columns of the flow, " EMPTY " for empty ones");
    const char *const empty = onnx_op(x, "IsNaN", in, NULL, NULL),
                      *const away = put_standardised(x, m, in),
                      *const filled = onnx_op(x, "Where", empty, number(x, 0), away),
                      *const within = onnx_op(x, "Clip", filled, number(x, -CNN_MOST_DEVIATIONS),
                                              number(x, CNN_MOST_DEVIATIONS)),
                      *const values = to_type(x, within, ONNX_FLOAT),
                      *const there = to_type(x, onnx_op(x, "Not", empty, NULL, NULL), ONNX_FLOAT);
    size_t n_places = 0;

    for (size_t i = 0; i < m->n_stats; i++)
        n_places += knots_count(&m->stats[i].knots);
    const char *const places = n_places > 0 ? put_stat_places(x, m, in, n_places) : NULL;
    onnx_begin(x, "Concat");
    onnx_take(x, values);
    if (places)
        onnx_take(x, places);
    onnx_take(x, there);
    onnx_set(x, "axis", 1);
    return put_in_order(x, m, onnx_give(x), n_places);
}

/* The triangle, turned and filled up with zeros, so that rows can be multiplied by it. */
static const char *put_whitening(struct onnx *x, const float *triangle, size_t n)
{
    const size_t sides[] = {n, n};
    float *const turned = mem_zero(n * n, sizeof *turned);

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k <= i; k++)
            turned[k * n + i] = *triangle++;
    const char *const name = onnx_floats(x, 2, sides, turned);
    free(turned);
    return to_type(x, name, ONNX_DOUBLE);
}

/* The sum of the squares of each row. */
static const char *put_squares(struct onnx *x, const char *rows, bool keep)
{
    const int64_t last = 1;

    onnx_begin(x, "ReduceSumSquare");
    onnx_take(x, rows);
    onnx_set_list(x, "axes", 1, &last);
    onnx_set(x, "keepdims", keep);
    return onnx_give(x);
}

/* A point, or points, from the centre of the member's and in its measure. */
static const char *put_place(struct onnx *x, const char *points, const char *centre,
                             const char *whiten)
{
    const char *const off = onnx_op(x, "Sub", to_type(x, points, ONNX_DOUBLE), centre, NULL);

    return onnx_op(x, "MatMul", off, whiten, NULL);
}

/* The distance to the nearest point, as cnn_near.c has it: |a - b|^2 = |a|^2 + |b|^2 - 2 ab, in
 * double precision. */
static const char *put_newness(struct onnx *x, const struct cnn *m, const struct cnn_member *member,
                               const char *hidden)
{
    const size_t sides[] = {cnn_points(m, member), m->unknown.hidden};
    const int64_t last = 1;
    double *const middle = mem_alloc(sides[1], sizeof *middle);
    cnn_near_centre(m, member, middle);
    const char *const whiten = put_whitening(x, member->whiten, sides[1]),
                      *const centre = onnx_doubles(x, 1, &sides[1], middle),
                      *const points = onnx_floats(x, 2, sides, member->points),
                      *const known = put_place(x, points, centre, whiten),
                      *const asked = put_place(x, hidden, centre, whiten),
                      *const turned = onnx_op(x, "Transpose", known, NULL, NULL),
                      *const products = onnx_op(x, "MatMul", asked, turned, NULL),
                      *const both = onnx_op(x, "Add", products, products, NULL),
                      *const sums = onnx_op(x, "Add", put_squares(x, asked, true),
                                            put_squares(x, known, false), NULL),
                      *const squares = onnx_op(x, "Sub", sums, both, NULL);

    free(middle);
    onnx_begin(x, "ReduceMin");
    onnx_take(x, squares);
    onnx_set_list(x, "axes", 1, &last);
    onnx_set(x, "keepdims", 0);
    const double nothing = 0;
    const char *const near =
        onnx_op(x, "Max", onnx_give(x), onnx_doubles(x, 0, NULL, &nothing), NULL);
    return onnx_op(x, "Sqrt", near, NULL, NULL);
}

/* The name of the most likely class, the first of those that are equally so; that of unknown flows
 * beyond the threshold. */
static const char *put_verdict(struct onnx *x, const struct cnn *m, const char *probabilities,
                               const char *novelty)
{
    const char **const names = mem_alloc(m->n_classes + 1, sizeof(char *));
    const int64_t unknown = (int64_t)m->n_classes;

    for (size_t i = 0; i < m->n_classes; i++)
        names[i] = m->classes[i].name;
    names[m->n_classes] = CNN_UNKNOWN;
    const char *const all = onnx_texts(x, m->n_classes + 1, names);
    free(names);
    onnx_begin(x, "ArgMax");
    onnx_take(x, probabilities);
    onnx_set(x, "axis", 1);
    onnx_set(x, "keepdims", 0);
    const char *const likely = onnx_give(x),
                      *const within = by_number(x, "LessOrEqual", novelty, 1),
                      *const beyond = onnx_op(x, "Not", within, NULL, NULL);
    return onnx_op(x, "Gather", all,
                   onnx_op(x, "Where", beyond, onnx_ints(x, 0, NULL, &unknown), likely), NULL);
}

/* What the members say: sums but for the embedding, which is the first one's. */
struct said {
    const char *hidden, *probabilities, *newness;
};

static void put_outputs(struct onnx *x, const struct cnn *m, const struct said *said)
{
    const struct onnx_side classes[] = {flows, {.n = m->n_classes}},
                           numbers[] = {flows, {.n = m->unknown.hidden}};
    const float members = (float)m->n_members;
    const char *const novelty = by_number(x, "Div", said->newness,
                                          (double)m->n_members * m->unknown.threshold),
                      *const probabilities = onnx_op(x, "Div", said->probabilities,
                                                     onnx_floats(x, 0, NULL, &members), NULL);

    onnx_output(x, put_verdict(x, m, said->probabilities, novelty), "verdict", ONNX_STRING, 1,
                &flows, "the most likely class, or " CNN_UNKNOWN " where the novelty is above 1");
    onnx_output(x, probabilities, "probabilities", ONNX_FLOAT, 2, classes,
                "of each class, if the flow is of one of them at all");
    onnx_output(x, to_type(x, novelty, ONNX_FLOAT), "novelty", ONNX_FLOAT, 1, &flows,
                "how new the flow is by the threshold");
    onnx_output(x, said->hidden, "embedding", ONNX_FLOAT, 2, numbers,
                "what the last hidden layer says");
}

static const char *plus(struct onnx *x, const char *sum, const char *more)
{
    return sum ? onnx_op(x, "Add", sum, more, NULL) : more;
}

static void put_member(struct onnx *x, const struct cnn *m, const struct cnn_member *member,
                       const char *packets, const char *stats, struct said *to)
{
    struct nn_onnx n = {
        .to = x,
        .plan = m->plan,
        .params = member->params,
        .extra = stats,
        .value = {.name = packets ? packets : stats, .flat = !packets},
    };
    const size_t last = m->plan->n_layers - 1;

    for (size_t i = 0; i < last; i++)
        nn_onnx_layer(&n, i);
    nn_onnx_flatten(&n, 1);
    const char *const hidden = n.value.name;
    nn_onnx_layer(&n, last);
    to->hidden = to->hidden ? to->hidden : hidden;
    to->probabilities =
        plus(x, to->probabilities, onnx_op_set(x, "Softmax", n.value.name, "axis", 1));
    to->newness = plus(x, to->newness, put_newness(x, m, member, hidden));
}

static void note_columns(struct onnx *x, const struct cnn *m)
{
    struct textbuf packets = {0}, stats = {0};

    for (size_t i = 0; i < m->places; i++)
        for (int s = 0; s < CNN_SEQUENCES; s++)
            if (m->sequences >> s & 1) {
                struct textbuf name = {0};
                textbuf_printf(&name, "%s%zu", cnn_sequence_stem((enum cnn_sequence)s), i + 1);
                onnx_list_add(&packets, name.p);
                free(name.p);
            }
    for (size_t i = 0; i < m->n_stats; i++)
        onnx_list_add(&stats, m->stats[i].name);
    onnx_note_list(x, "packets", &packets);
    onnx_note_list(x, "statistics", &stats);
    onnx_note(x, "empty", EMPTY);
}

static void put_notes(struct onnx *x, const struct cnn *m)
{
    struct textbuf classes = {0};
    char text[LINES_F64_MAX];

    for (size_t i = 0; i < m->n_classes; i++)
        onnx_list_add(&classes, m->classes[i].name);
    onnx_note(x, "made", m->made);
    note_columns(x, m);
    onnx_note_list(x, "classes", &classes);
    onnx_note(x, "unknown", CNN_UNKNOWN);
    onnx_note(x, "threshold", lines_f64_text(m->unknown.threshold, text));
}

void export_model(const struct cnn *m, struct out *out)
{
    struct onnx *const x = onnx_new("flow_classifier", "Classes of flows by their first packets "
                                                       "and statistics");
    const char *const packets = m->places > 0 ? put_packets(x, m) : NULL, *const stats =
                                                                              m->n_stats > 0
                                                                                  ? put_stats(x, m)
                                                                                  : NULL;
    struct said said = {0};

    for (size_t i = 0; i < m->n_members; i++)
        put_member(x, m, &m->members[i], packets, stats, &said);
    put_outputs(x, m, &said);
    put_notes(x, m);
    onnx_write(x, out);
    onnx_free(x);
}
