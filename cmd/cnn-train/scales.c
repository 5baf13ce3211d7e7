#include "scales.h"

#include "cnn_input.h"
#include "mem.h"

#include <math.h>
#include <stdlib.h>

/* Stretches between knots, at most: of statistics, of lengths, of gaps. */
enum { STAT_STRETCHES = 16, LEN_STRETCHES = 16, IAT_STRETCHES = 8 };

/* The mean, the deviation and the skewness of n values on the scale of a statistic. */
static void moments(const struct cnn_stat *stat, const double *values, size_t n, double to[3])
{
    double sum = 0, second = 0, third = 0;

    for (size_t i = 0; i < n; i++)
        sum += cnn_stat_scaled(stat, values[i]);
    const double mean = n > 0 ? sum / (double)n : 0;
    for (size_t i = 0; i < n; i++) {
        const double off = cnn_stat_scaled(stat, values[i]) - mean;
        second += off * off;
        third += off * off * off;
    }
    to[0] = mean;
    to[1] = n > 0 ? sqrt(second / (double)n) : 0;
    to[2] = to[1] > 0 ? third / (double)n / (to[1] * to[1] * to[1]) : 0;
}

/* From n values; sorts them. */
static void scale_stat(struct cnn_stat *stat, double *values, size_t n)
{
    static const double long_tail = 1, least_deviation = 1e-9;
    static const double least = 1e-30, most = 1e30; /* that a model file may have */
    bool negative = false;
    double found[3];

    for (size_t i = 0; i < n; i++)
        negative |= values[i] < 0;
    moments(stat, values, n, found);
    if (!negative && found[2] > long_tail) {
        stat->log = true;
        moments(stat, values, n, found);
    }
    stat->mean = found[0];
    /* One that never changes says nothing: it is left near 0. */
    stat->deviation = found[1] > least_deviation * fabs(found[0]) && found[1] >= least
                          ? fmin(found[1], most)
                          : fmax(fabs(found[0]), 1);
    knots_learn(&stat->knots, values, n, STAT_STRETCHES);
}

/* The values of a statistic that are there. */
static size_t take_stat(const struct samples *s, const struct cnn *m, size_t stat, double *to)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        const double x = s->stats[i * m->n_stats + stat];
        if (!isnan(x))
            to[n++] = x;
    }
    return n;
}

/* The lengths, with the sign of their direction, or the gaps of all packets. */
static size_t take_packets(const struct samples *s, const struct cnn *m, enum cnn_sequence which,
                           double *to)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n * m->places; i++) {
        const double *const packet = s->packets + i * CNN_SEQUENCES;
        const double sign = which == CNN_LEN && packet[CNN_DIR] == 0 ? -1 : 1;
        if (!isnan(packet[which]))
            to[n++] = sign * packet[which];
    }
    return n;
}

void scales_find(const struct samples *s, struct cnn *m)
{
    static const size_t stretches[CNN_DIR] = {LEN_STRETCHES, IAT_STRETCHES};
    double *const values = mem_alloc(s->n * (m->places > 0 ? m->places : 1), sizeof *values);

    for (size_t k = 0; k < m->n_stats; k++) {
        const size_t n = take_stat(s, m, k, values);
        m->stats[k].flag = n < s->n;
        scale_stat(&m->stats[k], values, n);
    }
    for (int q = 0; q < CNN_DIR; q++)
        knots_learn(&m->knots[q], values, take_packets(s, m, (enum cnn_sequence)q, values),
                    stretches[q]);
    free(values);
}
