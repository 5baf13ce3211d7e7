#include "report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LABEL = 26, NUMBER = 11 };

static void put_side(struct out *o, const char *what, const char *name, const struct series *s,
                     const struct figures *f, bool synth)
{
    double n[SERIES_BOTH];

    for (size_t dir = 0; dir < SERIES_BOTH; dir++) {
        const struct figure *const packets = &f->at[M_PACKETS][dir];
        n[dir] = synth ? packets->synth : packets->real;
    }
    out_printf(o, "%-6s %s: %zu packet%s (%.0f forward, %.0f backward) in %zu flow%s\n", what, name,
               s->n, s->n == 1 ? "" : "s", n[SERIES_FORWARD], n[SERIES_BACKWARD], s->n_flows,
               s->n_flows == 1 ? "" : "s");
}

/* Blank where there is no such figure, '-' where it is undefined. */
static void put_number(struct out *o, double v, unsigned digits, int width)
{
    if (isnan(v))
        out_printf(o, "%*s", width, "-");
    else
        out_printf(o, "%*.*f", width, (int)digits, v);
}

static void put_cell(struct out *o, const struct report *r, enum metric m, enum series_dir dir)
{
    const struct metric_info *const info = metric_info(m);
    const double value = r->figures.at[m][dir].value, floor = r->halves.at[m][dir].value;

    if (!(info->dirs & 1U << dir)) {
        out_printf(o, "%*s", 2 * NUMBER + 2, "");
        return;
    }
    put_number(o, value, info->digits, NUMBER);
    out_text(o, figure_at_floor(m, value, floor) ? "= " : "  ");
    put_number(o, floor, info->digits, NUMBER);
}

static void put_metric(struct out *o, const struct report *r, enum metric m)
{
    out_printf(o, "  %-*s", LABEL - 2, metric_info(m)->label);
    for (size_t i = 0; i <= SERIES_BOTH; i++)
        put_cell(o, r, m, figures_dirs[i]);
    out_text(o, "\n");
}

void report_text(const struct report *r, struct out *out)
{
    const char *group = "";

    put_side(out, "real", r->real, r->real_series, &r->figures, false);
    put_side(out, "synth", r->synth, r->synth_series, &r->figures, true);
    out_printf(out, "time   %s\n\n%*s", r->real_series->iat_column, LABEL, "");
    for (size_t i = 0; i <= SERIES_BOTH; i++)
        out_printf(out, "%*s  %*s", NUMBER, series_dir_name(figures_dirs[i]), NUMBER, "floor");
    out_text(out, "\n");
    for (size_t m = 0; m < METRICS; m++) {
        const char *const next = metric_info((enum metric)m)->group;
        if (strcmp(group, next) != 0)
            out_printf(out, "%s\n", next);
        group = next;
        put_metric(out, r, (enum metric)m);
    }
}
