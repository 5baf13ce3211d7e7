#include "explain.h"

#include "aligned.h"
#include "mem.h"

#include <stdlib.h>

static const char *class_name(const struct model *m, uint32_t class)
{
    return m->classes[class].name;
}

/* "len 1500 > 283, iat 12 <= 8000 -> skype (7 of 7 rows)" */
static void put_path(const struct model *m, const struct tree *t, const uint64_t *row,
                     struct out *out)
{
    uint32_t i = 0;

    while (t->nodes[i].feature != TREE_LEAF) {
        const struct tree_node *const node = &t->nodes[i];
        const uint64_t v = row[node->feature];
        const bool yes = v <= node->threshold;
        out_text(out, i > 0 ? ", " : "");
        text_left(out, m->features[node->feature].name, 0);
        out_printf(out, " %llu %s %llu", (unsigned long long)v, yes ? "<=" : ">",
                   (unsigned long long)node->threshold);
        i = yes ? i + 1 : node->next;
    }
    const struct tree_leaf *const leaf = &t->leaves[t->nodes[i].next];
    uint64_t all = 0, own = 0;
    for (size_t k = 0; k < leaf->n; k++) {
        const struct class_rows *const rows = &t->rows[leaf->first + k];
        all += rows->rows;
        own += rows->class_index == leaf->verdict ? rows->rows : 0;
    }
    out_text(out, i > 0 ? " -> " : "always ");
    text_left(out, class_name(m, leaf->verdict), 0);
    out_printf(out, " (%llu of %llu %s%s)", (unsigned long long)own, (unsigned long long)all,
               m->votes ? "vote" : "row", all == 1 ? "" : "s");
}

/* Where the table says what the class is, and it is another one. */
static void put_correction(const struct input *in, uint32_t verdict, struct out *out)
{
    if (in->class_column == TABLE_NONE)
        return;
    const struct span class = table_field(in->table, (size_t)in->class_column);
    if (class.n == 0 || span_is(class, class_name(in->model, verdict)))
        return;
    char *const text = mem_string(class.p, class.n);
    out_text(out, ", but it is ");
    text_left(out, text, 0);
    free(text);
}

static void explain_row(const struct input *in, const uint64_t *values, uint64_t *sums,
                        struct out *out)
{
    const struct model *const m = in->model;
    const uint32_t verdict = model_predict(m, values, sums);

    out_printf(out, "row %llu: ", (unsigned long long)table_rows(in->table));
    if (m->n_trees == 1) {
        put_path(m, &m->trees[0], values, out);
    } else {
        text_left(out, class_name(m, verdict), 0);
        out_printf(out, " (%llu of %llu votes)", (unsigned long long)sums[verdict],
                   (unsigned long long)m->n_trees * model_vote_max(m));
    }
    put_correction(in, verdict, out);
    out_text(out, "\n");
    for (size_t i = 0; m->n_trees > 1 && i < m->n_trees; i++) {
        out_printf(out, "  tree %zu: ", i + 1);
        put_path(m, &m->trees[i], values, out);
        out_text(out, "\n");
    }
}

static void before_read(void *out)
{
    (void)out_flush(out); /* a failure is kept, and out_close() tells it */
}

bool explain_run(struct input *in, const struct options *o, struct out *out, struct err *e)
{
    uint64_t *const sums = mem_zero(in->model->n_classes, sizeof *sums);
    uint64_t *const values = mem_alloc(in->model->n_features, sizeof *values);
    enum table_status status;

    table_before_read(in->table, before_read, out);
    while ((status = input_next(in, values, e)) == TABLE_ROW)
        explain_row(in, values, sums, out);
    if (status == TABLE_END)
        input_note(in, o);
    free(sums);
    free(values);
    return status == TABLE_END;
}
