#include "kernels.h"

#include "vec_target.h"

#include <math.h>

/* Four doubles; the compiler splits them where registers are narrower, which changes no bit. Two of
 * them make the eight lanes that a sum has on every machine. */
typedef double lanes __attribute__((vector_size(32), aligned(8), may_alias));

enum { LANES = 4, BOTH = 2 * LANES };

#define AT(p, i) (*(lanes *)((p) + (i)))
#define AT_CONST(p, i) (*(const lanes *)((p) + (i)))

VEC_INLINE double sum_of(const lanes *low, const lanes *high)
{
    const lanes both = *low + *high;

    return (both[0] + both[2]) + (both[1] + both[3]);
}

VEC_INLINE void predict_loop(double *predicted, const double *to, const double *alpha,
                             const uint16_t *active, size_t n, size_t kp)
{
    for (size_t j = 0; j < kp; j += BOTH) {
        lanes low = {0}, high = {0};
        for (size_t a = 0; a < n; a++) {
            const double *const row = to + active[a] * kp + j;
            const double weight = alpha[active[a]];
            low += weight * AT_CONST(row, 0);
            high += weight * AT_CONST(row, LANES);
        }
        AT(predicted, j) = low;
        AT(predicted, j + LANES) = high;
    }
}
VEC_VARIANTS(void, predict,
             (double *predicted, const double *to, const double *alpha, const uint16_t *active,
              size_t n, size_t kp),
             predict_loop(predicted, to, alpha, active, n, kp);)

VEC_INLINE double weigh_loop(double *alpha, const double *predicted, const double *density,
                             size_t kp)
{
    lanes low = {0}, high = {0};

    for (size_t j = 0; j < kp; j += BOTH) {
        const lanes first = AT_CONST(predicted, j) * AT_CONST(density, j);
        const lanes second = AT_CONST(predicted, j + LANES) * AT_CONST(density, j + LANES);
        AT(alpha, j) = first;
        AT(alpha, j + LANES) = second;
        low += first;
        high += second;
    }
    return sum_of(&low, &high);
}
VEC_VARIANTS(double, weigh,
             (double *alpha, const double *predicted, const double *density, size_t kp),
             return weigh_loop(alpha, predicted, density, kp);)

VEC_INLINE void back_loop(double *gamma, double *pairs, const double *to, const double *ratio,
                          const double *alpha, const uint16_t *active, size_t n, size_t kp)
{
    for (size_t a = 0; a < n; a++) {
        const size_t i = active[a];
        const double *const row = to + i * kp;
        double *const pair = pairs + i * kp;
        const double weight = alpha[i];
        lanes low = {0}, high = {0};
        for (size_t j = 0; j < kp; j += BOTH) {
            const lanes first = AT_CONST(ratio, j), second = AT_CONST(ratio, j + LANES);
            low += AT_CONST(row, j) * first;
            high += AT_CONST(row, j + LANES) * second;
            AT(pair, j) += weight * first;
            AT(pair, j + LANES) += weight * second;
        }
        gamma[i] = weight * sum_of(&low, &high);
    }
}
VEC_VARIANTS(void, back,
             (double *gamma, double *pairs, const double *to, const double *ratio,
              const double *alpha, const uint16_t *active, size_t n, size_t kp),
             back_loop(gamma, pairs, to, ratio, alpha, active, n, kp);)

VEC_INLINE void moments_loop(double *sums, const double *w, const double *dx, const double *dy,
                             size_t kp)
{
    for (size_t j = 0; j < kp; j += LANES) {
        const lanes x = AT_CONST(dx, j), y = AT_CONST(dy, j), weight = AT_CONST(w, j);
        const lanes wx = weight * x, wy = weight * y;
        AT(sums, j) += weight;
        AT(sums, kp + j) += wx;
        AT(sums, 2 * kp + j) += wy;
        AT(sums, 3 * kp + j) += wx * x;
        AT(sums, 4 * kp + j) += wx * y;
        AT(sums, 5 * kp + j) += wy * y;
    }
}
VEC_VARIANTS(void, moments,
             (double *sums, const double *w, const double *dx, const double *dy, size_t kp),
             moments_loop(sums, w, dx, dy, kp);)

VEC_INLINE void spread_loop(double *sums, const double *w, const double *xx, const double *xy,
                            const double *yy, size_t kp)
{
    for (size_t j = 0; j < kp; j += LANES) {
        const lanes weight = AT_CONST(w, j);
        AT(sums, 3 * kp + j) += weight * AT_CONST(xx, j);
        AT(sums, 4 * kp + j) += weight * AT_CONST(xy, j);
        AT(sums, 5 * kp + j) += weight * AT_CONST(yy, j);
    }
}
VEC_VARIANTS(void, spread,
             (double *sums, const double *w, const double *xx, const double *xy, const double *yy,
              size_t kp),
             spread_loop(sums, w, xx, xy, yy, kp);)

VEC_INLINE void add_loop(double *to, const double *from, size_t kp)
{
    for (size_t j = 0; j < kp; j += LANES)
        AT(to, j) += AT_CONST(from, j);
}
VEC_VARIANTS(void, add, (double *to, const double *from, size_t kp), add_loop(to, from, kp);)

void kernel_predict(double *predicted, const double *to, const double *alpha,
                    const uint16_t *active, size_t n, size_t kp)
{
    VEC_CALL(predict)(predicted, to, alpha, active, n, kp);
}

double kernel_weigh(double *alpha, const double *predicted, const double *density, size_t kp)
{
    return VEC_CALL(weigh)(alpha, predicted, density, kp);
}

void kernel_back(double *gamma, double *pairs, const double *to, const double *ratio,
                 const double *alpha, const uint16_t *active, size_t n, size_t kp)
{
    VEC_CALL(back)(gamma, pairs, to, ratio, alpha, active, n, kp);
}

void kernel_moments(double *sums, const double *w, const double *dx, const double *dy, size_t kp)
{
    VEC_CALL(moments)(sums, w, dx, dy, kp);
}

void kernel_spread(double *sums, const double *w, const double *xx, const double *xy,
                   const double *yy, size_t kp)
{
    VEC_CALL(spread)(sums, w, xx, xy, yy, kp);
}

void kernel_add(double *to, const double *from, size_t kp)
{
    VEC_CALL(add)(to, from, kp);
}

VEC_INLINE void best_loop(double *restrict best, double *restrict came,
                          const double *restrict before, const double *restrict to, size_t k,
                          size_t kp)
{
    for (size_t j = 0; j < kp; j++) {
        best[j] = -HUGE_VAL;
        came[j] = 0;
    }
    for (size_t i = 0; i < k; i++) {
        const double *restrict const row = to + i * kp;
        const double start = before[i], number = (double)i;
        for (size_t j = 0; j < kp; j++) {
            const double way = start + row[j];
            came[j] = way > best[j] ? number : came[j];
            best[j] = way > best[j] ? way : best[j];
        }
    }
}
VEC_VARIANTS(void, best,
             (double *best, double *came, const double *before, const double *to, size_t k,
              size_t kp),
             best_loop(best, came, before, to, k, kp);)

void kernel_best(double *best, double *came, const double *before, const double *to, size_t k,
                 size_t kp)
{
    VEC_CALL(best)(best, came, before, to, k, kp);
}
