#include "nn_norm.h"

#include <math.h>

/* Below this a direction counts as having no length: dividing by it would overflow. */
static const double LEAST = 1e-12;

static double dot(const float *a, const float *b, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

void nn_norm_forward(const struct nn_layer *l, const float *params, float *w)
{
    const size_t n = l->in.channels * l->width, units = l->out.channels;

    for (size_t o = 0; o < units; o++) {
        const float *const v = params + o * n;
        const double length = fmax(sqrt(dot(v, v, n)), LEAST);
        const float scale = (float)((double)params[units * n + o] / length);
        for (size_t i = 0; i < n; i++)
            w[o * n + i] = scale * v[i];
    }
}

/* dg = dw.v / |v|, dv = g / |v| (dw - (dw.v / |v|^2) v). */
void nn_norm_backward(const struct nn_layer *l, const float *params, const float *w_grad,
                      float *grads)
{
    const size_t n = l->in.channels * l->width, units = l->out.channels;

    for (size_t o = 0; o < units; o++) {
        const float *const v = params + o * n, *const dw = w_grad + o * n;
        const double length = fmax(sqrt(dot(v, v, n)), LEAST), along = dot(dw, v, n) / length;
        const double scale = (double)params[units * n + o] / length;
        for (size_t i = 0; i < n; i++)
            grads[o * n + i] = (float)(scale * ((double)dw[i] - along / length * (double)v[i]));
        grads[units * n + o] = (float)along;
    }
}
