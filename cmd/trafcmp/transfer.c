#include "transfer.h"

#include "mem.h"
#include "rng.h"
#include "score.h"
#include "task.h"
#include "window.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Streams of the seed. */
enum { STREAM_SHUFFLE = 2000 };

/* Of three of real's windows one is tested on. */
enum { SHARES = 3 };

/* Rows of examples. */
struct rows {
    uint32_t *items;
    size_t n;
};

struct work {
    const struct transfer_options *options;
    struct examples real, synth, shuffled;
    struct rows learn_real, learn_synth, test;
    struct mark marks[3]; /* learnt from real, synth, shuffled */
};

static struct examples describe(const struct questions *q, const struct task *t)
{
    struct examples x = examples_new(q->n, window_width(t->window), t->n_answers);

    for (size_t i = 0; i < q->n; i++) {
        window_describe(q->series, q->places[i], t->window, x.values + i * x.width);
        x.labels[i] = q->answers[i];
    }
    return x;
}

/* Parts real's windows: the last of each class are tested on; where all are windows before a next
 * packet, the last of all, and none is learnt from that has a packet in common with these. */
static void part_rows(struct work *w, const struct questions *q, const struct task *t)
{
    const bool classes = t->answers_of_synth != NULL;
    size_t *const all = mem_zero(t->n_answers, sizeof *all);
    size_t *const met = mem_zero(t->n_answers, sizeof *met);
    size_t tested_from = SIZE_MAX;

    for (size_t i = 0; i < q->n; i++)
        all[classes ? q->answers[i] : 0]++;
    for (size_t i = q->n; i-- > 0;) {
        const size_t group = classes ? q->answers[i] : 0;
        const bool tested = met[group]++ < all[group] / SHARES;
        if (tested)
            w->test.items[w->test.n++] = (uint32_t)i;
        else if (classes || q->places[i] + t->window < tested_from)
            w->learn_real.items[w->learn_real.n++] = (uint32_t)i;
        if (tested && !classes)
            tested_from = q->places[i];
    }
    free(all);
    free(met);
}

/* Evenly thinned to as many as are learnt from of real, if there are more. */
static void thin_synth(struct work *w)
{
    const size_t n = w->synth.n, most = w->learn_real.n;

    w->learn_synth.n = n < most ? n : most;
    for (size_t i = 0; i < w->learn_synth.n; i++)
        w->learn_synth.items[i] = (uint32_t)(i * n / w->learn_synth.n);
}

static uint32_t number_of(struct score *s, uint32_t answer)
{
    char text[16];
    const int n = snprintf(text, sizeof text, "%u", answer);

    return score_class(s, (struct span){text, (size_t)n});
}

static struct mark mark_answers(const struct work *w, const uint32_t *answers)
{
    struct score *const s = score_new();

    for (size_t i = 0; i < w->test.n; i++)
        score_add(s, number_of(s, w->real.labels[w->test.items[i]]), number_of(s, answers[i]), 1);
    const struct mark mark = {score_accuracy(s), score_macro_f1(s)};
    score_free(s);
    return mark;
}

static void learn_and_test(void *context, size_t which, unsigned thread)
{
    struct work *const w = context;
    const struct examples *const x = which == 0 ? &w->real : which == 1 ? &w->synth : &w->shuffled;
    const struct rows *const rows = which == 0 ? &w->learn_real : &w->learn_synth;
    uint32_t *const answers = mem_alloc(w->test.n, sizeof *answers);

    (void)thread;
    struct model *const m = learn(x, rows->items, rows->n, &w->options->learner);
    learnt_say(m, &w->real, w->test.items, w->test.n, answers);
    w->marks[which] = mark_answers(w, answers);
    model_free(m);
    free(answers);
}

static struct mark mark_majority(const struct work *w)
{
    uint32_t *const answers = mem_alloc(w->test.n, sizeof *answers);
    size_t *const counts = mem_zero(w->synth.n_classes, sizeof *counts);
    uint32_t best = 0;

    for (size_t i = 0; i < w->learn_synth.n; i++)
        counts[w->synth.labels[w->learn_synth.items[i]]]++;
    for (uint32_t c = 1; c < w->synth.n_classes; c++)
        if (counts[c] > counts[best])
            best = c;
    for (size_t i = 0; i < w->test.n; i++)
        answers[i] = best;
    const struct mark mark = mark_answers(w, answers);
    free(answers);
    free(counts);
    return mark;
}

static struct transfer run(struct work *w, struct pool *pool)
{
    struct rng rng = rng_new(w->options->learner.seed, STREAM_SHUFFLE);

    w->shuffled = w->synth;
    w->shuffled.labels = mem_alloc(w->synth.n, sizeof *w->shuffled.labels);
    for (size_t i = 0; i < w->synth.n; i++)
        w->shuffled.labels[i] = w->synth.labels[i];
    rng_shuffle(&rng, w->shuffled.labels, w->shuffled.n);
    pool_run(pool, 3, learn_and_test, w);
    free(w->shuffled.labels);
    const double p = w->marks[1].accuracy;
    return (struct transfer){
        .real = w->marks[0],
        .synth = w->marks[1],
        .shuffled = w->marks[2],
        .majority = mark_majority(w),
        .error = sqrt(p * (1 - p) / (double)w->test.n),
    };
}

struct transfer transfer_test(const struct series *real, const struct series *synth,
                              const struct transfer_options *options, struct pool *pool)
{
    const struct mark none = {NAN, NAN};
    struct transfer result = {none, none, none, none, NAN};
    struct task task = task_new(real, synth, options->window);
    struct questions a = task_ask(&task, real, false, SHARES * options->most);
    struct questions b = task_ask(&task, synth, true, SHARES * options->most);
    struct work w = {
        .options = options,
        .real = describe(&a, &task),
        .synth = describe(&b, &task),
        .learn_real = {mem_alloc(a.n, sizeof(uint32_t)), 0},
        .learn_synth = {mem_alloc(b.n, sizeof(uint32_t)), 0},
        .test = {mem_alloc(a.n, sizeof(uint32_t)), 0},
    };

    part_rows(&w, &a, &task);
    thin_synth(&w);
    if (w.learn_synth.n > 0 && w.test.n > 0)
        result = run(&w, pool);
    examples_destroy(&w.real);
    examples_destroy(&w.synth);
    free(w.learn_real.items);
    free(w.learn_synth.items);
    free(w.test.items);
    questions_destroy(&a);
    questions_destroy(&b);
    task_destroy(&task);
    return result;
}
