/* Gaussian mixtures of packets, one a direction, and their file (weir-formats(5)).
 *
 *     weir-gmm 1
 *     made gmm-train --components=10:120:4
 *     seed 1
 *     iat dir_iat                        (the column learnt)
 *     resolution 1000                    (ns; generated times are multiples of it)
 *     mixtures 2
 *     mixture forward 17 1931 converged 41 -1.25
 *     component WEIGHT MEAN_LEN MEAN_IAT VAR_LEN COV VAR_IAT
 *     component …
 *
 * A mixture's line has its direction, components, packets learnt from, exit state, iterations and
 * log-likelihood a packet.
 *
 * With `iat` instead of `dir_iat` there are two mixtures all the same: times then are since the
 * previous packet of either direction. */
#ifndef WEIR_GMM_H
#define WEIR_GMM_H

#include "em_exit.h"
#include "gauss2.h"
#include "out.h"
#include "table.h"

enum { GMM_MAX_COMPONENTS = 4096 };

struct gmm_mixture {
    enum series_dir dir;
    size_t k;
    double *weights; /* k, sum 1 */
    struct gauss2 *components;
    uint64_t packets; /* learnt from */
    enum em_exit exit;
    uint64_t iterations;
    double log_likelihood; /* nats a packet */
};

struct gmm {
    char *made;
    uint64_t seed;
    char *iat_column;
    uint64_t resolution;
    struct gmm_mixture mixtures[2];
    size_t n_mixtures; /* 1 where the series had one direction only */
};

/* NULL with *e ("FILE:LINE: …") unless it is whole and sound: weights sum to 1 within 1e-6 (they
 * are scaled to it), covariances positive definite, no direction twice. Freed with gmm_free(). */
struct gmm *gmm_read(const char *path, struct err *e);
struct gmm *gmm_read_memory(const void *p, size_t n, const char *name, struct err *e);
void gmm_free(struct gmm *m);
void gmm_write(const struct gmm *m, struct out *o);

/* The mixture of a direction, or NULL. */
const struct gmm_mixture *gmm_of(const struct gmm *m, enum series_dir dir);

/* The components with their weights, for points with these blurs. Freed with gauss2_set_free(). */
struct gauss2_set *gmm_set_new(const struct gmm_mixture *x, const struct blurs *b);

/* The most likely component of a packet (weights counted; the lowest of equals). scratch has room
 * for gauss2_stride(k). */
size_t gmm_component(const struct gmm_mixture *x, const struct gauss2_set *set, struct point p,
                     size_t blur, double *scratch);

/* A component by weight. */
size_t gmm_draw_component(const struct gmm_mixture *x, struct rng *r);

/* Tokens: "f12", "b3": direction and 1-based component. token_parse() is false for any other text;
 * it does not know how many components there are. */
enum { TOKEN_MAX = 24 };
char *token_put(char *p, enum series_dir dir, size_t component); /* 0-based; no NUL; the end */
bool token_parse(struct span text, enum series_dir *dir, size_t *component);

#endif
