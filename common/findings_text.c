/* The report for people. */
#include "aligned.h"
#include "findings.h"
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    WIDEST_MATRIX = 100, /* columns of text; wider ones have numbers as heads */
    LARGEST_MATRIX = 64, /* classes; for more the greatest confusions are listed */
    LISTED_CONFUSIONS = 40,
};

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void put_baseline(const char *label, double share, const char *class, const char *where,
                         struct out *out)
{
    out_printf(out, "%-9s  %.4f  always '", label, share);
    text_left(out, class, 0);
    out_printf(out, "', the commonest class %s\n", where);
}

static void put_whole(const struct findings *f, struct out *out)
{
    const struct score *const s = f->score;
    const uint32_t here = score_commonest(s), trained = f->commonest;

    out_printf(out, "\naccuracy   %.4f  %llu of %llu rows\n", score_accuracy(s),
               (unsigned long long)score_right(s), (unsigned long long)score_rows(s));
    out_printf(out, "macro-F1   %.4f\n", score_macro_f1(s));
    if (here == trained) {
        put_baseline("majority", score_constant_accuracy(s, here), score_name(s, here),
                     "here and in training", out);
        return;
    }
    put_baseline("majority", score_constant_accuracy(s, here), score_name(s, here), "here", out);
    if (trained == FINDINGS_UNKNOWN)
        return;
    put_baseline("", score_constant_accuracy(s, trained), score_name(s, trained), "in training",
                 out);
}

static bool unknown(const struct findings *f, uint32_t class)
{
    return class >= f->n_classes;
}

static void put_classes(const struct findings *f, const uint32_t *order, struct out *out)
{
    const struct score *const s = f->score;
    size_t width = text_width("class");

    for (uint32_t c = 0; c < score_classes(s); c++) {
        const size_t w = text_width(score_name(s, c)) + (unknown(f, c) ? 2 : 0);
        width = w > width ? w : width;
    }
    out_text(out, "\n");
    text_left(out, "class", width);
    out_text(out, "  precision    recall        F1     support\n");
    for (size_t i = 0; i < score_classes(s); i++) {
        const uint32_t c = order[i];
        const struct class_score figures = score_of(s, c);
        const char *const name = score_name(s, c);
        text_left(out, name, 0);
        text_left(out, unknown(f, c) ? " *" : "", width - text_width(name));
        out_printf(out, "  %9.4f %9.4f %9.4f %11llu\n", figures.precision, figures.recall,
                   figures.f1, (unsigned long long)figures.support);
    }
    if (score_classes(s) > f->n_classes)
        out_text(out, "* no class of the model: every such row is an error\n");
}

/* The classes that occur, in the order of the report. Freed by the caller. */
static uint32_t *occurring(const struct findings *f, const uint32_t *order, size_t *n)
{
    uint32_t *const classes = mem_alloc(score_classes(f->score), sizeof *classes);

    *n = 0;
    for (size_t i = 0; i < score_classes(f->score); i++) {
        const struct class_score figures = score_of(f->score, order[i]);
        if (figures.support + figures.predicted > 0)
            classes[(*n)++] = order[i];
    }
    return classes;
}

/* How the heads of the matrix stand: names where they fit, else the places of the classes. */
struct heads {
    bool numbers;
    size_t left;   /* width of the row heads */
    size_t column; /* width of a column */
};

static size_t digits_of(uint64_t v)
{
    size_t n = 1;

    for (; v > 9; v /= 10)
        n++;
    return n;
}

static struct heads plan_heads(const struct score *s, const uint32_t *classes, size_t n)
{
    struct heads h = {.column = digits_of(score_rows(s))};
    size_t widest = h.column;

    for (size_t i = 0; i < n; i++) {
        const size_t w = text_width(score_name(s, classes[i]));
        h.left = w > h.left ? w : h.left;
        widest = w > widest ? w : widest;
    }
    h.numbers = h.left + n * (widest + 2) > WIDEST_MATRIX;
    if (h.numbers)
        h.left += digits_of(n) + 1;
    else
        h.column = widest;
    return h;
}

