#include "gmm.h"

#include "fit_lines.h"
#include "num.h"
#include "series_head.h"

#include <stdlib.h>

void gmm_free(struct gmm *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->n_mixtures; i++) {
        free(m->mixtures[i].weights);
        free(m->mixtures[i].components);
    }
    free(m->made);
    free(m->iat_column);
    free(m);
}

static void write_mixture(const struct gmm_mixture *x, struct out *o)
{
    const struct fit_line line = {x->dir,  x->k,          x->packets,
                                  x->exit, x->iterations, x->log_likelihood};

    fit_line_write("mixture", &line, o);
    for (size_t i = 0; i < x->k; i++) {
        out_text(o, "component");
        lines_write_f64(o, &x->weights[i], 1);
        fit_gauss2_write(&x->components[i], o);
    }
}

void gmm_write(const struct gmm *m, struct out *o)
{
    /* The head has places for the reader to fill in; here they are only read. */
    struct gmm copy = *m;
    const struct series_head head = {&copy.made, &copy.seed, &copy.iat_column, &copy.resolution};

    out_text(o, "weir-gmm 1\n");
    series_head_write(&head, o);
    out_printf(o, "mixtures %zu\n", m->n_mixtures);
    for (size_t i = 0; i < m->n_mixtures; i++)
        write_mixture(&m->mixtures[i], o);
}

const struct gmm_mixture *gmm_of(const struct gmm *m, enum series_dir dir)
{
    for (size_t i = 0; i < m->n_mixtures; i++)
        if (m->mixtures[i].dir == dir)
            return &m->mixtures[i];
    return NULL;
}

struct gauss2_set *gmm_set_new(const struct gmm_mixture *x, const struct blurs *b)
{
    struct gauss2_set *const set = gauss2_set_new(x->components, x->k, b);

    gauss2_set_weigh(set, x->weights);
    return set;
}

size_t gmm_component(const struct gmm_mixture *x, const struct gauss2_set *set, struct point p,
                     size_t blur, double *scratch)
{
    size_t best = 0;

    gauss2_log_densities(set, p, blur, scratch);
    for (size_t i = 1; i < x->k; i++)
        if (scratch[i] > scratch[best])
            best = i;
    return best;
}

size_t gmm_draw_component(const struct gmm_mixture *x, struct rng *r)
{
    double rest = rng_unit(r);
    size_t i = 0;

    while (i + 1 < x->k && rest >= x->weights[i])
        rest -= x->weights[i++];
    return i;
}

char *token_put(char *p, enum series_dir dir, size_t component)
{
    *p++ = dir == SERIES_FORWARD ? 'f' : 'b';
    return num_put_u64(p, component + 1);
}

bool token_parse(struct span text, enum series_dir *dir, size_t *component)
{
    uint64_t number;

    if (text.n < 2 || (text.p[0] != 'f' && text.p[0] != 'b') || text.p[1] == '0' ||
        num_u64(text.p + 1, text.n - 1, &number) != NUM_OK)
        return false;
    *dir = text.p[0] == 'f' ? SERIES_FORWARD : SERIES_BACKWARD;
    *component = number - 1;
    return true;
}
