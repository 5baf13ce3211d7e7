#include "scores.h"

static void put_fit(const struct fit *f, struct textbuf *t)
{
    const struct em_mixture *const x = &f->mixture;

    textbuf_printf(t, "%s\t%zu\t%zu\t%llu\t%.6f\t%.3f\t%.3f\t", series_dir_name(f->side->dir),
                   f->asked, x->k, (unsigned long long)f->side->learn->packets, x->log_likelihood,
                   f->bic, f->aic);
    if (f->side->held_out)
        textbuf_printf(t, "%.6f", f->held_out);
    textbuf_printf(t, "\t%s\t%llu\t%d\n", em_exit_name(x->exit), (unsigned long long)x->iterations,
                   f->chosen ? 1 : 0);
}

void scores_put(const struct fits *f, struct textbuf *t)
{
    textbuf_put(t, "direction\tcomponents\tfitted\tpackets\tlog_likelihood\tbic\taic\theld_out\t"
                   "exit\titerations\tchosen\n");
    for (size_t i = 0; i < f->n; i++)
        put_fit(&f->all[i], t);
}
