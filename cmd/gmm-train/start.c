#include "start.h"

#include "gauss2.h"
#include "mem.h"
#include "vec.h"
#include "vec_target.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROUNDS = 50 }; /* of k-means, which mostly needs fewer than 10 */

struct clusters {
    const struct sample *s;
    double stretch;        /* of lengths, in the plane where distances are taken */
    double *len;           /* of the points, stretched */
    size_t k, stride;      /* stride: of the points */
    struct point *centres; /* k */
    double *distance;      /* of each point to its centre, squared */
    double *nearest;       /* its centre; a double, to be compared and chosen in vectors */
    double *candidate;     /* distances to a candidate; scratch */
    struct rng *rng;
};

/* nearer[i] = min(distance[i], squared distance to c). */
VEC_INLINE void nearer_loop(const double *restrict len, const double *restrict iat,
                            const double *restrict distance, double *restrict nearer, size_t n,
                            struct point c)
{
    for (size_t i = 0; i < n; i++) {
        const double a = len[i] - c.len, b = iat[i] - c.iat, d = a * a + b * b;
        nearer[i] = d < distance[i] ? d : distance[i];
    }
}
VEC_VARIANTS(void, nearer,
             (const double *len, const double *iat, const double *distance, double *to, size_t n,
              struct point c),
             nearer_loop(len, iat, distance, to, n, c);)

VEC_INLINE double potential_loop(const double *restrict count, const double *restrict distance,
                                 size_t n)
{
    double sums[VEC_LANES] = {0};

    for (size_t i = 0; i < n; i += VEC_LANES)
        for (size_t lane = 0; lane < VEC_LANES; lane++)
            sums[lane] += count[i + lane] * distance[i + lane];
    return vec_sum(sums, VEC_LANES);
}
VEC_VARIANTS(double, potential, (const double *count, const double *distance, size_t n),
             return potential_loop(count, distance, n);)

/* A point with a probability in proportion to its count times its distance. */
static size_t draw_point(const struct clusters *c, double total)
{
    double rest = rng_unit(c->rng) * total;
    size_t last = 0;

    for (size_t i = 0; i < c->s->n; i++) {
        const double share = c->s->count[i] * c->distance[i];
        if (share <= 0)
            continue;
        last = i;
        if (rest < share)
            break;
        rest -= share;
    }
    return last;
}

static struct point point_of(const struct clusters *c, size_t i)
{
    return (struct point){c->len[i], c->s->iat[i]};
}

/* Into c->candidate: the distances if point i were a centre, too. */
static void try_centre(struct clusters *c, size_t i)
{
    VEC_CALL(nearer)
    (c->len, c->s->iat, c->distance, c->candidate, c->stride, point_of(c, i));
}

/* Of some points drawn, the one that leaves the least potential. */
static size_t next_centre(struct clusters *c, double total)
{
    const struct sample *const s = c->s;
    const size_t tries = 2 + (size_t)log((double)c->k);
    double least = INFINITY;
    size_t best = 0;

    for (size_t t = 0; t < tries; t++) {
        const size_t i = draw_point(c, total);
        try_centre(c, i);
        const double left = VEC_CALL(potential)(s->count, c->candidate, c->stride);
        if (left < least) {
            least = left;
            best = i;
        }
    }
    return best;
}

static void seed_centres(struct clusters *c)
{
    const struct sample *const s = c->s;
    size_t i;

    /* The first centre: by counts alone. */
    for (size_t p = 0; p < c->stride; p++)
        c->distance[p] = 1;
    i = draw_point(c, s->packets);
    for (size_t p = 0; p < c->stride; p++)
        c->distance[p] = INFINITY;
    for (size_t centre = 0;; centre++) {
        c->centres[centre] = point_of(c, i);
        try_centre(c, i);
        double *const old = c->distance;
        c->distance = c->candidate;
        c->candidate = old;
        if (centre + 1 == c->k)
            break;
        i = next_centre(c, VEC_CALL(potential)(s->count, c->distance, c->stride));
    }
}

VEC_INLINE void assign_loop(const double *restrict len, const double *restrict iat,
                            double *restrict distance, double *restrict nearest, size_t n,
                            const struct point *c, size_t k)
{
    for (size_t i = 0; i < n; i++)
        distance[i] = INFINITY;
    for (size_t centre = 0; centre < k; centre++) {
        const double mine = (double)centre;
        for (size_t i = 0; i < n; i++) {
            const double a = len[i] - c[centre].len, b = iat[i] - c[centre].iat;
            const double d = a * a + b * b;
            nearest[i] = d < distance[i] ? mine : nearest[i];
            distance[i] = d < distance[i] ? d : distance[i];
        }
    }
}
VEC_VARIANTS(void, assign,
             (const double *len, const double *iat, double *distance, double *nearest, size_t n,
              const struct point *c, size_t k),
             assign_loop(len, iat, distance, nearest, n, c, k);)

