/* oneDNN as the layers use it: one engine, primitives with their arguments, and one place where a
 * call that failed is kept. After a failure every call does nothing.
 *
 * Each primitive brings its own scratch memory, so that a network may be made by one thread and run
 * by another. A primitive runs on the thread that calls it and no other. */
#ifndef WEIR_NN_DNNL_H
#define WEIR_NN_DNNL_H

#include "err.h"

#include <dnnl.h>
#include <stdbool.h>

struct nn_dnnl;

/* NULL with *e when there is no engine. Freed with nn_dnnl_free(), after all that it made. */
struct nn_dnnl *nn_dnnl_new(struct err *e);
void nn_dnnl_free(struct nn_dnnl *d);

/* True while every call so far was done; otherwise *e says which was not, and why. */
bool nn_dnnl_ok(const struct nn_dnnl *d, struct err *e);

/* Calls oneDNN, unless a call before has failed, and keeps the status. True while none has. */
#define NN_DNNL(d, call) (nn_dnnl_well(d) && nn_dnnl_keep(d, call, #call))
bool nn_dnnl_well(const struct nn_dnnl *d);
bool nn_dnnl_keep(struct nn_dnnl *d, dnnl_status_t status, const char *what);

/* Memory of that shape at `data`, which must stay, or (NULL) of its own. Freed with
 * nn_memory_free(). */
dnnl_memory_t nn_memory_new(struct nn_dnnl *d, const dnnl_memory_desc_t *shape, float *data);
void nn_memory_free(dnnl_memory_t m); /* NULL is allowed */

/* A shape in memory of that layout; dnnl_format_tag_any: as oneDNN likes. */
dnnl_memory_desc_t nn_shape_desc(struct nn_dnnl *d, int n, const dnnl_dim_t *dims,
                                 dnnl_format_tag_t tag);

struct nn_primitive;

/* A primitive of an operation's description; hint: the forward one where this is a backward one,
 * else NULL. It has no arguments yet. Freed with nn_primitive_free(). NULL after a failure. */
struct nn_primitive *nn_primitive_new(struct nn_dnnl *d, const_dnnl_op_desc_t operation,
                                      const struct nn_primitive *hint);

/* What copies memory into memory of another layout. */
struct nn_primitive *nn_reorder_new(struct nn_dnnl *d, dnnl_memory_t from, dnnl_memory_t to);
void nn_primitive_free(struct nn_primitive *p); /* NULL is allowed */

/* The layout of an argument, by the query's kind (dnnl_query_weights_md…) and its place among those
 * of the kind. NULL after a failure. */
const dnnl_memory_desc_t *nn_primitive_desc(const struct nn_primitive *p, dnnl_query_t what,
                                            int place);

void nn_primitive_arg(struct nn_primitive *p, int arg, dnnl_memory_t m);
void nn_primitive_run(struct nn_dnnl *d, const struct nn_primitive *p);

#endif
