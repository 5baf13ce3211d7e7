#include "gauss.h"

#include <math.h>

/* Legendre's polynomial of degree n at x, and its derivative, by the three-term recurrence. */
static double legendre(size_t n, double x, double *slope)
{
    double before = 1, p = x;

    for (size_t k = 2; k <= n; k++) {
        const double next = ((double)(2 * k - 1) * x * p - (double)(k - 1) * before) / (double)k;
        before = p;
        p = next;
    }
    *slope = (double)n * (x * p - before) / (x * x - 1);
    return p;
}

void gauss_legendre(struct gauss_point *points, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        /* Tricomi's estimate of the root, then Newton's steps, which double the digits each. */
        double x = cos(M_PI * ((double)i + 0.75) / ((double)n + 0.5)), slope = 1;
        for (int step = 0; step < 8; step++)
            x -= legendre(n, x, &slope) / slope;
        (void)legendre(n, x, &slope);
        points[i].at = (1 + x) / 2;
        points[i].weight = 1 / ((1 - x * x) * slope * slope);
    }
}
