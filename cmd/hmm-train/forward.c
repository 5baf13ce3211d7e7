#include "forward.h"

#include "kernels.h"
#include "mem.h"
#include "vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Probabilities below this are none, and a packet with no more than this among the states is worked
 * out in logarithms. */
static const double tiny = 1e-100;

/* Doubles in the table of densities, 32 MB. */
enum { MOST_TABLE = 1 << 22 };

enum { BLOCK_DOUBLES = 1 << 18 }; /* blocks are no shorter than this takes */

size_t block_length(size_t n, size_t kp)
{
    const size_t root = (size_t)ceil(sqrt((double)n)), least = BLOCK_DOUBLES / kp;
    const size_t block = root > least ? root : least;

    return block < n ? block : n;
}

struct forward {
    const struct observed *o;
    const struct params *p;
    size_t kp;
    double *densities; /* of each distinct packet, over their greatest; NULL without */
    double *greatest;  /* its log */
    double *row;       /* kp: of the packet at hand, without a table */
};

struct forward *forward_new(const struct observed *o, size_t kp)
{
    struct forward *const f = mem_zero(1, sizeof *f);

    f->o = o;
    f->kp = kp;
    f->row = mem_zero(kp, sizeof *f->row);
    if (o->id && o->n_distinct <= MOST_TABLE / kp) {
        f->densities = mem_alloc(o->n_distinct * kp, sizeof *f->densities);
        f->greatest = mem_alloc(o->n_distinct, sizeof *f->greatest);
    }
    return f;
}

void forward_free(struct forward *f)
{
    if (!f)
        return;
    free(f->densities);
    free(f->greatest);
    free(f->row);
    free(f);
}

bool forward_has_table(const struct forward *f)
{
    return f->densities;
}

/* Densities over their greatest, whose log is returned. */
static double densities_of(const struct forward *f, const struct packet *p, double *row)
{
    emission_log_densities(f->p->emission, p, row);
    const double most = vec_max(row, f->kp);
    for (size_t i = 0; i < f->kp; i++)
        row[i] -= most;
    vec_exp(row, f->kp);
    return most;
}

void forward_begin(struct forward *f, const struct params *p)
{
    f->p = p;
    if (!f->densities)
        return;
    for (size_t d = 0; d < f->o->n_distinct; d++)
        f->greatest[d] = densities_of(f, &f->o->distinct[d], f->densities + d * f->kp);
}

/* Scales alpha by 1 / sum and lists what is left. */
static void settle(struct step *s, size_t kp, double sum)
{
    const double scale = 1 / sum;

    s->n_active = 0;
    for (size_t i = 0; i < kp; i++) {
        const double a = s->alpha[i] * scale;
        const bool there = a > tiny;
        s->alpha[i] = there ? a : 0;
        s->active[s->n_active] = (uint16_t)i;
        s->n_active += there;
    }
}

/* In logarithms: the greatest product of prediction and density is the measure. States that nearly
 * nothing leads to are out, so that something always remains. */
static struct density far_step(struct forward *f, size_t t, struct step *s)
{
    const struct packet packet = observed_at(f->o, t);
    const size_t kp = f->kp;
    double *const x = s->alpha;

    emission_log_densities(f->p->emission, &packet, x);
    for (size_t i = 0; i < kp; i++) {
        if (s->predicted[i] < 1e-290)
            s->predicted[i] = 0;
        x[i] = s->predicted[i] > 0 ? x[i] + log(s->predicted[i]) : -HUGE_VAL;
    }
    const double most = vec_max(x, kp);
    for (size_t i = 0; i < kp; i++)
        x[i] -= most;
    vec_exp(x, kp);
    const double sum = vec_sum(x, kp);
    settle(s, kp, sum);
    return (struct density){sum, most};
}

double forward_densities(struct forward *f, size_t t, const double **row)
{
    if (f->densities) {
        const size_t d = f->o->id[t];
        *row = f->densities + d * f->kp;
        return f->greatest[d];
    }
    const struct packet packet = observed_at(f->o, t);
    *row = f->row;
    return densities_of(f, &packet, f->row);
}

struct density forward_step(struct forward *f, size_t t, const struct step *from, struct step *to)
{
    const size_t kp = f->kp;
    const double *row, most = forward_densities(f, t, &row);

    if (from)
        kernel_predict(to->predicted, f->p->to, from->alpha, from->active, from->n_active, kp);
    else
        memcpy(to->predicted, f->p->start, kp * sizeof *to->predicted);
    const double sum = kernel_weigh(to->alpha, to->predicted, row, kp);
    if (!(sum > tiny))
        return far_step(f, t, to);
    settle(to, kp, sum);
    return (struct density){sum, most};
}
