#include "report.h"

#include <math.h>
#include <stdio.h>

static void put_number(struct table_writer *w, double v)
{
    char text[40];

    text[0] = '\0';
    if (!isnan(v))
        (void)snprintf(text, sizeof text, "%.15g", v);
    table_put_text(w, text);
}

static void put_row(struct table_writer *w, const struct report *r, enum metric m,
                    enum series_dir dir)
{
    const struct figure *const f = &r->figures.at[m][dir];
    const bool is_fact = metric_info(m)->sense == SENSE_FACT;

    table_put_text(w, metric_info(m)->name);
    table_put_text(w, series_dir_name(dir));
    put_number(w, f->value);
    put_number(w, is_fact ? NAN : r->halves.at[m][dir].value);
    put_number(w, is_fact ? NAN : r->blocks.at[m][dir].value);
    put_number(w, f->error);
    put_number(w, f->real);
    put_number(w, f->synth);
    table_end_row(w);
}

void report_table(const struct report *r, enum table_format format, struct out *out)
{
    static const char *const heads[] = {"metric",       "direction", "value", "floor",
                                        "floor_blocks", "error",     "real",  "synth"};
    struct table_writer *const w = table_writer_new(out, format);

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        table_put_text(w, heads[i]);
    table_end_row(w);
    for (size_t m = 0; m < METRICS; m++)
        for (size_t i = 0; i <= SERIES_BOTH; i++)
            if (metric_info((enum metric)m)->dirs & 1U << figures_dirs[i])
                put_row(w, r, (enum metric)m, figures_dirs[i]);
    table_writer_free(w);
}
