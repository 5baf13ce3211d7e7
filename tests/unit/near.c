/* Checks distances of cnn_near.c against plain ones, and prints a hash of them: the same for every
 * VEC_MOST, and for as many points at a time as there may be. */
#include "cnn_near.h"
#include "mem.h"
#include "rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HIDDEN ((size_t)11)
#define POINTS ((size_t)21)
#define ASKED ((size_t)19)

struct numbers {
    float points[POINTS * HIDDEN], whiten[HIDDEN * (HIDDEN + 1) / 2], asked[ASKED * HIDDEN];
};

static void fill(struct numbers *v, struct rng *r)
{
    /* Far from 0 beside what they differ by. */
    for (size_t i = 0; i < POINTS * HIDDEN; i++)
        v->points[i] = (float)(1e6 + rng_unit(r));
    for (size_t i = 0; i < ASKED * HIDDEN; i++)
        v->asked[i] = (float)(1e6 + rng_unit(r));
    memcpy(v->asked, v->points + 3 * HIDDEN, HIDDEN * sizeof *v->asked);
    for (size_t i = 0; i < sizeof v->whiten / sizeof *v->whiten; i++)
        v->whiten[i] = (float)(rng_unit(r) * 10 - 5);
}

static double plain(const struct numbers *v, const float *asked, size_t but)
{
    double near = (double)INFINITY;

    for (size_t p = 0; p < POINTS; p++) {
        const float *row = v->whiten;
        double square = 0;
        for (size_t i = 0; i < HIDDEN; row += ++i) {
            double sum = 0;
            for (size_t k = 0; k <= i; k++)
                sum += (double)row[k] * ((double)asked[k] - (double)v->points[p * HIDDEN + k]);
            square += sum * sum;
        }
        if (p != but)
            near = fmin(near, square);
    }
    return sqrt(near);
}

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "%s\n", what);
    exit(1);
}

int main(void)
{
    static struct numbers v;
    size_t n_points[] = {5, 0, POINTS - 5}, but[ASKED];
    struct cnn_member member = {.n_points = n_points, .points = v.points, .whiten = v.whiten};
    const struct cnn m = {.n_classes = 3, .unknown = {.hidden = HIDDEN}, .members = &member};
    double got[ASKED], alone;
    struct rng r = rng_new(1, 0);
    uint64_t hash = 0;

    fill(&v, &r);
    struct cnn_near *const near = cnn_near_new(&m, &member);
    double *const scratch = mem_alloc(cnn_near_scratch(near), sizeof *scratch);
    for (size_t n = 1; n <= ASKED; n++) {
        for (size_t i = 0; i < n; i++)
            but[i] = i % 3 == 0 ? i : SIZE_MAX;
        for (int all = 0; all < 2; all++) {
            cnn_near_ask(near, scratch, v.asked, n, all ? NULL : but, got);
            for (size_t i = 0; i < n; i++) {
                const double want = plain(&v, v.asked + i * HIDDEN, all ? SIZE_MAX : but[i]);
                require(fabs(got[i] - want) <= 1e-9 * (1 + want), "not the nearest");
                cnn_near_ask(near, scratch, v.asked + i * HIDDEN, 1, all ? NULL : but + i, &alone);
                require(!(alone < got[i] || alone > got[i]), "not the same alone");
            }
        }
        for (const unsigned char *p = (const unsigned char *)got, *end = p + n * sizeof *got;
             p < end; p++)
            hash = (hash ^ *p) * UINT64_C(0x100000001b3);
    }
    require(got[0] == 0, "a point is away from itself");
    free(scratch);
    cnn_near_free(near);
    printf("%016llx\n", (unsigned long long)hash);
    return 0;
}
