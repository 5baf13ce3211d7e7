/* Mixtures of strangers: the reader takes them or says why not; what it took gives densities,
 * components, packets inside their ranges, and reads back as it was written. */
#include "gmm.h"
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

static void check_mixture(const struct gmm *m, const struct gmm_mixture *x)
{
    static const uint64_t times[] = {0, 1000, 20000000, SERIES_MAX_IAT};
    struct blurs blurs = blurs_of(m->resolution);
    blurs_add_all(&blurs);
    struct gauss2_set *const set = gmm_set_new(x, &blurs);
    double *const scratch = mem_alloc(gauss2_stride(x->k), sizeof *scratch), sum = 0;
    struct rng r = rng_new(1, 0);

    require(x->k >= 1 && x->k <= GMM_MAX_COMPONENTS);
    for (size_t i = 0; i < x->k; i++) {
        require(gauss2_valid(&x->components[i]));
        sum += x->weights[i];
    }
    require(fabs(sum - 1) < 1e-9);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        require(gmm_component(x, set, series_point((uint16_t)(i * 20000), times[i]),
                              blurs_place(&blurs, times[i]), scratch) < x->k);
    for (size_t i = 0; i < 8; i++) {
        const size_t c = gmm_draw_component(x, &r);
        require(c < x->k);
        const struct point p = gauss2_draw(&x->components[c], &r);
        const uint64_t iat = series_iat_of(p.iat, m->resolution);
        (void)series_len_of(p.len);
        require(iat <= SERIES_MAX_IAT && iat % m->resolution == 0);
        char token[TOKEN_MAX];
        enum series_dir dir;
        size_t back;
        const char *const end = token_put(token, x->dir, c);
        require(token_parse((struct span){token, (size_t)(end - token)}, &dir, &back));
        require(dir == x->dir && back == c);
    }
    gauss2_set_free(set);
    free(scratch);
}

/* The model as text, written twice: from the model, and from what was read of that text. */
static void check_text(const struct gmm *m)
{
    char path[] = "/tmp/gmm-fuzz-XXXXXX";
    struct err e;
    const int fd = mkstemp(path);

    require(fd >= 0 && close(fd) == 0);
    struct out *const o = out_open(path, &e);
    require(o != NULL);
    gmm_write(m, o);
    require(out_close(o, &e));
    struct gmm *const back = gmm_read(path, &e);
    require(back != NULL && back->n_mixtures == m->n_mixtures);
    for (size_t i = 0; i < m->n_mixtures; i++) {
        const struct gmm_mixture *const a = &m->mixtures[i], *const b = &back->mixtures[i];
        require(a->k == b->k);
        require(memcmp(a->weights, b->weights, a->k * sizeof *a->weights) == 0);
        for (size_t c = 0; c < a->k; c++)
            require(a->components[c].var_len == b->components[c].var_len &&
                    a->components[c].cov == b->components[c].cov);
    }
    gmm_free(back);
    require(unlink(path) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {""};
    struct gmm *const m = gmm_read_memory(data, size, "input", &e);

    if (!m) {
        require(e.text[0] && !strchr(e.text, '\n'));
        return 0;
    }
    require(m->n_mixtures >= 1 && m->n_mixtures <= 2 && m->resolution >= 1);
    for (size_t i = 0; i < m->n_mixtures; i++)
        check_mixture(m, &m->mixtures[i]);
    check_text(m);
    gmm_free(m);
    return 0;
}
