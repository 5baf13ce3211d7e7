/* The report as rows of (metric, value), for scripts. */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void put_name(struct table_writer *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void put_name(struct table_writer *w, const char *fmt, ...)
{
    char *text;
    va_list ap;

    va_start(ap, fmt);
    const int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0)
        die("out of memory");
    table_put_text(w, text);
    free(text);
}

static void put_share(struct table_writer *w, double v)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%.12g", v);
    table_put_text(w, text);
    table_end_row(w);
}

static void put_count(struct table_writer *w, uint64_t v)
{
    table_put_u64(w, v);
    table_end_row(w);
}

static void put_opinion(const struct opinion *x, struct table_writer *w)
{
    table_put_text(w, "agreement");
    put_share(w, (double)x->agreed / (double)x->rows);
    table_put_text(w, "other_none");
    put_count(w, x->none);
    if (score_rows(x->score) == 0)
        return;
    table_put_text(w, "other_accuracy");
    put_share(w, score_accuracy(x->score));
    table_put_text(w, "other_macro_f1");
    put_share(w, score_macro_f1(x->score));
}

static void put_whole(const struct findings *f, struct table_writer *w)
{
    const struct score *const s = f->score;

    table_put_text(w, "accuracy");
    put_share(w, score_accuracy(s));
    table_put_text(w, "macro_f1");
    put_share(w, score_macro_f1(s));
    table_put_text(w, "majority");
    put_share(w, score_constant_accuracy(s, f->commonest_here));
    table_put_text(w, "majority_macro_f1");
    put_share(w, score_constant_macro_f1(s, f->commonest_here));
    table_put_text(w, "majority_trained");
    put_share(w, score_constant_accuracy(s, f->commonest_trained));
}

static void put_class(const struct findings *f, uint32_t class, struct table_writer *w)
{
    const char *const name = score_name(f->score, class);
    const struct class_score figures = score_of(f->score, class);

    put_name(w, "precision.%s", name);
    put_share(w, figures.precision);
    put_name(w, "recall.%s", name);
    put_share(w, figures.recall);
    put_name(w, "f1.%s", name);
    put_share(w, figures.f1);
    put_name(w, "support.%s", name);
    put_count(w, figures.support);
}

static void put_score(const struct findings *f, struct table_writer *w)
{
    const struct score *const s = f->score;
    size_t n_cells;
    struct score_cell *const cells = score_cells(s, &n_cells);

    put_whole(f, w);
    for (size_t i = 0; i < score_classes(s); i++)
        put_class(f, f->order[i], w);
    for (size_t i = 0; i < n_cells; i++) {
        put_name(w, "confusion.%s.%s", score_name(s, cells[i].truth),
                 score_name(s, cells[i].predicted));
        put_count(w, cells[i].rows);
    }
    free(cells);
}

void report_metrics(const struct findings *f, enum table_format format, struct out *out)
{
    struct table_writer *const w = table_writer_new(out, format);

    table_put_text(w, "metric");
    table_put_text(w, "value");
    table_end_row(w);
    table_put_text(w, "rows");
    put_count(w, f->rows);
    if (f->opinion->name)
        put_opinion(f->opinion, w);
    if (score_rows(f->score) > 0)
        put_score(f, w);
    table_writer_free(w);
}
