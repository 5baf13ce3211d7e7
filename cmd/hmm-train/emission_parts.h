/* The two kinds of emission behind emission.h. Functions as there; `stride` is that of the chain.
 */
#ifndef WEIR_EMISSION_PARTS_H
#define WEIR_EMISSION_PARTS_H

#include "emission.h"

struct plane; /* Gaussians of the plane */
struct plane *plane_new(const struct observed *o, size_t k, size_t stride, double floor);
void plane_free(struct plane *g);
void plane_set(struct plane *g, size_t state, const struct gauss2 *from);
struct gauss2 plane_get(const struct plane *g, size_t state);
void plane_prepare(struct plane *g);
void plane_log_densities(const struct plane *g, const struct packet *p, double *log_density);
void plane_begin(struct plane *g);
void plane_add(struct plane *g, const struct packet *p, const double *weights);
void plane_maximise(struct plane *g);

struct sizes; /* lengths one by one, and mixtures of times */
struct sizes *sizes_new(const struct observed *o, size_t k, size_t stride, size_t times,
                        double floor);
void sizes_free(struct sizes *z);
void sizes_set(struct sizes *z, size_t state, const struct hmm_state *from);
void sizes_get(const struct sizes *z, size_t state, struct hmm_state *to);
void sizes_open_up(struct sizes *z);
void sizes_prepare(struct sizes *z);
void sizes_log_densities(struct sizes *z, const struct packet *p, double *log_density);
void sizes_begin(struct sizes *z);
void sizes_add(struct sizes *z, const struct packet *p, const double *weights);
void sizes_maximise(struct sizes *z);
double sizes_parameters(const struct sizes *z);

#endif
