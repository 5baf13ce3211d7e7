/* Gaussians in the plane of packets as components of a mixture. */
#ifndef GMM_TRAIN_PLANE_H
#define GMM_TRAIN_PLANE_H

#include "em.h"
#include "sample.h"

/* The sample, which must stay, with components that are struct gauss2. */
struct em_data plane_data(const struct sample *s);

#endif
