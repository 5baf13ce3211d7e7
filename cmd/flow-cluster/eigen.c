#include "eigen.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { MOST_SWEEPS = 60 }; /* fewer than 10 are usual */

/* Two rows, turned by the angle with this cosine and sine. */
static void turn(double *x, double *y, size_t step, size_t n, double cosine, double sine)
{
    for (size_t i = 0; i < n; i++) {
        const double a = x[i * step], b = y[i * step];
        x[i * step] = cosine * a - sine * b;
        y[i * step] = sine * a + cosine * b;
    }
}

/* Makes a[p][q] 0. */
static void rotate(double *a, size_t n, size_t p, size_t q, double *vectors)
{
    const double off = a[p * n + q];
    const double theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
    const double tangent = copysign(1, theta) / (fabs(theta) + hypot(theta, 1));
    const double cosine = 1 / hypot(tangent, 1), sine = tangent * cosine;

    turn(a + p * n, a + q * n, 1, n, cosine, sine);
    turn(a + p, a + q, n, n, cosine, sine);
    a[p * n + q] = a[q * n + p] = 0;
    turn(vectors + p * n, vectors + q * n, 1, n, cosine, sine);
}

/* All pairs once; whether one was left to turn. */
static bool sweep(double *a, size_t n, double *vectors)
{
    bool turned = false;

    for (size_t p = 0; p + 1 < n; p++)
        for (size_t q = p + 1; q < n; q++) {
            const double size = fabs(a[p * n + p]) + fabs(a[q * n + q]);
            if (fabs(a[p * n + q]) <= DBL_EPSILON * DBL_EPSILON * size)
                continue;
            rotate(a, n, p, q, vectors);
            turned = true;
        }
    return turned;
}

static void exchange_rows(double *a, double *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const double x = a[i];
        a[i] = b[i];
        b[i] = x;
    }
}

/* The greatest value first. */
static void order(double *values, double *vectors, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        size_t best = i;
        for (size_t j = i + 1; j < n; j++)
            if (values[j] > values[best])
                best = j;
        if (best == i)
            continue;
        exchange_rows(&values[i], &values[best], 1);
        exchange_rows(vectors + i * n, vectors + best * n, n);
    }
}

static void point_up(double *vector, size_t n)
{
    size_t most = 0;

    for (size_t i = 1; i < n; i++)
        if (fabs(vector[i]) > fabs(vector[most]))
            most = i;
    if (vector[most] > 0)
        return;
    for (size_t i = 0; i < n; i++)
        vector[i] = -vector[i];
}

void eigen_symmetric(double *a, size_t n, double *values, double *vectors)
{
    int sweeps = 0;

    memset(vectors, 0, n * n * sizeof *vectors);
    for (size_t i = 0; i < n; i++)
        vectors[i * n + i] = 1;
    while (sweep(a, n, vectors) && sweeps < MOST_SWEEPS)
        sweeps++;
    for (size_t i = 0; i < n; i++)
        values[i] = a[i * n + i];
    order(values, vectors, n);
    for (size_t i = 0; i < n; i++)
        point_up(vectors + i * n, n);
}
