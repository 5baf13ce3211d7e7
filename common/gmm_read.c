/* Reading a mixture: lines in the order in which gmm_write() has them. Nothing is allocated by a
 * number in the file before the lines that it counts have come. */
#include "file.h"
#include "fit_lines.h"
#include "gmm.h"
#include "mem.h"
#include "series_head.h"

#include <stdlib.h>

static bool read_components(struct lines *l, struct gmm_mixture *x, uint64_t k)
{
    size_t cap_weights = 0, cap_components = 0;

    while (x->k < k) {
        x->weights = mem_grow(x->weights, &cap_weights, x->k + 1, sizeof *x->weights);
        x->components = mem_grow(x->components, &cap_components, x->k + 1, sizeof *x->components);
        if (!lines_expect(l, "component") || !lines_f64(l, "weight", 0, 1, &x->weights[x->k]) ||
            !fit_gauss2_read(l, &x->components[x->k]))
            return false;
        x->k++;
    }
    return lines_sum_to_1(l, "weights", x->weights, x->k, 1);
}

static bool read_mixture(struct lines *l, struct gmm *m)
{
    struct fit_line f;

    if (!fit_line_read(l, "mixture", "number of components", GMM_MAX_COMPONENTS, &f))
        return false;
    if (f.dir == SERIES_BOTH)
        return lines_fail(l, "a mixture is forward or backward, not both");
    if (gmm_of(m, f.dir))
        return lines_fail(l, "a second mixture '%s'", series_dir_name(f.dir));
    struct gmm_mixture *const x = &m->mixtures[m->n_mixtures++];
    *x = (struct gmm_mixture){.dir = f.dir,
                              .packets = f.packets,
                              .exit = f.exit,
                              .iterations = f.iterations,
                              .log_likelihood = f.log_likelihood};
    return read_components(l, x, f.parts);
}

static bool read_model(struct lines *l, struct gmm *m)
{
    const struct series_head head = {&m->made, &m->seed, &m->iat_column, &m->resolution};
    uint64_t n;
    bool cut;

    if (!series_head_read(l, &head) || !lines_expect(l, "mixtures") ||
        !lines_u64(l, "number of mixtures", 1, 2, &n) || !lines_done(l))
        return false;
    while (m->n_mixtures < n)
        if (!read_mixture(l, m))
            return false;
    return !lines_next(l, &cut) ||
           lines_fail(l, "the model is complete, and here is one more line");
}

struct gmm *gmm_read_memory(const void *p, size_t n, const char *name, struct err *e)
{
    struct lines l = lines_new(p, n, name, e);
    struct gmm *const m = mem_zero(1, sizeof *m);

    if (lines_begin(&l, "weir-gmm 1", "a mixture") && read_model(&l, m))
        return m;
    gmm_free(m);
    return NULL;
}

struct gmm *gmm_read(const char *path, struct err *e)
{
    size_t n;
    char *const text = file_read(path, &n, e);
    struct gmm *const m = text ? gmm_read_memory(text, n, file_name(path), e) : NULL;

    free(text);
    return m;
}
