#include "nn_dnnl.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* OpenMP's, of which oneDNN makes its threads; declared here since gcc and clang have its header in
 * packages of their own. */
void omp_set_num_threads(int threads);

enum { MOST_ARGS = 16 };

struct nn_dnnl {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    dnnl_primitive_attr_t attr;
    dnnl_status_t status;
    const char *what; /* failed */
};

struct nn_primitive {
    dnnl_primitive_desc_t desc;
    dnnl_primitive_t primitive;
    dnnl_memory_t scratch;
    dnnl_exec_arg_t args[MOST_ARGS];
    int n_args;
};

bool nn_dnnl_well(const struct nn_dnnl *d)
{
    return d->status == dnnl_success;
}

bool nn_dnnl_keep(struct nn_dnnl *d, dnnl_status_t status, const char *what)
{
    if (nn_dnnl_well(d) && status != dnnl_success) {
        d->status = status;
        d->what = what;
    }
    return nn_dnnl_well(d);
}

static const char *status_text(dnnl_status_t s)
{
    switch (s) {
    case dnnl_out_of_memory:
        return "out of memory";
    case dnnl_invalid_arguments:
        return "invalid arguments";
    case dnnl_unimplemented:
        return "not implemented";
    default:
        return "runtime error";
    }
}

bool nn_dnnl_ok(const struct nn_dnnl *d, struct err *e)
{
    return nn_dnnl_well(d) || err_set(e, "oneDNN: %.*s: %s", (int)strcspn(d->what, "("), d->what,
                                      status_text(d->status));
}

struct nn_dnnl *nn_dnnl_new(struct err *e)
{
    struct nn_dnnl *const d = mem_zero(1, sizeof *d);

    if (NN_DNNL(d, dnnl_engine_create(&d->engine, dnnl_cpu, 0)) &&
        NN_DNNL(d, dnnl_stream_create(&d->stream, d->engine, dnnl_stream_default_flags)) &&
        NN_DNNL(d, dnnl_primitive_attr_create(&d->attr)) &&
        NN_DNNL(d, dnnl_primitive_attr_set_scratchpad_mode(d->attr, dnnl_scratchpad_mode_user)))
        return d;
    (void)nn_dnnl_ok(d, e);
    nn_dnnl_free(d);
    return NULL;
}

void nn_dnnl_free(struct nn_dnnl *d)
{
    if (!d)
        return;
    if (d->attr)
        (void)dnnl_primitive_attr_destroy(d->attr);
    if (d->stream)
        (void)dnnl_stream_destroy(d->stream);
    if (d->engine)
        (void)dnnl_engine_destroy(d->engine);
    free(d);
}

dnnl_memory_t nn_memory_new(struct nn_dnnl *d, const dnnl_memory_desc_t *shape, float *data)
{
    dnnl_memory_t m = NULL;

    (void)NN_DNNL(
        d, dnnl_memory_create(&m, shape, d->engine, data ? (void *)data : DNNL_MEMORY_ALLOCATE));
    return m;
}

void nn_memory_free(dnnl_memory_t m)
{
    if (m)
        (void)dnnl_memory_destroy(m);
}

dnnl_memory_desc_t nn_shape_desc(struct nn_dnnl *d, int n, const dnnl_dim_t *dims,
                                 dnnl_format_tag_t tag)
{
    dnnl_memory_desc_t desc = {0};

    (void)NN_DNNL(d, dnnl_memory_desc_init_by_tag(&desc, n, dims, dnnl_f32, tag));
    return desc;
}

/* oneDNN cuts the work up for as many threads as there are when a primitive is made, and starts as
 * many when it runs; the number is each calling thread's own. */
static void stay_alone(void)
{
    omp_set_num_threads(1);
}

/* The primitive of p->desc, and its scratch memory. */
static struct nn_primitive *finish(struct nn_dnnl *d, struct nn_primitive *p)
{
    if (!NN_DNNL(d, dnnl_primitive_create(&p->primitive, p->desc))) {
        nn_primitive_free(p);
        return NULL;
    }
    const dnnl_memory_desc_t *const scratch = nn_primitive_desc(p, dnnl_query_scratchpad_md, 0);
    if (scratch && dnnl_memory_desc_get_size(scratch) > 0) {
        p->scratch = nn_memory_new(d, scratch, NULL);
        nn_primitive_arg(p, DNNL_ARG_SCRATCHPAD, p->scratch);
    }
    return p;
}

struct nn_primitive *nn_primitive_new(struct nn_dnnl *d, const_dnnl_op_desc_t operation,
                                      const struct nn_primitive *hint)
{
    if (!nn_dnnl_well(d))
        return NULL;
    stay_alone();
    struct nn_primitive *const p = mem_zero(1, sizeof *p);
    (void)NN_DNNL(d, dnnl_primitive_desc_create(&p->desc, operation, d->attr, d->engine,
                                                hint ? hint->desc : NULL));
    return finish(d, p);
}

struct nn_primitive *nn_reorder_new(struct nn_dnnl *d, dnnl_memory_t from, dnnl_memory_t to)
{
    const dnnl_memory_desc_t *source = NULL, *target = NULL;

    if (!nn_dnnl_well(d))
        return NULL;
    stay_alone();
    struct nn_primitive *const p = mem_zero(1, sizeof *p);
    (void)(NN_DNNL(d, dnnl_memory_get_memory_desc(from, &source)) &&
           NN_DNNL(d, dnnl_memory_get_memory_desc(to, &target)) &&
           NN_DNNL(d, dnnl_reorder_primitive_desc_create(&p->desc, source, d->engine, target,
                                                         d->engine, d->attr)));
    struct nn_primitive *const done = finish(d, p);
    if (done) {
        nn_primitive_arg(done, DNNL_ARG_FROM, from);
        nn_primitive_arg(done, DNNL_ARG_TO, to);
    }
    return done;
}

void nn_primitive_free(struct nn_primitive *p)
{
    if (!p)
        return;
    nn_memory_free(p->scratch);
    if (p->primitive)
        (void)dnnl_primitive_destroy(p->primitive);
    if (p->desc)
        (void)dnnl_primitive_desc_destroy(p->desc);
    free(p);
}

const dnnl_memory_desc_t *nn_primitive_desc(const struct nn_primitive *p, dnnl_query_t what,
                                            int place)
{
    return p ? dnnl_primitive_desc_query_md(p->desc, what, place) : NULL;
}

void nn_primitive_arg(struct nn_primitive *p, int arg, dnnl_memory_t m)
{
    if (p && p->n_args < MOST_ARGS)
        p->args[p->n_args++] = (dnnl_exec_arg_t){arg, m};
}

void nn_primitive_run(struct nn_dnnl *d, const struct nn_primitive *p)
{
    if (!nn_dnnl_well(d) || !p)
        return;
    stay_alone();
    (void)(NN_DNNL(d, dnnl_primitive_execute(p->primitive, d->stream, p->n_args, p->args)) &&
           NN_DNNL(d, dnnl_stream_wait(d->stream)));
}