/* To the nearest centre (the first of equals), in blocks that stay in the cache. */
static void assign_points(struct clusters *c)
{
    enum { BLOCK = 1024 };

    for (size_t i = 0; i < c->stride; i += BLOCK) {
        const size_t n = c->stride - i < BLOCK ? c->stride - i : BLOCK;
        VEC_CALL(assign)
        (c->len + i, c->s->iat + i, c->distance + i, c->nearest + i, n, c->centres, c->k);
    }
}

/* w times point i. Its blur is taken for spread here: EM narrows what is too wide. */
static void add_point(const struct sample *s, struct gauss2_sums *sums, double w, size_t i)
{
    const double len = s->len[i] - s->origin.len, iat = s->iat[i] - s->origin.iat;

    sums->w += w;
    sums->len += w * len;
    sums->iat += w * iat;
    sums->len_len += w * (len * len + s->blurs.len);
    sums->len_iat += w * len * iat;
    sums->iat_iat += w * (iat * iat + s->blurs.iat[s->blur[i]]);
}

/* The sums of each cluster, relative to the sample's origin. */
static void sum_clusters(const struct clusters *c, struct gauss2_sums *sums)
{
    const struct sample *const s = c->s;

    memset(sums, 0, c->k * sizeof *sums);
    for (size_t i = 0; i < s->n; i++)
        add_point(s, &sums[(size_t)c->nearest[i]], s->count[i], i);
}

/* An empty cluster takes the point that is farthest from its centre and not alone there; there is
 * one, since there are no fewer points than centres. */
static void take_farthest(struct clusters *c, struct gauss2_sums *sums, size_t empty)
{
    const struct sample *const s = c->s;
    double most = -1;
    size_t far = 0;

    for (size_t i = 0; i < s->n; i++)
        if (c->distance[i] > most && sums[(size_t)c->nearest[i]].w > s->count[i]) {
            most = c->distance[i];
            far = i;
        }
    add_point(s, &sums[(size_t)c->nearest[far]], -s->count[far], far);
    add_point(s, &sums[empty], s->count[far], far);
    c->nearest[far] = (double)empty;
    c->distance[far] = 0;
}

/* One round of Lloyd's algorithm. Whether a centre moved. */
static bool move_centres(struct clusters *c, struct gauss2_sums *sums)
{
    const struct point origin = c->s->origin;
    bool moved = false;

    assign_points(c);
    sum_clusters(c, sums);
    for (size_t i = 0; i < c->k; i++)
        if (sums[i].w == 0)
            take_farthest(c, sums, i);
    for (size_t i = 0; i < c->k; i++) {
        const struct point to = {c->stretch * (origin.len + sums[i].len / sums[i].w),
                                 origin.iat + sums[i].iat / sums[i].w};
        moved = moved || to.len != c->centres[i].len || to.iat != c->centres[i].iat;
        c->centres[i] = to;
    }
    return moved;
}

void start_mixture(const struct sample *s, size_t k, double floor, double stretch, struct rng *rng,
                   struct em_mixture *x)
{
    struct clusters c = {
        .s = s, .stretch = stretch, .k = k, .stride = vec_stride(s->n), .rng = rng};
    struct gauss2_sums *const sums = mem_alloc(k, sizeof *sums);
    int rounds = 0;

    c.centres = mem_alloc(k, sizeof *c.centres);
    c.distance = mem_alloc(c.stride, sizeof *c.distance);
    c.nearest = mem_zero(c.stride, sizeof *c.nearest);
    c.candidate = mem_alloc(c.stride, sizeof *c.candidate);
    c.len = mem_alloc(c.stride, sizeof *c.len);
    for (size_t i = 0; i < c.stride; i++)
        c.len[i] = stretch * s->len[i];
    seed_centres(&c);
    while (move_centres(&c, sums) && rounds < MOST_ROUNDS)
        rounds++;
    x->k = k;
    x->weights = mem_alloc(k, sizeof *x->weights);
    struct gauss2 *const components = mem_alloc(k, sizeof *components);
    for (size_t i = 0; i < k; i++) {
        x->weights[i] = sums[i].w / s->packets;
        components[i] = gauss2_fit(&sums[i], s->origin, floor);
    }
    x->components = components;
    free(sums);
    free(c.centres);
    free(c.len);
    free(c.distance);
    free(c.nearest);
    free(c.candidate);
}
