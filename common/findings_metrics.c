/* The report as rows of (metric, value), for scripts. */
#include "findings.h"

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

static void put_value(struct table_writer *w, double v)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%.12g", v);
    table_put_text(w, text);
    table_end_row(w);
}

void findings_share(struct table_writer *w, const char *metric, double v)
{
    table_put_text(w, metric);
    put_value(w, v);
}

void findings_count(struct table_writer *w, const char *metric, uint64_t v)
{
    table_put_text(w, metric);
    table_put_u64(w, v);
    table_end_row(w);
}

static void put_second(const struct second *x, struct table_writer *w)
{
    findings_share(w, "agreement", (double)x->agreed / (double)x->rows);
    findings_count(w, "other_none", x->none);
    if (score_rows(x->score) == 0)
        return;
    findings_share(w, "other_accuracy", score_accuracy(x->score));
    findings_share(w, "other_macro_f1", score_macro_f1(x->score));
}

static void put_whole(const struct findings *f, struct table_writer *w)
{
    const struct score *const s = f->score;
    const uint32_t here = score_commonest(s);

    findings_share(w, "accuracy", score_accuracy(s));
    findings_share(w, "macro_f1", score_macro_f1(s));
    findings_share(w, "majority", score_constant_accuracy(s, here));
    findings_share(w, "majority_macro_f1", score_constant_macro_f1(s, here));
    if (f->commonest != FINDINGS_UNKNOWN)
        findings_share(w, "majority_trained", score_constant_accuracy(s, f->commonest));
}

static void put_class(const struct findings *f, uint32_t class, struct table_writer *w)
{
    const char *const name = score_name(f->score, class);
    const struct class_score figures = score_of(f->score, class);

    put_name(w, "precision.%s", name);
    put_value(w, figures.precision);
    put_name(w, "recall.%s", name);
    put_value(w, figures.recall);
    put_name(w, "f1.%s", name);
    put_value(w, figures.f1);
    put_name(w, "support.%s", name);
    table_put_u64(w, figures.support);
    table_end_row(w);
}

static void put_score(const struct findings *f, const uint32_t *order, struct table_writer *w)
{
    const struct score *const s = f->score;
    size_t n_cells;
    struct score_cell *const cells = score_cells(s, &n_cells);

    put_whole(f, w);
    for (size_t i = 0; i < score_classes(s); i++)
        put_class(f, order[i], w);
    for (size_t i = 0; i < n_cells; i++) {
        put_name(w, "confusion.%s.%s", score_name(s, cells[i].truth),
                 score_name(s, cells[i].predicted));
        table_put_u64(w, cells[i].rows);
        table_end_row(w);
    }
    free(cells);
}

void findings_metrics(const struct findings *f, const uint32_t *order, enum table_format format,
                      struct out *out)
{
    struct table_writer *const w = table_writer_new(out, format);

    table_put_text(w, "metric");
    table_put_text(w, "value");
    table_end_row(w);
    findings_count(w, "rows", f->rows);
    if (f->second->name)
        put_second(f->second, w);
    if (score_rows(f->score) > 0)
        put_score(f, order, w);
    table_writer_free(w);
}
