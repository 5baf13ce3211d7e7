#include "familiar.h"

#include "cnn_near.h"
#include "mem.h"
#include "nn_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Points that a member keeps for each class on average: as good as all of them where that was tried
 * (64 are not), and few enough to be asked about quickly. */
enum { EACH = 128 };

enum { ROWS = 64 }; /* asked about at a time */

struct familiar {
    size_t n;
    double *newness; /* of each row, summed over members */
    unsigned *asked; /* how many those were */
};

struct familiar *familiar_new(size_t n)
{
    struct familiar *const f = mem_zero(1, sizeof *f);

    *f = (struct familiar){n, mem_zero(n, sizeof *f->newness), mem_zero(n, sizeof *f->asked)};
    return f;
}

void familiar_free(struct familiar *f)
{
    free(f->newness);
    free(f->asked);
    free(f);
}

/* What the last hidden layer of a member says of all rows. */
struct points {
    const struct samples *s;
    const struct samples_part *part; /* whose training rows count */
    size_t d;                        /* numbers of a point */
    float *all;
};

static const float *point_of(const struct points *p, size_t row)
{
    return p->all + row * p->d;
}

static void take_point(void *points, size_t row, const float *output, const uint32_t *right)
{
    const struct points *const p = points;

    (void)right;
    memcpy(p->all + row * p->d, output, p->d * sizeof *output);
}

/* The means of the classes, classes x d. */
static double *find_means(const struct points *p, size_t classes)
{
    const size_t d = p->d;
    double *const means = mem_zero(classes * d, sizeof *means);
    size_t *const rows = mem_zero(classes, sizeof *rows);

    for (size_t i = 0; i < p->part->n_train; i++) {
        const size_t row = p->part->train[i], class = p->s->class[row];
        rows[class]++;
        for (size_t k = 0; k < d; k++)
            means[class * d + k] += (double)point_of(p, row)[k];
    }
    for (size_t c = 0; c < classes; c++)
        for (size_t k = 0; k < d && rows[c] > 0; k++)
            means[c * d + k] /= (double)rows[c];
    free(rows);
    return means;
}

/* The training rows of a class, in order; returns how many. */
static size_t rows_of(const struct points *p, size_t class, uint32_t *rows)
{
    size_t n = 0;

    for (size_t i = 0; i < p->part->n_train; i++)
        if (p->s->class[p->part->train[i]] == class)
            rows[n++] = p->part->train[i];
    return n;
}

/* The points of a member so far. */
struct kept {
    float *points;
    size_t d, n, cap;
};

static void keep(struct kept *k, const float *point)
{
    k->points = mem_grow(k->points, &k->cap, (k->n + 1) * k->d, sizeof *k->points);
    memcpy(k->points + k->n++ * k->d, point, k->d * sizeof *point);
}

/* Of a class without rows, what the member had before. */
static void keep_old(struct kept *k, const struct cnn_member *old, size_t class)
{
    size_t first = 0;

    for (size_t c = 0; c < class; c++)
        first += old->n_points[c];
    for (size_t i = 0; i < old->n_points[class]; i++)
        keep(k, old->points + (first + i) * k->d);
}

/* How many points a class may have, so that all together have EACH on average: those that need
 * fewer leave theirs to the others. */
static size_t share_of(const size_t *rows, size_t n)
{
    size_t low = EACH, high = CNN_MOST_POINTS;

    while (low < high) {
        const size_t most = low + (high - low + 1) / 2;
        size_t all = 0;
        for (size_t c = 0; c < n; c++)
            all += rows[c] < most ? rows[c] : most;
        if (all <= n * EACH)
            low = most;
        else
            high = most - 1;
    }
    return low;
}

/* Of each class its share of the rows, evenly spread, or all; place[row]: the number of the row's
 * point. */
static void keep_points(const struct cnn *m, const struct cnn *from, size_t member,
                        const struct points *p, size_t *place)
{
    struct cnn_member *const to = &m->members[member];
    uint32_t *const rows = mem_alloc(p->part->n_train, sizeof *rows);
    struct kept k = {.d = p->d};

    for (size_t row = 0; row < p->s->n; row++)
        place[row] = SIZE_MAX;
    to->n_points = mem_zero(m->n_classes, sizeof *to->n_points);
    for (size_t i = 0; i < p->part->n_train; i++)
        to->n_points[p->s->class[p->part->train[i]]]++;
    const size_t share = share_of(to->n_points, m->n_classes);
    for (size_t c = 0; c < m->n_classes; c++) {
        const size_t n = rows_of(p, c, rows), kept = n < share ? n : share, before = k.n;
        for (size_t i = 0; i < kept; i++) {
            const size_t row = rows[i * n / kept];
            place[row] = k.n;
            keep(&k, point_of(p, row));
        }
        if (n == 0 && from && c < from->n_classes)
            keep_old(&k, &from->members[member], c);
        to->n_points[c] = k.n - before;
    }
    to->points = k.points;
    free(rows);
}

