#include "viterbi.h"

#include "forward.h"
#include "kernels.h"
#include "mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct search {
    const struct observed *o;
    const struct params *p;
    size_t k, kp, block;
    double *log_start, *log_to; /* as in params */
    double *density;            /* kp: logs, of the packet at hand */
    double *best, *next;        /* kp: log-likelihood of the best way to each state, */
    double *came, *best_before; /* where it came from, and best before every block */
    uint16_t *from;             /* the same for each packet of a block: rows of kp */
};

static void search_open(struct search *s, const struct observed *o, const struct params *p)
{
    const size_t kp = p->kp;

    *s = (struct search){.o = o, .p = p, .k = p->k, .kp = kp, .block = block_length(o->n, kp)};
    s->log_start = mem_alloc(kp, sizeof(double));
    s->log_to = mem_alloc(p->k * kp, sizeof(double));
    for (size_t i = 0; i < kp; i++)
        s->log_start[i] = log(p->start[i]);
    for (size_t i = 0; i < p->k * kp; i++)
        s->log_to[i] = log(p->to[i]);
    s->density = mem_alloc(kp, sizeof(double));
    s->best = mem_alloc(kp, sizeof(double));
    s->next = mem_alloc(kp, sizeof(double));
    s->came = mem_alloc(kp, sizeof(double));
    s->best_before = mem_alloc((o->n / s->block + 1) * kp, sizeof(double));
    s->from = mem_alloc(s->block * kp, sizeof *s->from);
}

static void search_close(struct search *s)
{
    free(s->log_start);
    free(s->log_to);
    free(s->density);
    free(s->best);
    free(s->next);
    free(s->came);
    free(s->best_before);
    free(s->from);
}

static void step(struct search *s, size_t t, uint16_t *from)
{
    const struct packet packet = observed_at(s->o, t);
    double *const best = s->next;

    if (observed_starts(s->o, t)) {
        memcpy(best, s->log_start, s->kp * sizeof *best);
    } else {
        kernel_best(best, s->came, s->best, s->log_to, s->k, s->kp);
        for (size_t j = 0; j < s->kp; j++)
            from[j] = (uint16_t)s->came[j];
    }
    emission_log_densities(s->p->emission, &packet, s->density);
    for (size_t j = 0; j < s->kp; j++)
        best[j] += s->density[j];
    s->next = s->best;
    s->best = best;
}

static uint16_t likeliest(const double *best, size_t k)
{
    size_t most = 0;

    for (size_t i = 1; i < k; i++)
        if (best[i] > best[most])
            most = i;
    return (uint16_t)most;
}

/* Runs over the packets [begin, end) of a block, and sets the states with which flows end. */
static void run_block(struct search *s, size_t begin, size_t end, uint16_t *state)
{
    for (size_t t = begin; t < end; t++) {
        step(s, t, s->from + (t - begin) * s->kp);
        if (observed_ends(s->o, t))
            state[t] = likeliest(s->best, s->k);
    }
}

void viterbi(const struct observed *o, const struct params *p, uint16_t *state)
{
    struct search s;

    search_open(&s, o, p);
    const size_t blocks = (o->n - 1) / s.block + 1;
    for (size_t b = 0; b < blocks; b++) {
        const size_t begin = b * s.block, end = b + 1 < blocks ? begin + s.block : o->n;
        memcpy(s.best_before + b * s.kp, s.best, s.kp * sizeof *s.best);
        run_block(&s, begin, end, state);
    }
    for (size_t b = blocks; b-- > 0;) {
        const size_t begin = b * s.block, end = b + 1 < blocks ? begin + s.block : o->n;
        if (b + 1 < blocks) {
            memcpy(s.best, s.best_before + b * s.kp, s.kp * sizeof *s.best);
            run_block(&s, begin, end, state);
        }
        for (size_t t = end; t-- > begin;)
            if (!observed_starts(o, t))
                state[t - 1] = s.from[(t - begin) * s.kp + state[t]];
    }
    search_close(&s);
}
