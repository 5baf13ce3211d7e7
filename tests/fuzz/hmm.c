/* The reader of hidden Markov models on any bytes: what it takes must be whole and sound, so that
 * walks through it draw packets, and must be written without a fault. */
#include "hmm.h"
#include "mem.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_state(const struct hmm *m, const struct hmm_chain *c, const struct hmm_state *s)
{
    double lengths = 0, times = 0;

    require(s->start >= 0 && s->start <= 1 + 1e-6);
    require(c->dir != SERIES_BOTH || (s->forward >= 0 && s->forward <= 1));
    if (m->emission == HMM_GAUSSIAN) {
        require(gauss2_valid(&s->gauss) && s->n_lengths == 0 && s->n_times == 0);
        return;
    }
    require(s->n_lengths > 0 && s->n_times > 0 && s->n_times <= HMM_MAX_TIMES);
    for (size_t i = 0; i < s->n_lengths; i++) {
        require(i == 0 || s->lengths[i - 1].len < s->lengths[i].len);
        lengths += s->lengths[i].p;
    }
    for (size_t i = 0; i < s->n_times; i++) {
        require(isfinite(s->times[i].mean) && s->times[i].var > 0);
        times += s->times[i].weight;
    }
    require(fabs(lengths - 1) < 1e-9 && fabs(times - 1) < 1e-9);
}

static void check_chain(const struct hmm *m, const struct hmm_chain *c)
{
    double start = 0;

    require(c->k >= 1 && c->k <= HMM_MAX_STATES);
    for (size_t i = 0; i < c->k; i++) {
        double sum = 0;
        check_state(m, c, &c->states[i]);
        start += c->states[i].start;
        for (size_t j = 0; j < c->k; j++)
            sum += c->to[i * c->k + j];
        require(fabs(sum - 1) < 1e-9);
    }
    require(fabs(start - 1) < 1e-9);
}

static void check_coupling(const struct hmm_chain *c, const struct hmm_chain *other)
{
    for (size_t i = 0; i < c->n_beside; i++) {
        const struct hmm_beside *const b = &c->beside[i];
        double sum = 0;
        require(b->state < c->k && b->other < other->k);
        require(hmm_row_beside(c, b->state, b->other) == c->beside_to + i * c->k);
        for (size_t j = 0; j < c->k; j++)
            sum += c->beside_to[i * c->k + j];
        require(fabs(sum - 1) < 1e-9);
    }
}

static void check_walks(const struct hmm *m)
{
    struct hmm_walk *walks[2];
    struct rng r = rng_new(1, 0);

    for (size_t w = 0; w < m->n_chains; w++)
        walks[w] = hmm_walk_new(m, &m->chains[w]);
    if (hmm_coupled(m))
        hmm_walk_couple(walks[0], walks[1]);
    for (size_t i = 0; i < 20 * m->n_chains; i++) {
        const size_t w = i % m->n_chains;
        if (i % 10 == 0)
            hmm_walk_start(walks[w]);
        const struct drawn d = hmm_walk_next(walks[w], &r);
        require(d.state < m->chains[w].k && d.dir != SERIES_BOTH);
        require(d.iat <= SERIES_MAX_IAT && d.iat % m->resolution == 0);
    }
    for (size_t w = 0; w < m->n_chains; w++)
        hmm_walk_free(walks[w]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {""};
    struct hmm *const m = hmm_read_memory(data, size, "input", &e);

    if (!m) {
        require(e.text[0] && !strchr(e.text, '\n'));
        return 0;
    }
    require(m->n_chains == 1 || (m->n_chains == 2 && m->chains[0].dir != m->chains[1].dir));
    for (size_t i = 0; i < m->n_chains; i++) {
        check_chain(m, &m->chains[i]);
        require(m->n_chains == 2 || m->chains[i].n_beside == 0);
        check_coupling(&m->chains[i], &m->chains[m->n_chains - 1 - i]);
    }
    check_walks(m);
    struct out *const o = out_open("/dev/null", &e);
    require(o != NULL);
    hmm_write(m, o);
    require(out_close(o, &e));
    hmm_free(m);
    return 0;
}
