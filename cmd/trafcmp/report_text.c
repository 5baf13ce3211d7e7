#include "report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LABEL = 36, NUMBER = 11 };

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

/* '-' where it is undefined; no "-0.0000". */
static void put_number(struct out *o, double v, unsigned digits, int width)
{
    const double least = 0.5 * pow(10, -(double)digits);

    if (isnan(v))
        out_printf(o, "%*s", width, "-");
    else
        out_printf(o, "%*.*f", width, (int)digits, fabs(v) < least ? 0 : v);
}

/* value, whether that is no worse than the floor, floor */
static void put_cell(struct out *o, const struct report *r, enum metric m, enum series_dir dir)
{
    const struct metric_info *const info = metric_info(m);
    const struct figure *const figure = &r->figures.at[m][dir];
    const double floor = r->halves.at[m][dir].value;

    put_number(o, figure->value, info->digits, NUMBER);
    if (info->sense == SENSE_FACT)
        return;
    out_text(o, figure_at_floor(m, figure, floor) ? "= " : "  ");
    put_number(o, floor, info->digits, NUMBER);
}

static void put_heads(struct out *o, const struct metric_info *info)
{
    out_printf(o, "\n%-*s", LABEL, info->group);
    for (size_t i = 0; i <= SERIES_BOTH; i++)
        if (info->dirs & 1U << figures_dirs[i])
            out_printf(o, "%*s  %*s", NUMBER, series_dir_name(figures_dirs[i]), NUMBER, "floor");
    out_text(o, "\n");
}

static void put_metric(struct out *o, const struct report *r, enum metric m)
{
    const struct metric_info *const info = metric_info(m);

    out_printf(o, "  %-*s", LABEL - 2, info->label);
    for (size_t i = 0; i <= SERIES_BOTH; i++)
        if (info->dirs & 1U << figures_dirs[i])
            put_cell(o, r, m, figures_dirs[i]);
    const double error = r->figures.at[m][SERIES_BOTH].error;
    if (!isnan(error))
        out_printf(o, "   +- %.*f", (int)info->digits, error);
    out_text(o, "\n");
}

void report_text(const struct report *r, struct out *out)
{
    const char *group = "";

    put_side(out, "real", r->real, r->real_series, &r->figures, false);
    put_side(out, "synth", r->synth, r->synth_series, &r->figures, true);
    out_printf(out, "time   %s\n", r->real_series->iat_column);
    out_text(out, "floor  the two halves of real; = says that a figure is no worse\n");
    for (enum metric m = M_PACKETS + 1; m < (r->trees ? METRICS : M_C2ST_TREE); m++) {
        const struct metric_info *const info = metric_info(m);
        if (strcmp(group, info->group) != 0)
            put_heads(out, info);
        group = info->group;
        put_metric(out, r, m);
    }
}
