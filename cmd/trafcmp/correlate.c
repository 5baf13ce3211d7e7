#include "correlate.h"

#include <math.h>
#include <stdbool.h>

static double mean(const double *x, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

static bool varies(const double *x, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (x[i] != x[0])
            return true;
    return false;
}

double pearson(const double *x, const double *y, size_t n)
{
    double xx = 0, yy = 0, xy = 0;

    if (!varies(x, n) || !varies(y, n))
        return NAN;
    const double mx = mean(x, n), my = mean(y, n);
    for (size_t i = 0; i < n; i++) {
        const double dx = x[i] - mx, dy = y[i] - my;
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    return fmin(fmax(xy / (sqrt(xx) * sqrt(yy)), -1), 1);
}

/* Sums at LAGS lags at a time, which do not wait for each other. */
enum { LAGS = 4 };

static void add_products(const double *x, size_t n, size_t lag, double *sums)
{
    double sum[LAGS] = {0};
    size_t i = 0;

    for (; i + lag + LAGS <= n; i++)
        for (size_t k = 0; k < LAGS; k++)
            sum[k] += x[i] * x[i + lag + k];
    for (; i + lag < n; i++)
        for (size_t k = 0; i + lag + k < n; k++)
            sum[k] += x[i] * x[i + lag + k];
    for (size_t k = 0; k < LAGS; k++)
        sums[k] += sum[k];
}

static size_t longest_flow(const struct series *s)
{
    size_t most = 0;

    for (size_t f = 0; f < s->n_flows; f++)
        if (s->first[f + 1] - s->first[f] > most)
            most = s->first[f + 1] - s->first[f];
    return most;
}

void autocorrelation(double *x, const struct series *s, double *r, size_t lags)
{
    const size_t longest = varies(x, s->n) ? longest_flow(s) : 0;
    const double m = s->n > 0 ? mean(x, s->n) : 0;
    double square = 0;

    for (size_t i = 0; i < s->n; i++) {
        x[i] -= m;
        square += x[i] * x[i];
    }
    for (size_t lag = 1; lag <= lags; lag += LAGS) {
        double sums[LAGS] = {0};
        for (size_t f = 0; f < s->n_flows; f++)
            add_products(x + s->first[f], s->first[f + 1] - s->first[f], lag, sums);
        for (size_t k = 0; k < LAGS && lag + k <= lags; k++)
            r[lag + k - 1] = longest > lag + k ? sums[k] / square : NAN;
    }
}
