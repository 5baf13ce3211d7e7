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
    const struct cnn_member *member;
    size_t hidden, n, blocks;
    double *lengths; /* of each point, squared */
    double *points;  /* blocks of hidden x LANES, whitened */
    double *asked;   /* TOGETHER x hidden, whitened */
    double *squares; /* TOGETHER rows of blocks x LANES: distances to all points, squared */
};

/* W x, for the triangle W; `step` doubles between numbers. */
static void whiten(const float *row, const float *x, size_t n, double *to, size_t step)
{
    for (size_t i = 0; i < n; row += ++i) {
        double sum = 0;
        for (size_t k = 0; k <= i; k++)
            sum += (double)row[k] * (double)x[k];
        to[i * step] = sum;
    }
}

static double length_of(const double *x, size_t n, size_t step)
{
    double sum = 0;

    for (size_t k = 0; k < n; k++)
        sum += x[k * step] * x[k * step];
    return sum;
}

struct cnn_near *cnn_near_new(const struct cnn *m, const struct cnn_member *member)
{
    struct cnn_near *const x = mem_zero(1, sizeof *x);
    const size_t hidden = m->unknown.hidden;

    x->member = member;
    x->hidden = hidden;
    for (size_t c = 0; c < m->n_classes; c++)
        x->n += member->n_points[c];
    x->blocks = (x->n + LANES - 1) / LANES;
    x->points = mem_zero(x->blocks * hidden, LANES * sizeof *x->points);
    x->lengths = mem_zero(x->blocks, LANES * sizeof *x->lengths);
    x->asked = mem_zero(TOGETHER * hidden, sizeof *x->asked);
    x->squares = mem_zero(TOGETHER * x->blocks, LANES * sizeof *x->squares);
    for (size_t i = 0; i < x->n; i++) {
        double *const to = x->points + i / LANES * hidden * LANES + i % LANES;
        whiten(member->whiten, member->points + i * hidden, hidden, to, LANES);
        x->lengths[i] = length_of(to, hidden, LANES);
    }
    return x;
}

void cnn_near_free(struct cnn_near *x)
{
    if (!x)
        return;
    free(x->points);
    free(x->lengths);
    free(x->asked);
    free(x->squares);
    free(x);
}

/* |b|^2 - 2 ab of a block's points b for all flows of `asked`; step: from one flow's to the next
 * one's. */
VEC_INLINE void squares_loop(const double *block, const double *lengths, const double *asked,
                             size_t hidden, double *squares, size_t step)
{
    lanes sum[TOGETHER] = {{0}};

    for (size_t k = 0; k < hidden; k++) {
        const lanes point = *(const lanes *)(block + k * LANES);
        for (size_t f = 0; f < TOGETHER; f++)
            sum[f] += point * asked[f * hidden + k];
    }
    for (size_t f = 0; f < TOGETHER; f++)
        *(lanes *)(squares + f * step) = *(const lanes *)lengths - 2 * sum[f];
}
VEC_VARIANTS(void, squares,
             (const double *block, const double *lengths, const double *asked, size_t hidden,
              double *squares, size_t step),
             squares_loop(block, lengths, asked, hidden, squares, step);)

static void ask_block(struct cnn_near *x, size_t b)
{
    const double *const points = x->points + b * x->hidden * LANES,
                        *lengths = x->lengths + b * LANES;
    double *const to = x->squares + b * LANES;

    VEC_CALL(squares)(points, lengths, x->asked, x->hidden, to, x->blocks * LANES);
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
            whiten(x->member->whiten, points + (first + f) * hidden, hidden, x->asked + f * hidden,
                   1);
        for (size_t b = 0; b < x->blocks; b++)
            ask_block(x, b);
        for (size_t f = 0; f < there; f++)
            newness[first + f] =
                nearest(length_of(x->asked + f * hidden, hidden, 1), x->squares + f * step, x->n,
                        but ? but[first + f] : SIZE_MAX);
    }
}
