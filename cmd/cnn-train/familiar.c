#include "familiar.h"

#include "cnn_ask.h"
#include "mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void find_means(struct cnn *m, const struct cnn *from, const struct samples *s,
                       const float *hidden)
{
    const size_t d = m->unknown.hidden;
    double *const sums = mem_zero(m->n_classes * d, sizeof *sums);
    float *const means = mem_zero(m->n_classes * d, sizeof *means);

    for (size_t i = 0; i < s->n_train; i++) {
        const size_t row = s->train[i];
        for (size_t k = 0; k < d; k++)
            sums[s->class[row] * d + k] += (double)hidden[row * d + k];
    }
    for (size_t c = 0; c < m->n_classes; c++)
        for (size_t k = 0; k < d; k++)
            means[c * d + k] = m->classes[c].rows > 0
                                   ? (float)(sums[c * d + k] / (double)m->classes[c].rows)
                               : from && c < from->n_classes ? from->unknown.means[c * d + k]
                                                             : 0;
    m->unknown.means = means;
    free(sums);
}

/* How far a row is from the mean of its class. */
static void offset(const struct cnn *m, const struct samples *s, const float *hidden, size_t row,
                   double *to)
{
    const size_t d = m->unknown.hidden;

    for (size_t k = 0; k < d; k++)
        to[k] = (double)hidden[row * d + k] - (double)m->unknown.means[s->class[row] * d + k];
}

/* The covariance's lower triangle, in a d x d matrix, and of each row's |offset|^4 the sum. */
static double *find_covariance(const struct cnn *m, const struct samples *s, const float *hidden,
                               double *fourth)
{
    const size_t d = m->unknown.hidden;
    double *const cov = mem_zero(d * d, sizeof *cov), *const off = mem_alloc(d, sizeof *off);

    *fourth = 0;
    for (size_t i = 0; i < s->n_train; i++) {
        double square = 0;
        offset(m, s, hidden, s->train[i], off);
        for (size_t j = 0; j < d; j++) {
            square += off[j] * off[j];
            for (size_t k = 0; k <= j; k++)
                cov[j * d + k] += off[j] * off[k];
        }
        *fourth += square * square;
    }
    for (size_t k = 0; k < d * d; k++)
        cov[k] /= (double)s->n_train;
    free(off);
    return cov;
}

/* Towards its mean diagonal t: a = min(1, b / |S - t I|^2), where b = (sum |x|^4 / n - |S|^2) / n
 * is what S is off by on average (norms of Frobenius). */
static void shrink(double *cov, size_t d, double fourth, double n)
{
    double trace = 0, squares = 0;

    for (size_t j = 0; j < d; j++) {
        trace += cov[j * d + j];
        for (size_t k = 0; k <= j; k++)
            squares += (k == j ? 1 : 2) * cov[j * d + k] * cov[j * d + k];
    }
    const double t = trace / (double)d, spread = squares - trace * t;
    const double off = fmax(fourth / n - squares, 0) / n;
    const double a = spread > 0 ? fmin(1, off / spread) : 1;
    /* Layers after max(x, 0) have numbers that are always 0: never let go of the identity. */
    const double least = t > 0 ? 1e-4 * t : 1;
    for (size_t j = 0; j < d; j++) {
        for (size_t k = 0; k <= j; k++)
            cov[j * d + k] *= 1 - a;
        cov[j * d + j] += a * t + least;
    }
}

/* The Cholesky factor L of the lower triangle, in place. */
static void factor(double *x, size_t d)
{
    for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k <= j; k++) {
            double sum = x[j * d + k];
            for (size_t i = 0; i < k; i++)
                sum -= x[j * d + i] * x[k * d + i];
            x[j * d + k] = j == k ? sqrt(sum) : sum / x[k * d + k];
        }
}

/* The inverse of L, a row at a time, by columns of the identity. */
static float *invert(const double *l, size_t d)
{
    double *const w = mem_zero(d * d, sizeof *w);
    float *const to = mem_alloc(d * (d + 1) / 2, sizeof *to);

    for (size_t c = 0; c < d; c++)
        for (size_t j = c; j < d; j++) {
            double sum = j == c;
            for (size_t i = c; i < j; i++)
                sum -= l[j * d + i] * w[i * d + c];
            w[j * d + c] = sum / l[j * d + j];
        }
    for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k <= j; k++)
            to[j * (j + 1) / 2 + k] = (float)w[j * d + k];
    free(w);
    return to;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* A distance that is beyond all but `most` of the n, which ascend: halfway to the next of them, so
 * that rounding elsewhere changes no verdict. */
static double between(const double *distances, size_t n, size_t most)
{
    static const double last = 1.001;
    const size_t at = most < n ? n - 1 - most : 0;
    size_t next = at;

    while (next < n && distances[next] == distances[at])
        next++;
    return next < n ? (distances[at] + distances[next]) / 2 : distances[at] * last;
}

static double find_threshold(const struct cnn *m, const struct samples *s, const float *hidden,
                             double rate)
{
    const size_t n = s->n_valid > 0 ? s->n_valid : s->n_train, d = m->unknown.hidden;
    const uint32_t *const rows = s->n_valid > 0 ? s->valid : s->train;
    double *const scratch = mem_alloc((m->n_classes + 1) * d, sizeof *scratch);
    double *const distances = mem_alloc(n, sizeof *distances);

    cnn_distance_begin(m, scratch);
    for (size_t i = 0; i < n; i++)
        distances[i] = cnn_distance(m, hidden + rows[i] * d, scratch);
    qsort(distances, n, sizeof *distances, compare_doubles);
    const double found = between(distances, n, (size_t)(rate * (double)n));
    free(scratch);
    free(distances);
    return found > 0 ? found : 1e-6;
}

bool familiar_fit(struct cnn *m, const struct cnn *from, const struct samples *s, double rate,
                  struct pool *pool, struct err *e)
{
    const size_t d = m->unknown.hidden;
    struct cnn_asker *const asker = cnn_asker_new(m, pool, e);
    struct cnn_answer *const answers = mem_alloc(s->n, sizeof *answers);
    float *const hidden = mem_alloc(s->n * d, sizeof *hidden);
    const bool ok = asker && cnn_ask(asker, s->in, s->extra, s->n, answers, hidden, e);

    if (ok) {
        double fourth;
        find_means(m, from, s, hidden);
        double *const cov = find_covariance(m, s, hidden, &fourth);
        shrink(cov, d, fourth, (double)s->n_train);
        factor(cov, d);
        m->unknown.whiten = invert(cov, d);
        m->unknown.rate = rate;
        m->unknown.threshold = find_threshold(m, s, hidden, rate);
        free(cov);
    }
    free(hidden);
    free(answers);
    cnn_asker_free(asker);
    return ok;
}
