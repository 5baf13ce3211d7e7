#include "vec.h"

#include "vec_target.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

size_t vec_stride(size_t n)
{
    return (n + VEC_LANES - 1) / VEC_LANES * VEC_LANES;
}

VEC_INLINE uint64_t bits_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

VEC_INLINE double of_bits(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

/* exp(x) = 2^k exp(r), |r| <= ln 2 / 2. Adding 1.5 * 2^52 rounds to an integer, which then stands
 * in the low bits; ln 2 in two parts (of which the first times k is exact) keeps r exact enough.
 * The series ends at r^13 / 13!, and the next term is below 5e-18. Below the least x a mask, for no
 * branch may stand in the way of vectors, makes it 0 * exp(0). */
VEC_INLINE double exp_one(double x)
{
    static const double least = -708, round = 0x1.8p52, log2_e = 0x1.71547652b82fep0,
                        ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
    const uint64_t keep = -(uint64_t)(x >= least);
    const double in = of_bits(bits_of(x) & keep);
    const double shifted = in * log2_e + round;
    const double k = shifted - round;
    const double r = (in - k * ln2_high) - k * ln2_low;
    double q = 1.0 / 6227020800;

    q = q * r + 1.0 / 479001600;
    q = q * r + 1.0 / 39916800;
    q = q * r + 1.0 / 3628800;
    q = q * r + 1.0 / 362880;
    q = q * r + 1.0 / 40320;
    q = q * r + 1.0 / 5040;
    q = q * r + 1.0 / 720;
    q = q * r + 1.0 / 120;
    q = q * r + 1.0 / 24;
    q = q * r + 1.0 / 6;
    q = q * r + 0.5;
    const double power = of_bits(((bits_of(shifted) + 1023) << 52) & keep);
    return power * (1 + (r + r * r * q));
}

VEC_INLINE void exp_loop(double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = exp_one(x[i]);
}
VEC_VARIANTS(void, exp_all, (double *x, size_t n), exp_loop(x, n);)

void vec_exp(double *x, size_t n)
{
    VEC_CALL(exp_all)(x, n);
}

VEC_INLINE double max_loop(const double *x, size_t n)
{
    double most[VEC_LANES];

    for (size_t lane = 0; lane < VEC_LANES; lane++)
        most[lane] = -INFINITY;
    for (size_t i = 0; i < n; i += VEC_LANES)
        for (size_t lane = 0; lane < VEC_LANES; lane++)
            most[lane] = x[i + lane] > most[lane] ? x[i + lane] : most[lane];
    for (size_t lane = 1; lane < VEC_LANES; lane++)
        most[0] = most[lane] > most[0] ? most[lane] : most[0];
    return most[0];
}
VEC_VARIANTS(double, max_all, (const double *x, size_t n), return max_loop(x, n);)

double vec_max(const double *x, size_t n)
{
    return VEC_CALL(max_all)(x, n);
}

VEC_INLINE double sum_loop(const double *x, size_t n)
{
    double sums[VEC_LANES] = {0};

    for (size_t i = 0; i < n; i += VEC_LANES)
        for (size_t lane = 0; lane < VEC_LANES; lane++)
            sums[lane] += x[i + lane];
    for (size_t half = VEC_LANES / 2; half > 0; half /= 2)
        for (size_t lane = 0; lane < half; lane++)
            sums[lane] += sums[lane + half];
    return sums[0];
}
VEC_VARIANTS(double, sum_all, (const double *x, size_t n), return sum_loop(x, n);)

double vec_sum(const double *x, size_t n)
{
    return VEC_CALL(sum_all)(x, n);
}

VEC_INLINE void scale_loop(double *x, size_t n, double by)
{
    for (size_t i = 0; i < n; i++)
        x[i] *= by;
}
VEC_VARIANTS(void, scale_all, (double *x, size_t n, double by), scale_loop(x, n, by);)

void vec_scale(double *x, size_t n, double by)
{
    VEC_CALL(scale_all)(x, n, by);
}

/* All in one, for it is called for every packet. */
VEC_INLINE double normalise_loop(double *x, size_t n)
{
    const double most = max_loop(x, n);

    for (size_t i = 0; i < n; i++)
        x[i] = exp_one(x[i] - most);
    const double sum = sum_loop(x, n);
    scale_loop(x, n, 1 / sum);
    return most + log(sum);
}
VEC_VARIANTS(double, normalise_all, (double *x, size_t n), return normalise_loop(x, n);)

double vec_normalise_log(double *x, size_t n)
{
    return VEC_CALL(normalise_all)(x, n);
}