static void put_row_head(const struct score *s, const struct heads *h, uint32_t class, size_t place,
                         size_t n, struct out *out)
{
    const size_t digits = digits_of(n);

    if (h->numbers)
        out_printf(out, "%*zu ", (int)digits, place + 1);
    text_left(out, score_name(s, class), h->left - (h->numbers ? digits + 1 : 0));
}

static void put_matrix(const struct score *s, const uint32_t *classes, size_t n, struct out *out)
{
    const struct heads h = plan_heads(s, classes, n);

    out_printf(out, "\nconfusion: a row is a true class, a column what the model says%s\n",
               h.numbers ? ", numbered as the rows are" : "");
    text_left(out, "", h.left);
    for (size_t i = 0; i < n; i++) {
        out_text(out, "  ");
        if (h.numbers)
            out_printf(out, "%*zu", (int)h.column, i + 1);
        else
            text_right(out, score_name(s, classes[i]), h.column);
    }
    for (size_t i = 0; i < n; i++) {
        out_text(out, "\n");
        put_row_head(s, &h, classes[i], i, n, out);
        for (size_t j = 0; j < n; j++)
            out_printf(out, "  %*llu", (int)h.column,
                       (unsigned long long)score_cell(s, classes[i], classes[j]));
    }
    out_text(out, "\n");
}

static int most_rows_first(const void *a, const void *b)
{
    const struct score_cell *const x = a, *const y = b;

    if (x->rows != y->rows)
        return x->rows > y->rows ? -1 : 1;
    if (x->truth != y->truth)
        return x->truth < y->truth ? -1 : 1;
    return x->predicted < y->predicted ? -1 : x->predicted > y->predicted;
}

static void put_greatest(const struct score *s, struct out *out)
{
    size_t n, listed = 0;
    struct score_cell *const cells = score_cells(s, &n);

    qsort(cells, n, sizeof *cells, most_rows_first);
    out_text(out, "\nthe greatest confusions (--tsv has them all):\n");
    for (size_t i = 0; i < n && listed < LISTED_CONFUSIONS; i++) {
        if (cells[i].truth == cells[i].predicted)
            continue;
        listed++;
        out_printf(out, "%11llu  ", (unsigned long long)cells[i].rows);
        text_left(out, score_name(s, cells[i].truth), 0);
        out_text(out, " taken for ");
        text_left(out, score_name(s, cells[i].predicted), 0);
        out_text(out, "\n");
    }
    free(cells);
}

static void put_second(const struct second *x, struct out *out)
{
    out_text(out, "\n'");
    text_left(out, x->name, 0);
    out_text(out, "' beside the model\n");
    out_printf(out, "agreement  %.4f  %llu of %llu rows\n", (double)x->agreed / (double)x->rows,
               (unsigned long long)x->agreed, (unsigned long long)x->rows);
    if (x->first_row) {
        out_printf(out, "           row %llu is the first that differs: the model says '",
                   (unsigned long long)x->first_row);
        text_left(out, second_class(x, x->first_own), 0);
        out_text(out, "', not '");
        text_left(out, second_class(x, x->first_other), 0);
        out_text(out, "'\n");
    }
    if (x->none)
        out_printf(out, "           %llu row%s without a verdict\n", (unsigned long long)x->none,
                   plural(x->none));
    if (score_rows(x->score) > 0)
        out_printf(out, "accuracy   %.4f\nmacro-F1   %.4f\n", score_accuracy(x->score),
                   score_macro_f1(x->score));
}

static void put_score(const struct findings *f, const uint32_t *order, struct out *out)
{
    size_t n;
    uint32_t *const classes = occurring(f, order, &n);

    put_classes(f, order, out);
    if (n <= LARGEST_MATRIX)
        put_matrix(f->score, classes, n, out);
    else
        put_greatest(f->score, out);
    free(classes);
}

void findings_text(const struct findings *f, const uint32_t *order, struct out *out)
{
    out_text(out, "model      ");
    text_left(out, f->made, 0);
    out_printf(out, "\n           %s\nrows       %llu\n", f->about, (unsigned long long)f->rows);
    if (score_rows(f->score) > 0)
        put_whole(f, out);
    if (f->second->name)
        put_second(f->second, out);
    if (score_rows(f->score) > 0)
        put_score(f, order, out);
}
