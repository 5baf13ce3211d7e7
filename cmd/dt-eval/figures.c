#include "figures.h"

#include "aligned.h"
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>

static int greatest_first(const void *a, const void *b, void *figures)
{
    const struct figures *const f = figures;
    const size_t i = *(const size_t *)a, j = *(const size_t *)b;
    const double x = f->values[i * f->n], y = f->values[j * f->n];

    if (x != y)
        return x > y ? -1 : 1;
    return i < j ? -1 : i > j;
}

static void write_text(const struct figures *f, struct out *o)
{
    size_t *const order = mem_alloc(f->m->n_features, sizeof *order);
    struct figures sorted = *f;
    size_t left = text_width("feature");
    enum { LEAST = 9 };

    for (size_t i = 0; i < f->m->n_features; i++) {
        const size_t w = text_width(f->m->features[i].name);
        left = w > left ? w : left;
        order[i] = i;
    }
    qsort_r(order, f->m->n_features, sizeof *order, greatest_first, &sorted);
    text_left(o, "feature", left);
    for (size_t k = 0; k < f->n; k++) {
        out_text(o, "  ");
        text_right(o, f->heads[k], LEAST);
    }
    for (size_t i = 0; i < f->m->n_features; i++) {
        out_text(o, "\n");
        text_left(o, f->m->features[order[i]].name, left);
        for (size_t k = 0; k < f->n; k++) {
            const size_t w = text_width(f->heads[k]);
            out_printf(o, "  %*.6f", (int)(w > LEAST ? w : LEAST), f->values[order[i] * f->n + k]);
        }
    }
    out_text(o, "\n");
    free(order);
}

static void write_table(const struct figures *f, struct out *o)
{
    struct table_writer *const w = table_writer_new(o, f->format);
    char text[32];

    table_put_text(w, "feature");
    for (size_t k = 0; k < f->n; k++)
        table_put_text(w, f->heads[k]);
    table_end_row(w);
    for (size_t i = 0; i < f->m->n_features; i++) {
        table_put_text(w, f->m->features[i].name);
        for (size_t k = 0; k < f->n; k++) {
            (void)snprintf(text, sizeof text, "%.12g", f->values[i * f->n + k]);
            table_put_text(w, text);
        }
        table_end_row(w);
    }
    table_writer_free(w);
}

void figures_write(const struct figures *f, struct out *o)
{
    if (f->format == TABLE_AUTO)
        write_text(f, o);
    else
        write_table(f, o);
}