/* The covariance's lower triangle, in a d x d matrix, around the means of the rows' classes; and of
 * each row's |offset|^4 the sum. */
static double *find_covariance(const struct points *p, const double *means, double *fourth)
{
    const size_t d = p->d;
    double *const cov = mem_zero(d * d, sizeof *cov), *const off = mem_alloc(d, sizeof *off);

    *fourth = 0;
    for (size_t i = 0; i < p->part->n_train; i++) {
        const size_t row = p->part->train[i];
        const double *const mean = means + p->s->class[row] * d;
        double square = 0;
        for (size_t j = 0; j < d; j++) {
            off[j] = (double)point_of(p, row)[j] - mean[j];
            square += off[j] * off[j];
            for (size_t k = 0; k <= j; k++)
                cov[j * d + k] += off[j] * off[k];
        }
        *fourth += square * square;
    }
    for (size_t k = 0; k < d * d; k++)
        cov[k] /= (double)p->part->n_train;
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

static float *find_whitening(const struct points *p, size_t classes)
{
    double fourth;
    double *const means = find_means(p, classes);
    double *const cov = find_covariance(p, means, &fourth);

    free(means);
    shrink(cov, p->d, fourth, (double)p->part->n_train);
    factor(cov, p->d);
    float *const found = invert(cov, p->d);
    free(cov);
    return found;
}

/* The rows that did not train the member; where all did, those, each by the points of others. */
static void add_newness(struct familiar *f, const struct cnn *m, size_t member,
                        const struct points *p, const size_t *place)
{
    const struct samples_part *const part = p->part;
    const size_t n = part->n_valid > 0 ? part->n_valid : part->n_train;
    const uint32_t *const rows = part->n_valid > 0 ? part->valid : part->train;
    struct cnn_near *const near = cnn_near_new(m, &m->members[member]);
    double *const scratch = mem_alloc(cnn_near_scratch(near), sizeof *scratch);
    float *const points = mem_alloc(ROWS * p->d, sizeof *points);

    for (size_t first = 0; first < n; first += ROWS) {
        const size_t there = n - first < ROWS ? n - first : ROWS;
        size_t but[ROWS];
        double newness[ROWS];
        for (size_t i = 0; i < there; i++) {
            but[i] = place[rows[first + i]];
            memcpy(points + i * p->d, point_of(p, rows[first + i]), p->d * sizeof *points);
        }
        cnn_near_ask(near, scratch, points, there, but, newness);
        for (size_t i = 0; i < there; i++)
            if (isfinite(newness[i])) {
                f->newness[rows[first + i]] += newness[i];
                f->asked[rows[first + i]]++;
            }
    }
    free(points);
    free(scratch);
    cnn_near_free(near);
}

bool familiar_fit(struct familiar *f, struct cnn *m, const struct cnn *from, size_t member,
                  const struct samples *s, struct pool *pool, struct err *e)
{
    struct cnn_member *const to = &m->members[member];
    const struct samples_view view = {m, s, NULL, 0};
    const struct nn_samples samples = {s->n, samples_get, &view};
    struct points p = {s, &s->parts[member], m->unknown.hidden, NULL};

    p.all = mem_alloc(s->n * p.d, sizeof *p.all);
    const bool ok =
        nn_ask(m->plan, to->params, &samples, m->plan->n_layers - 2, pool, take_point, &p, e);
    if (ok) {
        size_t *const place = mem_alloc(s->n, sizeof *place);
        keep_points(m, from, member, &p, place);
        to->whiten = find_whitening(&p, m->n_classes);
        add_newness(f, m, member, &p, place);
        free(place);
    }
    free(p.all);
    return ok;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* What is beyond all but `most` of the n, which ascend: halfway to the next of them, so that
 * rounding elsewhere changes no verdict. */
static double between(const double *sorted, size_t n, size_t most)
{
    static const double last = 1.001;
    const size_t at = most < n ? n - 1 - most : 0;
    size_t next = at;

    while (next < n && sorted[next] == sorted[at])
        next++;
    return next < n ? (sorted[at] + sorted[next]) / 2 : sorted[at] * last;
}

void familiar_settle(struct familiar *f, struct cnn *m, double rate)
{
    double *const sorted = mem_alloc(f->n, sizeof *sorted);
    size_t n = 0;

    for (size_t i = 0; i < f->n; i++)
        if (f->asked[i] > 0)
            sorted[n++] = f->newness[i] / (double)f->asked[i];
    qsort(sorted, n, sizeof *sorted, compare_doubles);
    /* Where most flows come again and again, nothing is beyond 0: what is as near to one of them as
     * a hundredth of the spread of flows around their means is known, too. */
    const double least = 0.01 * sqrt((double)m->unknown.hidden);
    const double found = n > 0 ? between(sorted, n, (size_t)(rate * (double)n)) : 0;
    m->unknown.rate = rate;
    m->unknown.threshold = fmax(found, least);
    free(sorted);
}
