#include "cnn_near.h"

#include "mem.h"
#include "vec_target.h"

#include <math.h>
#include <stdlib.h>

/* |a - b|^2 = |a|^2 + |b|^2 - 2 ab, whose sums all go number by number: of a point to itself it is
 * 0.
 *
 * Points stand in blocks of so many, number by number, so that each has a lane of its own: no sum
 * depends on the width of a register. So many flows go through a block together. */
enum { LANES = 8, TOGETHER = 8 };

typedef double lanes __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

struct cnn_near {
    size_t hidden, n, blocks;
    size_t stride;   /* hidden, rounded up to LANES */
    double *columns; /* of the measure */
    double *lengths; /* of each point, squared */
    double *points;  /* blocks of hidden x LANES, whitened */
    double *asked;   /* TOGETHER x stride, whitened */
    double *squares; /* TOGETHER rows of blocks x LANES: distances to all points, squared */
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
VEC_INLINE void whiten_loop(const double *columns, const float *x, size_t hidden, size_t stride,
                            double *to)
{
    for (size_t i = 0; i < stride; i += LANES) {
        const size_t n = i + LANES < hidden ? i + LANES : hidden;
        lanes sum = {0};
        for (size_t k = 0; k < n; k++)
            sum += *(const lanes *)(columns + k * stride + i) * (double)x[k];
        *(lanes *)(to + i) = sum;
    }
}
VEC_VARIANTS(void, whiten,
             (const double *columns, const float *x, size_t hidden, size_t stride, double *to),
             whiten_loop(columns, x, hidden, stride, to);)

static void whiten(const struct cnn_near *x, const float *point, double *to)
{
    VEC_CALL(whiten)(x->columns, point, x->hidden, x->stride, to);
}

static double length_of(const double *x, size_t n)
{
    double sum = 0;

    for (size_t k = 0; k < n; k++)
        sum += x[k] * x[k];
    return sum;
}

struct cnn_near *cnn_near_new(const struct cnn *m, const struct cnn_member *member)
{
    struct cnn_near *const x = mem_zero(1, sizeof *x);
    const size_t hidden = m->unknown.hidden;

    x->hidden = hidden;
    x->stride = (hidden + LANES - 1) / LANES * LANES;
    x->columns = columns_of(member->whiten, hidden, x->stride);
    for (size_t c = 0; c < m->n_classes; c++)
        x->n += member->n_points[c];
    x->blocks = (x->n + LANES - 1) / LANES;
    x->points = mem_zero(x->blocks * hidden, LANES * sizeof *x->points);
    x->lengths = mem_zero(x->blocks, LANES * sizeof *x->lengths);
    x->asked = mem_zero(TOGETHER * x->stride, sizeof *x->asked);
    x->squares = mem_zero(TOGETHER * x->blocks, LANES * sizeof *x->squares);
    for (size_t i = 0; i < x->n; i++) {
        double *const to = x->points + i / LANES * hidden * LANES + i % LANES;
        whiten(x, member->points + i * hidden, x->asked);
        x->lengths[i] = length_of(x->asked, hidden);
        for (size_t k = 0; k < hidden; k++)
            to[k * LANES] = x->asked[k];
    }
    return x;
}

void cnn_near_free(struct cnn_near *x)
{
    if (!x)
        return;
    free(x->columns);
    free(x->points);
    free(x->lengths);
    free(x->asked);
    free(x->squares);
    free(x);
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

static void ask_block(struct cnn_near *x, size_t b)
{
    const double *const points = x->points + b * x->hidden * LANES,
                        *lengths = x->lengths + b * LANES;
    double *const to = x->squares + b * LANES;

    VEC_CALL(squares)(points, lengths, x->asked, x->hidden, x->stride, to, x->blocks * LANES);
}

/* The distance to the nearest point of one whose length squared this is. */
static double nearest(double length, const double *squares, size_t n, size_t but)
{
    double near = (double)INFINITY;

    for (size_t i = 0; i < n; i++)
        if (squares[i] < near && i != but)
            near = squares[i];
    return sqrt(fmax(near + length, 0));
}

void cnn_near_ask(struct cnn_near *x, const float *points, size_t n, const size_t *but,
                  double *newness)
{
    const size_t hidden = x->hidden, step = x->blocks * LANES;

    for (size_t first = 0; first < n; first += TOGETHER) {
        const size_t there = n - first < TOGETHER ? n - first : TOGETHER;
        for (size_t f = 0; f < there; f++)
            whiten(x, points + (first + f) * hidden, x->asked + f * x->stride);
        for (size_t b = 0; b < x->blocks; b++)
            ask_block(x, b);
        for (size_t f = 0; f < there; f++)
            newness[first + f] =
                nearest(length_of(x->asked + f * x->stride, hidden), x->squares + f * step, x->n,
                        but ? but[first + f] : SIZE_MAX);
    }
}
