#include "measure.h"

static const double SMOOTHING = 0.5; /* of KL: Jeffreys' prior */
static const double NS_PER_MS = 1e6;

/* The metrics of one kind of number. */
struct family {
    enum metric mean, ks, js, kl, emd;
    double unit; /* of what is reported */
};

static const struct family lens = {M_LEN_MEAN, M_LEN_KS, M_LEN_JS, M_LEN_KL, M_LEN_EMD, 1};
static const struct family iats = {M_IAT_MEAN, M_IAT_KS, M_IAT_JS, M_IAT_KL, M_IAT_EMD, NS_PER_MS};

static void measure_dists(struct figures *f, const struct family *m, enum series_dir dir,
                          const struct dist *real, const struct dist *synth,
                          const struct bins *bins)
{
    figures_set_two(f, m->mean, dir, dist_mean(real) / m->unit, dist_mean(synth) / m->unit);
    f->at[m->ks][dir].value = dist_ks(real, synth);
    f->at[m->js][dir].value = bins_js(bins, real, synth);
    f->at[m->kl][dir].value = bins_kl(bins, real, synth, SMOOTHING);
    f->at[m->emd][dir].value = dist_emd(real, synth) / m->unit;
}

static void measure_lanes(struct figures *f, const struct lane *real, const struct lane *synth,
                          enum series_dir dir, const struct scale *scale)
{
    figures_set_two(f, M_PACKETS, dir, (double)real->packets->n, (double)synth->packets->n);
    measure_dists(f, &lens, dir, &real->len.dist, &synth->len.dist, &scale->len);
    measure_dists(f, &iats, dir, &real->iat.dist, &synth->iat.dist, &scale->iat);
    figures_set_two(f, M_THROUGHPUT_MEAN, dir, dist_mean(&real->throughput),
                    dist_mean(&synth->throughput));
    f->at[M_THROUGHPUT_KS][dir].value = dist_ks(&real->throughput, &synth->throughput);
    f->at[M_THROUGHPUT_EMD][dir].value = dist_emd(&real->throughput, &synth->throughput);
}

void measure_sides(struct figures *f, const struct side *real, const struct side *synth,
                   const struct scale *scale)
{
    figures_clear(f);
    figures_set_two(f, M_PACKETS, SERIES_BOTH, (double)real->series->n, (double)synth->series->n);
    for (size_t dir = 0; dir < SERIES_BOTH; dir++)
        measure_lanes(f, &real->lanes[dir], &synth->lanes[dir], (enum series_dir)dir, scale);
    for (size_t dir = 0; dir <= SERIES_BOTH; dir++) {
        const struct dist *const x = &real->bursts[dir], *const y = &synth->bursts[dir];
        figures_set_two(f, M_BURST_MEAN, (enum series_dir)dir, dist_mean(x), dist_mean(y));
        f->at[M_BURST_KS][dir].value = dist_ks(x, y);
    }
}
