#include "axes.h"

#include "eigen.h"
#include "mem.h"

#include <math.h>
#include <stdlib.h>

static void centre(double *rows, size_t n, size_t width)
{
    for (size_t j = 0; j < width; j++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += rows[i * width + j];
        for (size_t i = 0; i < n; i++)
            rows[i * width + j] -= sum / (double)n;
    }
}

/* Of centred rows. */
static double *covariance_of(const double *rows, size_t n, size_t width)
{
    double *const cov = mem_zero(width * width, sizeof *cov);

    for (size_t i = 0; i < n; i++) {
        const double *const row = rows + i * width;
        for (size_t j = 0; j < width; j++)
            for (size_t l = 0; l <= j; l++)
                cov[j * width + l] += row[j] * row[l] / (double)n;
    }
    for (size_t j = 0; j < width; j++)
        for (size_t l = 0; l < j; l++)
            cov[l * width + j] = cov[j * width + l];
    return cov;
}

static struct axes_share choose(const double *values, size_t width, double keep, size_t most)
{
    double all = 0, kept = 0;
    size_t dims = 0;

    for (size_t i = 0; i < width; i++)
        all += fmax(values[i], 0);
    while (dims < width && dims < most && (dims == 0 || kept < keep * all))
        kept += fmax(values[dims++], 0);
    return (struct axes_share){dims, all > 0 ? kept / all : 1};
}

struct axes_share axes_project(double *rows, size_t n, size_t width, double keep, size_t most,
                               double **to)
{
    double *const values = mem_alloc(width, sizeof *values);
    double *const vectors = mem_alloc(width * width, sizeof *vectors);

    centre(rows, n, width);
    double *const cov = covariance_of(rows, n, width);
    eigen_symmetric(cov, width, values, vectors);
    const struct axes_share share = choose(values, width, keep, most);
    const double unit = values[0] > 0 ? sqrt(values[0]) : 1;
    *to = mem_alloc(n * share.dims, sizeof **to);
    for (size_t i = 0; i < n; i++)
        for (size_t a = 0; a < share.dims; a++) {
            double along = 0;
            for (size_t j = 0; j < width; j++)
                along += rows[i * width + j] * vectors[a * width + j];
            (*to)[i * share.dims + a] = along / unit;
        }
    free(cov);
    free(values);
    free(vectors);
    return share;
}
