#include "seq.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

void seq_free(struct seq *m)
{
    if (!m)
        return;
    free(m->made);
    free(m->column);
    free(m->lengths);
    intern_free(m->names);
    free(m->counts);
    nn_plan_free(m->plan);
    free(m->params);
    free(m);
}

static bool steps(enum nn_kind kind)
{
    return kind != NN_CONV && kind != NN_POOL && kind != NN_FLATTEN && kind != NN_JOIN;
}

bool seq_plan(struct seq *m, const char *layers, struct err *e)
{
    const size_t n = intern_count(m->names);

    nn_plan_free(m->plan);
    m->plan = nn_plan_new(layers, (struct nn_shape){1, 1}, 0, e);
    if (!m->plan)
        return false;
    const struct nn_layer *const first = &m->plan->layers[0];
    if (first->kind == NN_EMBED && first->width != n + 1)
        return err_set(e, "there are %zu symbols, and with the beginning embed must have %zu", n,
                       n + 1);
    for (size_t i = 0; i < m->plan->n_layers; i++)
        if (!steps(m->plan->layers[i].kind) || (i > 0 && m->plan->layers[i].kind == NN_EMBED))
            return err_set(e, "layer %zu does not go from symbol to symbol", i + 1);
    return m->plan->out.channels == n ||
           err_set(e, "there are %zu symbols, and the layers end in %zu numbers", n,
                   m->plan->out.channels);
}

float seq_input(const struct seq *m, uint32_t symbol)
{
    const bool embedded = m->plan->layers[0].kind == NN_EMBED;

    return (float)symbol / (embedded ? 1 : (float)intern_count(m->names));
}

static void write_score(const char *name, const struct seq_score *s, struct out *o)
{
    const double nats[2] = {s->nats, s->chain};

    out_printf(o, "%s %llu", name, (unsigned long long)s->symbols);
    lines_write_f64(o, nats, 2);
    out_text(o, "\n");
}

void seq_write(const struct seq *m, struct out *o)
{
    const size_t n = intern_count(m->names);

    out_text(o, "weir-seq 1\nmade ");
    out_text(o, m->made);
    out_printf(o, "\nseed %llu\ncolumn ", (unsigned long long)m->seed);
    out_text(o, m->column);
    out_printf(o, "\nsequences %llu %llu\n", (unsigned long long)m->n_sequences,
               (unsigned long long)m->total);
    tally_write(o, "lengths", m->lengths, m->n_lengths);
    out_printf(o, "symbols %zu\n", n);
    for (uint32_t s = 0; s < n; s++) {
        out_printf(o, "symbol %u ", m->counts[s]);
        out_text(o, intern_text(m->names, s));
        out_text(o, "\n");
    }
    write_score("train", &m->train, o);
    write_score("held", &m->held, o);
    out_text(o, "layers ");
    out_text(o, m->plan->text);
    out_printf(o, "\nparameters %zu\n", m->plan->n_params);
    lines_write_floats(o, "p", m->params, m->plan->n_params, 16);
}
