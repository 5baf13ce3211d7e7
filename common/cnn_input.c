#include "cnn_input.h"

#include "feature.h"
#include "mem.h"
#include "num.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cnn_input {
    const struct cnn *m;
    size_t *places; /* columns: places x CNN_SEQUENCES */
    size_t *stats;
};

static bool find_places(struct cnn_input *x, const struct table *t, struct err *e)
{
    char name[32];

    for (size_t i = 0; i < x->m->places; i++)
        for (int s = 0; s < CNN_SEQUENCES; s++) {
            (void)snprintf(name, sizeof name, "%s%zu", cnn_sequence_stem((enum cnn_sequence)s),
                           i + 1);
            const long column = table_find(t, name);
            if (!(x->m->sequences >> s & 1))
                continue;
            if (column == TABLE_NONE)
                return err_set(e,
                               "%s:1: there is no column '%s': the model looks at %zu packets "
                               "(pcap2feat --per=flow --first-packets=%zu)",
                               table_path(t), name, x->m->places, x->m->places);
            x->places[i * CNN_SEQUENCES + (size_t)s] = (size_t)column;
        }
    return true;
}

struct cnn_input *cnn_input_new(const struct table *t, const struct cnn *m, struct err *e)
{
    struct cnn_input *const x = mem_zero(1, sizeof *x);
    bool ok;

    x->m = m;
    x->places = mem_zero(m->places * CNN_SEQUENCES, sizeof *x->places);
    x->stats = mem_zero(m->n_stats, sizeof *x->stats);
    ok = find_places(x, t, e);
    for (size_t i = 0; ok && i < m->n_stats; i++)
        ok = table_require(t, m->stats[i].name, &x->stats[i], e);
    if (ok)
        return x;
    cnn_input_free(x);
    return NULL;
}

void cnn_input_free(struct cnn_input *x)
{
    if (!x)
        return;
    free(x->places);
    free(x->stats);
    free(x);
}

/* The packet at a place, of which *any is known: something, or nothing. */
static bool get_packet(const struct cnn_input *x, const struct table *t, const size_t *columns,
                       uint64_t values[CNN_SEQUENCES], bool *any, struct err *e)
{
    static const enum feature_id ids[CNN_SEQUENCES] = {F_LEN_N, F_IAT_N, F_DIR_N};
    long empty = TABLE_NONE;

    *any = false;
    for (int s = 0; s < CNN_SEQUENCES; s++) {
        if (!(x->m->sequences >> s & 1))
            continue;
        if (table_field(t, columns[s]).n == 0) {
            empty = (long)columns[s];
            continue;
        }
        if (!table_u64(t, columns[s], 0, feature_at(ids[s])->max, &values[s], e))
            return false;
        *any = true;
    }
    return !*any || empty == TABLE_NONE ||
           table_fail(t, (size_t)empty, e, "is empty, and other columns have this packet");
}

static bool get_stat(const struct table *t, size_t column, double *v, struct err *e)
{
    static const double most = 1e30;
    const struct span f = table_field(t, column);

    if (f.n == 0) {
        *v = NAN;
        return true;
    }
    const enum num_status status = num_f64(f.p, f.n, v);
    if (status == NUM_SYNTAX)
        return table_fail(t, column, e, "is not a number");
    return (status == NUM_OK && fabs(*v) <= most) ||
           table_fail(t, column, e, "is not in -1e30..1e30");
}

bool cnn_input_get(const struct cnn_input *x, const struct table *t, double *packets, double *stats,
                   struct err *e)
{
    const struct cnn *const m = x->m;
    bool ended = false;

    for (size_t i = 0; i < m->places; i++) {
        const size_t *const columns = x->places + i * CNN_SEQUENCES;
        uint64_t values[CNN_SEQUENCES] = {0};
        bool any;
        if (!get_packet(x, t, columns, values, &any, e))
            return false;
        if (any && ended)
            return table_fail(t, columns[__builtin_ctz(m->sequences)], e,
                              "comes after an empty place");
        ended = !any;
        for (int s = 0; s < CNN_SEQUENCES; s++)
            *packets++ = any && m->sequences >> s & 1 ? (double)values[s] : NAN;
    }
    for (size_t i = 0; i < m->n_stats; i++)
        if (!get_stat(t, x->stats[i], &stats[i], e))
            return false;
    return true;
}

size_t cnn_packets(const struct cnn *m, const double *packets)
{
    size_t n = 0;

    while (n < m->places &&
           !isnan(packets[n * CNN_SEQUENCES + (size_t)__builtin_ctz(m->sequences)]))
        n++;
    return n;
}

double cnn_stat_scaled(const struct cnn_stat *s, double value)
{
    return s->log ? copysign(log1p(fabs(value)), value) : value;
}

static float *put_place(const struct cnn *m, const double *packet, float *to)
{
    const double sign = packet[CNN_DIR] == 0 ? -1 : 1; /* NaN, where no direction is known: 1 */

    *to++ = 1;
    if (m->sequences >> CNN_LEN & 1)
        *to++ = (float)(sign * packet[CNN_LEN] / CNN_LEN_UNIT);
    if (m->sequences >> CNN_IAT & 1)
        *to++ = (float)(log10(1 + packet[CNN_IAT] / CNN_IAT_UNIT) / CNN_IAT_DECADES);
    if (m->sequences >> CNN_DIR & 1)
        *to++ = (float)sign;
    knots_put(&m->knots[CNN_LEN], sign * packet[CNN_LEN], to);
    to += knots_count(&m->knots[CNN_LEN]);
    knots_put(&m->knots[CNN_IAT], packet[CNN_IAT], to);
    return to + knots_count(&m->knots[CNN_IAT]);
}

static float *put_stat(const struct cnn_stat *s, double value, float *to)
{
    static const double most = CNN_MOST_DEVIATIONS;
    const size_t places = knots_count(&s->knots);
    const bool there = !isnan(value);

    if (there) {
        const double x = (cnn_stat_scaled(s, value) - s->mean) / s->deviation;
        *to = (float)fmax(-most, fmin(most, x));
        knots_put(&s->knots, value, to + 1);
    } else {
        memset(to, 0, (1 + places) * sizeof *to);
    }
    to += 1 + places;
    if (s->flag)
        *to++ = there;
    return to;
}

void cnn_encode(const struct cnn *m, const double *packets, const double *stats, float *in,
                float *extra)
{
    const size_t n = cnn_packets(m, packets);
    float *to = m->places > 0 ? extra : in;

    for (size_t i = 0; i < m->n_stats; i++)
        to = put_stat(&m->stats[i], stats[i], to);
    if (m->places == 0)
        return;
    size_t extra_each;
    const size_t channels = cnn_shape(m, &extra_each).channels;
    for (size_t i = 0; i < n; i++)
        in = put_place(m, packets + i * CNN_SEQUENCES, in);
    memset(in, 0, (m->places - n) * channels * sizeof *in);
}
