#include "cnn_near.h"

#include "mem.h"
#include "vec_target.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* |a - b|^2 = |a|^2 + |b|^2 - 2 ab, whose sums all go number by number, so that of a point to
 * itself it is 0. All are measured from the mean of the points, so that little cancels.
 *
 * Points stand in blocks of so many, number by number, so that each has a lane of its own: no sum
 * depends on the width of a register. So many flows go through a block together. */
enum { LANES = 8, TOGETHER = 8 };

typedef double lanes __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

struct cnn_near {
    size_t hidden, n, blocks;
    size_t stride;   /* hidden, rounded up to LANES */
    double *centre;  /* of the points */
    double *columns; /* of the measure */
    double *points;  /* blocks of hidden x LANES, whitened */
    double *lengths; /* of each point, squared */
};

/* The triangle W, column by column and padded with zeros: hidden columns of `stride`. */
static double *columns_of(const float *triangle, size_t hidden, size_t stride)
{
    double *const to = mem_zero(hidden * stride, sizeof *to);

    for (size_t i = 0; i < hidden; i++)
        for (size_t k = 0; k <= i; k++)
            to[k * stride + i] = (double)*triangle++;
    return to;
}

/* W x, `stride` numbers of it. */
VEC_INLINE void whiten_loop(const double *columns, const double *x, size_t hidden, size_t stride,
                            double *to)
{
    for (size_t i = 0; i < stride; i += LANES) {
        const size_t n = i + LANES < hidden ? i + LANES : hidden;
        lanes sum = {0};
        for (size_t k = 0; k < n; k++)
            sum += *(const lanes *)(columns + k * stride + i) * x[k];
        *(lanes *)(to + i) = sum;
    }
}
VEC_VARIANTS(void, whiten,
             (const double *columns, const double *x, size_t hidden, size_t stride, double *to),
             whiten_loop(columns, x, hidden, stride, to);)

/* off: room for hidden numbers. */
static void whiten(const struct cnn_near *x, const float *point, double *off, double *to)
{
    for (size_t k = 0; k < x->hidden; k++)
        off[k] = (double)point[k] - x->centre[k];
    VEC_CALL(whiten)(x->columns, off, x->hidden, x->stride, to);
}

static double length_of(const double *x, size_t n)
{
    double sum = 0;

    for (size_t k = 0; k < n; k++)
        sum += x[k] * x[k];
    return sum;
}

void cnn_near_centre(const struct cnn *m, const struct cnn_member *member, double *centre)
{
    const size_t hidden = m->unknown.hidden, n = cnn_points(m, member);

    memset(centre, 0, hidden * sizeof *centre);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < hidden; k++)
            centre[k] += (double)member->points[i * hidden + k] / (double)n;
}

static void place_points(struct cnn_near *x, const float *points)
{
    double *const off = mem_zero(2 * x->stride, sizeof *off), *const whitened = off + x->stride;

    for (size_t i = 0; i < x->n; i++) {
        double *const to = x->points + i / LANES * x->hidden * LANES + i % LANES;
        whiten(x, points + i * x->hidden, off, whitened);
        x->lengths[i] = length_of(whitened, x->hidden);
        for (size_t k = 0; k < x->hidden; k++)
            to[k * LANES] = whitened[k];
    }
    free(off);
}

struct cnn_near *cnn_near_new(const struct cnn *m, const struct cnn_member *member)
{
    struct cnn_near *const x = mem_zero(1, sizeof *x);

    x->hidden = m->unknown.hidden;
    x->stride = (x->hidden + LANES - 1) / LANES * LANES;
    x->n = cnn_points(m, member);
    x->blocks = (x->n + LANES - 1) / LANES;
    x->centre = mem_zero(x->hidden, sizeof *x->centre);
    cnn_near_centre(m, member, x->centre);
    x->columns = columns_of(member->whiten, x->hidden, x->stride);
    x->points = mem_zero(x->blocks * x->hidden, LANES * sizeof *x->points);
    x->lengths = mem_zero(x->blocks, LANES * sizeof *x->lengths);
    place_points(x, member->points);
    return x;
}

void cnn_near_free(struct cnn_near *x)
{
    if (!x)
        return;
    free(x->centre);
    free(x->columns);
    free(x->points);
    free(x->lengths);
    free(x);
}

/* What a thread works with: a point and TOGETHER of them, whitened, and TOGETHER rows of squares.
 */
struct work {
    double *off, *asked, *squares;
};

static struct work work_of(const struct cnn_near *x, double *scratch)
{
    return (struct work){scratch, scratch + x->stride, scratch + (1 + TOGETHER) * x->stride};
}

size_t cnn_near_scratch(const struct cnn_near *x)
{
    return (1 + TOGETHER) * x->stride + TOGETHER * x->blocks * LANES;
}

/* |b|^2 - 2 ab of a block's points b for all flows of `asked`; step: from one flow's to the next
 * one's. */
VEC_INLINE void squares_loop(const double *block, const double *lengths, const double *asked,
                             size_t hidden, size_t stride, double *squares, size_t step)
{
    lanes sum[TOGETHER] = {{0}};

    for (size_t k = 0; k < hidden; k++) {
        const lanes point = *(const lanes *)(block + k * LANES);
        for (size_t f = 0; f < TOGETHER; f++)
            sum[f] += point * asked[f * stride + k];
    }
    for (size_t f = 0; f < TOGETHER; f++)
        *(lanes *)(squares + f * step) = *(const lanes *)lengths - 2 * sum[f];
}
VEC_VARIANTS(void, squares,
             (const double *block, const double *lengths, const double *asked, size_t hidden,
              size_t stride, double *squares, size_t step),
             squares_loop(block, lengths, asked, hidden, stride, squares, step);)

static void ask_block(const struct cnn_near *x, const struct work *w, size_t b)
{
    const double *const points = x->points + b * x->hidden * LANES;
    const double *const lengths = x->lengths + b * LANES;
    double *const to = w->squares + b * LANES;

    VEC_CALL(squares)(points, lengths, w->asked, x->hidden, x->stride, to, x->blocks * LANES);
}

/* The distance to the nearest point of one whose length squared this is. */
static double nearest(double length, const double *squares, size_t n, size_t but)
{
    double near = (double)INFINITY;

    for (size_t i = 0; i < n; i++)
        if (squares[i] < near && i != but)
            near = squares[i];
    const double square = near + length;
    return square >= 0 ? sqrt(square) : square < 0 ? 0 : (double)INFINITY;
}

void cnn_near_ask(const struct cnn_near *x, double *scratch, const float *points, size_t n,
                  const size_t *but, double *newness)
{
    const struct work w = work_of(x, scratch);
    const size_t step = x->blocks * LANES;

    memset(w.asked, 0, TOGETHER * x->stride * sizeof *w.asked);
    for (size_t first = 0; first < n; first += TOGETHER) {
        const size_t there = n - first < TOGETHER ? n - first : TOGETHER;
        for (size_t f = 0; f < there; f++)
            whiten(x, points + (first + f) * x->hidden, w.off, w.asked + f * x->stride);
        for (size_t b = 0; b < x->blocks; b++)
            ask_block(x, &w, b);
        for (size_t f = 0; f < there; f++) {
            const double length = length_of(w.asked + f * x->stride, x->hidden);
            newness[first + f] =
                nearest(length, w.squares + f * step, x->n, but ? but[first + f] : SIZE_MAX);
        }
    }
}
