#include "judge.h"

#include "chain_learn.h"
#include "mem.h"

#include <math.h>
#include <stdlib.h>

/* The symbols that train, numbered anew, and the number that each of the model's has there. */
static struct symbols *trained(const struct seq *m, const struct parts *p, uint32_t *number)
{
    struct symbols *const s = mem_zero(1, sizeof *s);

    s->names = intern_new();
    s->symbol = mem_alloc(p->trained, sizeof *s->symbol);
    s->first = mem_zero(p->n_sequences + 1, sizeof *s->first);
    for (size_t i = 0; i < intern_count(m->names); i++)
        number[i] = CHAIN_NO_SYMBOL;
    for (size_t f = 0; f < p->n_sequences; f++) {
        for (size_t i = 0; i < p->cut[f]; i++) {
            const uint32_t symbol = p->series[p->first[f] + i];
            const char *const name = intern_text(m->names, symbol);
            number[symbol] = intern_add(s->names, span_of(name));
            s->symbol[s->n++] = number[symbol];
        }
        if (p->cut[f] > 0)
            s->first[++s->n_sequences] = s->n;
    }
    return s;
}

static struct chain *learn_chain(const struct seq *m, const struct parts *p, uint32_t *number,
                                 struct err *e)
{
    const struct chain_rule rule = {.order = 1, .escape = CHAIN_KNESER_NEY};
    struct symbols *const s = trained(m, p, number);
    struct chain *const c = chain_learn(s, &rule, m->column, "", e);

    symbols_free(s);
    return c;
}

struct judging {
    struct seq *m;
    const struct parts *p;
    const uint32_t *number; /* of each symbol in the chain */
    struct seq_walk *walk;
    struct chain_walk *chain;
    uint64_t unknown;
};

static void judge_sequence(struct judging *j, size_t f)
{
    const size_t n = j->p->first[f + 1] - 1 - j->p->first[f];
    const uint32_t *const symbols = j->p->series + j->p->first[f];

    seq_walk_start(j->walk);
    chain_walk_clear(j->chain);
    for (size_t i = 0; i < n; i++) {
        struct seq_score *const score = i < j->p->cut[f] ? &j->m->train : &j->m->held;
        const uint32_t number = j->number[symbols[i]];
        if (number == CHAIN_NO_SYMBOL) {
            j->unknown++;
        } else {
            score->symbols++;
            score->nats += seq_walk_nats(j->walk, symbols[i]);
            score->chain -= log(chain_walk_probability(j->chain, number));
        }
        seq_walk_take(j->walk, symbols[i]);
        chain_walk_take(j->chain, number);
    }
}

static void close_score(struct seq_score *s)
{
    s->nats /= s->symbols > 0 ? (double)s->symbols : 1;
    s->chain /= s->symbols > 0 ? (double)s->symbols : 1;
}

bool judge(struct seq *m, const struct parts *p, uint64_t *unknown, struct err *e)
{
    uint32_t *const number = mem_alloc(intern_count(m->names), sizeof *number);
    struct chain *const c = learn_chain(m, p, number, e);
    struct judging j = {m, p, number, c ? seq_walk_new(m, e) : NULL, NULL, 0};

    if (j.walk) {
        j.chain = chain_walk_new(c);
        for (size_t f = 0; f < p->n_sequences; f++)
            judge_sequence(&j, f);
        close_score(&m->train);
        close_score(&m->held);
        chain_walk_free(j.chain);
    }
    const bool ok = j.walk && (seq_walk_sound(j.walk) ||
                               err_set(e, "the training went out of bounds: a lower --lr helps"));
    *unknown = j.unknown;
    seq_walk_free(j.walk);
    chain_free(c);
    free(number);
    return ok;
}
