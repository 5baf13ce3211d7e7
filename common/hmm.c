#include "hmm.h"

#include "fit_lines.h"
#include "series_head.h"

#include <stdlib.h>

void hmm_chain_clear(struct hmm_chain *c)
{
    for (size_t i = 0; i < c->k; i++) {
        free(c->states[i].lengths);
        free(c->states[i].times);
    }
    free(c->states);
    free(c->to);
    free(c->beside);
    free(c->beside_to);
}

void hmm_free(struct hmm *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->n_chains; i++)
        hmm_chain_clear(&m->chains[i]);
    free(m->made);
    free(m->iat_column);
    free(m);
}

const struct hmm_chain *hmm_of(const struct hmm *m, enum series_dir dir)
{
    for (size_t i = 0; i < m->n_chains; i++)
        if (m->chains[i].dir == dir)
            return &m->chains[i];
    return NULL;
}

bool hmm_coupled(const struct hmm *m)
{
    return m->chains[0].n_beside > 0 || m->chains[1].n_beside > 0;
}

const double *hmm_row_beside(const struct hmm_chain *c, size_t state, size_t other)
{
    size_t low = 0, high = c->n_beside;

    while (low < high) {
        const size_t at = low + (high - low) / 2;
        const struct hmm_beside *const b = &c->beside[at];
        if (b->state == state && b->other == other)
            return c->beside_to + at * c->k;
        if (b->state < state || (b->state == state && b->other < other))
            low = at + 1;
        else
            high = at;
    }
    return c->to + state * c->k;
}

const char *hmm_emission_name(enum hmm_emission x)
{
    return x == HMM_GAUSSIAN ? "gaussian" : "discrete-len";
}

/* Writing. */

static void write_discrete(const struct hmm_state *s, struct out *o)
{
    char text[LINES_F64_MAX];

    out_printf(o, "\nlengths %zu", s->n_lengths);
    for (size_t i = 0; i < s->n_lengths; i++)
        out_printf(o, " %u:%s", (unsigned)s->lengths[i].len, lines_f64_text(s->lengths[i].p, text));
    out_printf(o, "\ntimes %zu", s->n_times);
    for (size_t i = 0; i < s->n_times; i++)
        lines_write_f64(o, (const double[]){s->times[i].weight, s->times[i].mean, s->times[i].var},
                        3);
    out_text(o, "\n");
}

static void write_chain(const struct hmm *m, const struct hmm_chain *c, struct out *o)
{
    const struct fit_line line = {c->dir,  c->k,          c->packets,
                                  c->exit, c->iterations, c->log_likelihood};

    fit_line_write("chain", &line, o);
    for (size_t i = 0; i < c->k; i++) {
        const struct hmm_state *const s = &c->states[i];
        out_text(o, "state");
        lines_write_f64(o, &s->start, 1);
        if (c->dir == SERIES_BOTH)
            lines_write_f64(o, &s->forward, 1);
        if (m->emission == HMM_GAUSSIAN)
            fit_gauss2_write(&s->gauss, o);
        else
            write_discrete(s, o);
        out_text(o, "to");
        lines_write_f64(o, c->to + i * c->k, c->k);
        out_text(o, "\n");
    }
}

static void write_coupling(const struct hmm_chain *c, struct out *o)
{
    out_printf(o, "coupling %s %zu\n", series_dir_name(c->dir), c->n_beside);
    for (size_t i = 0; i < c->n_beside; i++) {
        out_printf(o, "beside %u %u", c->beside[i].state + 1U, c->beside[i].other + 1U);
        lines_write_f64(o, c->beside_to + i * c->k, c->k);
        out_text(o, "\n");
    }
}

void hmm_write(const struct hmm *m, struct out *o)
{
    /* The head has places for the reader to fill in; here they are only read. */
    struct hmm copy = *m;
    const struct series_head head = {&copy.made, &copy.seed, &copy.iat_column, &copy.resolution};

    out_text(o, "weir-hmm 1\n");
    series_head_write(&head, o);
    out_printf(o, "emission %s\nchains %zu\n", hmm_emission_name(m->emission), m->n_chains);
    for (size_t i = 0; i < m->n_chains; i++)
        write_chain(m, &m->chains[i], o);
    for (size_t i = 0; hmm_coupled(m) && i < m->n_chains; i++)
        write_coupling(&m->chains[i], o);
}
