/* Flow classifiers of strangers: the reader takes them or says why not; what it took has a network
 * of its size, finite numbers, standardises whatever there is, and reads back as it was written. */
#include "cnn.h"
#include "cnn_input.h"
#include "mem.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_numbers(const struct cnn *m)
{
    static const double values[] = {0, -1e30, 1e30, 1500, NAN};
    const struct cnn_unknown *const u = &m->unknown;
    double *const stats = mem_alloc(m->n_stats, sizeof *stats);
    float *const to = mem_alloc(2 * m->n_stats, sizeof *to);
    size_t extra;
    const struct nn_shape in = cnn_shape(m, &extra);

    require(m->plan->out.steps == 1 && m->plan->out.channels == m->n_classes);
    require(in.steps == m->plan->in.steps && in.channels == m->plan->in.channels);
    require(extra == m->plan->extra && u->hidden >= 1 && u->threshold > 0);
    for (size_t i = 0; i < m->plan->n_params; i++)
        require(isfinite(m->params[i]));
    for (size_t i = 0; i < m->n_classes * u->hidden; i++)
        require(isfinite(u->means[i]));
    for (size_t i = 0; i < u->hidden * (u->hidden + 1) / 2; i++)
        require(isfinite(u->whiten[i]));
    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        for (size_t i = 0; i < m->n_stats; i++)
            stats[i] = values[v];
        cnn_standardise(m, stats, to);
        for (size_t i = 0; i < (m->places > 0 ? extra : in.channels); i++)
            require(fabsf(to[i]) <= 10);
    }
    free(stats);
    free(to);
}

/* The model as text, and what was read of that text. */
static void check_text(const struct cnn *m)
{
    char path[] = "/tmp/cnn-fuzz-XXXXXX";
    struct err e;
    const int fd = mkstemp(path);

    require(fd >= 0 && close(fd) == 0);
    struct out *const o = out_open(path, &e);
    require(o != NULL);
    cnn_write(m, o);
    require(out_close(o, &e));
    struct cnn *const back = cnn_read(path, &e);
    require(back != NULL && back->plan->n_params == m->plan->n_params);
    require(strcmp(back->plan->text, m->plan->text) == 0);
    require(memcmp(back->params, m->params, m->plan->n_params * sizeof *m->params) == 0);
    require(back->n_stats == m->n_stats && back->n_classes == m->n_classes);
    cnn_free(back);
    require(unlink(path) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {""};
    struct cnn *const m = cnn_read_memory(data, size, "input", &e);

    if (!m) {
        require(e.text[0] && !strchr(e.text, '\n'));
        return 0;
    }
    check_numbers(m);
    check_text(m);
    cnn_free(m);
    return 0;
}
