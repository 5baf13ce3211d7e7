#include "nn_adam.h"

#include "mem.h"
#include "vec_target.h"

#include <math.h>
#include <stdlib.h>

static const double FIRST = 0.9, SECOND = 0.999, LEAST = 1e-8;

struct nn_adam {
    size_t n;
    double rate, decay;
    unsigned long long steps;
    float *mean, *square;
};

struct nn_adam *nn_adam_new(size_t n_params, double rate, double decay)
{
    struct nn_adam *const a = mem_zero(1, sizeof *a);

    *a = (struct nn_adam){.n = n_params,
                          .rate = rate,
                          .decay = decay,
                          .mean = mem_zero(n_params, sizeof(float)),
                          .square = mem_zero(n_params, sizeof(float))};
    return a;
}

void nn_adam_free(struct nn_adam *a)
{
    if (!a)
        return;
    free(a->mean);
    free(a->square);
    free(a);
}

/* What a step is made of. */
struct step {
    float decay, by,
        scale; /* by: the rate by the mean's bias; scale: of the square's root by its */
};

/* No fused multiply-add, and roots and quotients are rounded right: the same bits everywhere. */
VEC_INLINE void step_loop(float *restrict params, const float *restrict grads, float *restrict mean,
                          float *restrict square, size_t n, struct step s)
{
    const float first = (float)FIRST, second = (float)SECOND, least = (float)LEAST;

    for (size_t i = 0; i < n; i++) {
        const float g = grads[i] + s.decay * params[i];
        mean[i] = first * mean[i] + (1 - first) * g;
        square[i] = second * square[i] + (1 - second) * g * g;
        params[i] -= s.by * mean[i] / (sqrtf(square[i]) * s.scale + least);
    }
}

VEC_VARIANTS(void, step,
             (float *params, const float *grads, float *mean, float *square, size_t n,
              struct step s),
             step_loop(params, grads, mean, square, n, s);)

void nn_adam_step(struct nn_adam *a, float *params, const float *grads)
{
    a->steps++;
    const double t = (double)a->steps;
    const struct step s = {.decay = (float)a->decay,
                           .by = (float)(a->rate / (1 - pow(FIRST, t))),
                           .scale = (float)(1 / sqrt(1 - pow(SECOND, t)))};

    VEC_CALL(step)(params, grads, a->mean, a->square, a->n, s);
}

double nn_adam_rate(const struct nn_adam *a)
{
    return a->rate;
}

void nn_adam_set_rate(struct nn_adam *a, double rate)
{
    a->rate = rate;
}

/* Sixteen sums side by side, which are then added in order. */
VEC_INLINE double squares_loop(const float *x, size_t n)
{
    enum { LANES = 16 };
    double sums[LANES] = {0}, sum = 0;
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            sums[k] += (double)x[i + k] * (double)x[i + k];
    for (; i < n; i++)
        sums[0] += (double)x[i] * (double)x[i];
    for (size_t k = 0; k < LANES; k++)
        sum += sums[k];
    return sum;
}

VEC_INLINE void scale_loop(float *x, size_t n, float by)
{
    for (size_t i = 0; i < n; i++)
        x[i] *= by;
}

VEC_INLINE void add_loop(float *restrict sum, const float *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += x[i];
}

VEC_VARIANTS(double, squares, (const float *x, size_t n), return squares_loop(x, n);)
VEC_VARIANTS(void, scale, (float *x, size_t n, float by), scale_loop(x, n, by);)
VEC_VARIANTS(void, add, (float *sum, const float *x, size_t n), add_loop(sum, x, n);)

double nn_clip(float *grads, size_t n, double by, double most)
{
    const double norm = sqrt(VEC_CALL(squares)(grads, n)) * by;
    const double down = norm > most ? most / (norm + 1e-6) : 1;

    VEC_CALL(scale)(grads, n, (float)(by * down));
    return norm;
}

void nn_add(float *sum, const float *x, size_t n)
{
    VEC_CALL(add)(sum, x, n);
}

double nn_plateau_rate(struct nn_plateau *p, double rate, double loss)
{
    if (loss < p->best * (1 - 1e-4)) {
        p->best = loss;
        p->bad = 0;
        return rate;
    }
    if (++p->bad <= p->patience)
        return rate;
    p->bad = 0;
    return rate * p->factor;
}
