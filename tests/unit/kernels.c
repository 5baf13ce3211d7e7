/* Checks the loops of hmm-train against plain ones, and prints a hash of what they compute: the
 * same for every VEC_MOST. */
#include "../../cmd/hmm-train/kernels.h"
#include "rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 200 };

#define K ((size_t)20)
#define KP ((size_t)24)

struct numbers {
    double to[K * KP], pairs[K * KP], alpha[KP], density[KP], ratio[KP], dx[KP], dy[KP];
    double predicted[KP], next[KP], gamma[KP], sums[6 * KP], best[KP], came[KP];
    uint16_t active[KP];
    size_t n;
};

static void require(double got, double want, const char *what)
{
    if (fabs(got - want) <= 1e-12 * (1 + fabs(want)))
        return;
    (void)fprintf(stderr, "%s: %.17g, not %.17g\n", what, got, want);
    exit(1);
}

/* Random numbers for the states, 0 past them; about half of the states are active. */
static void fill(struct numbers *v, struct rng *r)
{
    memset(v, 0, sizeof *v);
    for (size_t i = 0; i < K; i++) {
        for (size_t j = 0; j < K; j++)
            v->to[i * KP + j] = rng_unit(r);
        if (rng_below(r, 2)) {
            v->alpha[i] = rng_unit(r);
            v->active[v->n++] = (uint16_t)i;
        }
        v->density[i] = rng_unit(r);
        v->ratio[i] = rng_unit(r);
        v->dx[i] = rng_unit(r) - 0.5;
        v->dy[i] = rng_unit(r) - 0.5;
    }
}

static void check(const struct numbers *v, double sum)
{
    double total = 0;

    for (size_t j = 0; j < K; j++) {
        double predicted = 0, gamma = 0, best = -HUGE_VAL;
        for (size_t i = 0; i < K; i++) {
            predicted += v->alpha[i] * v->to[i * KP + j];
            gamma += v->alpha[j] * v->to[j * KP + i] * v->ratio[i];
            best = fmax(best, v->density[i] + v->to[i * KP + j]);
            require(v->pairs[i * KP + j], v->alpha[i] * v->ratio[j], "pairs");
        }
        require(v->predicted[j], predicted, "predict");
        require(v->next[j], predicted * v->density[j], "weigh");
        require(v->gamma[j], gamma, "back");
        require(v->best[j], best, "best");
        require(v->density[(size_t)v->came[j]] + v->to[(size_t)v->came[j] * KP + j], best, "came");
        const double w = 2 * gamma, x = v->dx[j], y = v->dy[j];
        const double want[] = {w, w * x, w * y, w * x * x, w * x * y, w * y * y};
        for (size_t s = 0; s < 6; s++)
            require(v->sums[s * KP + j], want[s], "moments");
        total += predicted * v->density[j];
    }
    require(sum, total, "sum");
}

int main(void)
{
    static struct numbers v;
    struct rng r = rng_new(1, 0);
    uint64_t hash = 0;

    for (int round = 0; round < ROUNDS; round++) {
        double doubled[KP] = {0};
        fill(&v, &r);
        kernel_predict(v.predicted, v.to, v.alpha, v.active, v.n, KP);
        const double sum = kernel_weigh(v.next, v.predicted, v.density, KP);
        kernel_back(v.gamma, v.pairs, v.to, v.ratio, v.alpha, v.active, v.n, KP);
        kernel_add(doubled, v.gamma, KP);
        kernel_add(doubled, v.gamma, KP);
        kernel_best(v.best, v.came, v.density, v.to, K, KP);
        kernel_moments(v.sums, doubled, v.dx, v.dy, KP);
        check(&v, sum);
        for (const unsigned char *p = (const unsigned char *)&v, *end = p + sizeof v; p < end; p++)
            hash = (hash ^ *p) * UINT64_C(0x100000001b3);
        hash ^= (uint64_t)(sum * 0x1p40);
    }
    printf("%016llx\n", (unsigned long long)hash);
    return 0;
}
