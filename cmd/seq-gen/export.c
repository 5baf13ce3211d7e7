#include "export.h"

#include "mem.h"
#include "nn_onnx.h"

#include <stdio.h>
#include <stdlib.h>

static const struct onnx_side series = {.any = "series"}, steps = {.any = "steps"};

/* The state in the parts that layers keep, before[i] for layer i; how many numbers it has. */
static size_t put_state(struct onnx *x, const struct nn_plan *p, const char **before)
{
    int64_t *const sizes = mem_alloc(p->n_layers, sizeof *sizes);
    size_t n = 0, sum = 0;

    for (size_t i = 0; i < p->n_layers; i++)
        if (nn_onnx_keeps(&p->layers[i]) > 0) {
            sizes[n] = (int64_t)nn_onnx_keeps(&p->layers[i]);
            sum += (size_t)sizes[n++];
        }
    if (sum > 0) {
        const struct onnx_side sides[] = {series, {.n = sum}};
        const char *const state = onnx_input(x, "state", ONNX_FLOAT, 2, sides,
                                             "next_state of the symbols before, or zeros"),
                          *const parts = onnx_ints(x, 1, &n, sizes);
        onnx_begin(x, "Split");
        onnx_take(x, state);
        onnx_take(x, parts);
        onnx_set(x, "axis", 1);
        for (size_t i = 0; i < p->n_layers; i++)
            if (nn_onnx_keeps(&p->layers[i]) > 0)
                before[i] = onnx_give(x);
    }
    free(sizes);
    return sum;
}

static void put_next_state(struct onnx *x, const struct nn_plan *p, const char *const *after,
                           size_t size)
{
    const struct onnx_side sides[] = {series, {.n = size}};

    if (size == 0)
        return;
    onnx_begin(x, "Concat");
    for (size_t i = 0; i < p->n_layers; i++)
        if (after[i])
            onnx_take(x, after[i]);
    onnx_set(x, "axis", 1);
    onnx_output(x, onnx_give(x), "next_state", ONNX_FLOAT, 2, sides, "the state after the symbols");
}

/* What goes into the first layer that is not embed: a channel of seq_input()'s. */
static void put_symbols(struct nn_onnx *n, const struct seq *m, const char *symbols)
{
    const float count = (float)intern_count(m->names);
    struct onnx *const x = n->to;

    if (n->plan->layers[0].kind == NN_EMBED) {
        nn_onnx_embed(n, 0, symbols);
        return;
    }
    const char *const number = onnx_op_set(x, "Cast", symbols, "to", ONNX_FLOAT),
                      *const share =
                          onnx_op(x, "Div", number, onnx_floats(x, 0, NULL, &count), NULL);
    n->value.name = onnx_op_axis(x, "Unsqueeze", share, 1);
}

static void put_notes(struct onnx *x, const struct seq *m)
{
    const uint32_t n = (uint32_t)intern_count(m->names);
    struct textbuf names = {0};
    char beginning[16];

    for (uint32_t s = 0; s < n; s++)
        onnx_list_add(&names, intern_text(m->names, s));
    (void)snprintf(beginning, sizeof beginning, "%u", n);
    onnx_note(x, "made", m->made);
    onnx_note(x, "column", m->column);
    onnx_note_list(x, "symbols", &names);
    onnx_note(x, "beginning", beginning);
}

void export_model(const struct seq *m, struct out *out)
{
    struct onnx *const x = onnx_new("series", "Which symbol comes next in a series");
    const struct onnx_side in[] = {series, steps},
                           next[] = {series, steps, {.n = intern_count(m->names)}};
    const char *const symbols = onnx_input(x, "symbols", ONNX_INT64, 2, in,
                                           "numbers of symbols, a series begins with 'beginning'");
    const char **const before = mem_zero(m->plan->n_layers, sizeof(char *)),
                       **const after = mem_zero(m->plan->n_layers, sizeof(char *));
    const size_t size = put_state(x, m->plan, before);
    struct nn_onnx n = {
        .to = x, .plan = m->plan, .params = m->params, .before = before, .after = after};

    put_symbols(&n, m, symbols);
    for (size_t i = m->plan->layers[0].kind == NN_EMBED; i < m->plan->n_layers; i++)
        nn_onnx_layer(&n, i);
    const char *const logits = onnx_turn(x, n.value.name, 0, 2, 1);
    onnx_output(x, onnx_op_set(x, "Softmax", logits, "axis", 2), "probabilities", ONNX_FLOAT, 3,
                next, "of each symbol to come next, after each step");
    onnx_output(x, logits, "logits", ONNX_FLOAT, 3, next, "their logarithms, but for a constant");
    put_next_state(x, m->plan, after, size);
    put_notes(x, m);
    onnx_write(x, out);
    free(before);
    free(after);
    onnx_free(x);
}
