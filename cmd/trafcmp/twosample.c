#include "twosample.h"

#include "mem.h"
#include "rng.h"
#include "window.h"

#include <math.h>
#include <stdlib.h>

/* Streams of the seed. */
enum { STREAM_SHUFFLE = 1000, STREAM_FOLD };

struct test {
    const struct twosample_options *options;
    struct examples examples; /* windows of a, then as many of b, in order of time */
    size_t windows;           /* a side */
    size_t folds;
    size_t *fold;           /* that tests on a window */
    size_t *right, *tested; /* by fold */
};

static size_t emptiest(const size_t *windows, size_t folds)
{
    size_t best = 0;

    for (size_t i = 1; i < folds; i++)
        if (windows[i] < windows[best])
            best = i;
    return best;
}

/* Deals a side's windows to folds, in blocks that follow each other in a flow and are no longer
 * than a fold, each to the fold that has fewest: the folds of one flow are its parts in time, and
 * of many flows each fold has its share from the first to the last. */
static void deal_side(struct test *t, const struct series *s, const size_t *places, size_t *fold)
{
    const size_t n = t->windows;
    size_t *const dealt = mem_zero(t->folds, sizeof *dealt);

    for (size_t i = 0, f = 0, end; i < n; i = end) {
        while (places[i] >= s->first[f + 1])
            f++;
        for (end = i; end < n && places[end] < s->first[f + 1]; end++)
            ;
        const size_t m = end - i, blocks = (m * t->folds + n - 1) / n;
        for (size_t b = 0; b < blocks; b++) {
            const size_t to = emptiest(dealt, t->folds);
            for (size_t k = b * m / blocks; k < (b + 1) * m / blocks; k++) {
                fold[i + k] = to;
                dealt[to]++;
            }
        }
    }
    free(dealt);
}

static void add_side(struct test *t, const struct series *s, uint32_t label)
{
    const size_t window = t->options->window, n = t->windows, first = label * n;
    struct examples *const x = &t->examples;
    size_t same;
    size_t *const places = window_places(s, window, window, 0, n, &same);

    for (size_t i = 0; i < n; i++) {
        window_describe(s, places[i], window, x->values + (first + i) * x->width);
        x->labels[first + i] = label;
    }
    deal_side(t, s, places, t->fold + first);
    free(places);
}

static size_t count_windows(const struct series *s, const struct twosample_options *o)
{
    size_t n;

    free(window_places(s, o->window, o->window, 0, o->most, &n));
    return n;
}

/* Within each fold: what the others learn then has as many of one label as of the other, and no
 * guess is better than the other one. */
static void shuffle_labels(struct test *t)
{
    struct rng rng = rng_new(t->options->learner.seed, STREAM_SHUFFLE);
    uint32_t *const labels = mem_alloc(t->examples.n, sizeof *labels);

    for (size_t fold = 0; fold < t->folds; fold++) {
        size_t n = 0;
        for (size_t i = 0; i < t->examples.n; i++)
            if (t->fold[i] == fold)
                labels[n++] = t->examples.labels[i];
        rng_shuffle(&rng, labels, n);
        for (size_t i = t->examples.n; i-- > 0;)
            if (t->fold[i] == fold)
                t->examples.labels[i] = labels[--n];
    }
    free(labels);
}

static void run_fold(void *context, size_t fold, unsigned thread)
{
    struct test *const t = context;
    const size_t n = 2 * t->windows;
    uint32_t *const rows = mem_alloc(n, sizeof *rows), *const verdicts = mem_alloc(n, sizeof *rows);
    struct learner how = t->options->learner;
    struct rng rng = rng_new(how.seed, STREAM_FOLD + fold);
    size_t learnt = 0, tested = n;

    (void)thread;
    for (size_t i = 0; i < n; i++)
        if (t->fold[i] == fold)
            rows[--tested] = (uint32_t)i;
        else
            rows[learnt++] = (uint32_t)i;
    how.seed = rng_u64(&rng);
    struct model *const m = learn(&t->examples, rows, learnt, &how);
    learnt_say(m, &t->examples, rows + learnt, n - learnt, verdicts);
    t->tested[fold] = n - learnt;
    for (size_t i = 0; i < n - learnt; i++)
        t->right[fold] += verdicts[i] == t->examples.labels[rows[learnt + i]];
    model_free(m);
    free(rows);
    free(verdicts);
}

/* The accuracy of all windows. Its error is what the folds tell or what independent windows would
 * have, whichever is larger: folds are few, and share what they learn from. */
static struct twosample sum_up(const struct test *t)
{
    const double k = (double)t->folds;
    double right = 0, sum = 0, squares = 0;

    for (size_t i = 0; i < t->folds; i++) {
        const double accuracy = (double)t->right[i] / (double)t->tested[i];
        right += (double)t->right[i];
        sum += accuracy;
        squares += accuracy * accuracy;
    }
    const double variance = (squares - sum * sum / k) / (k - 1);
    const double n = (double)t->examples.n, p = right / n;
    return (struct twosample){p, sqrt(fmax(variance / k, p * (1 - p) / n))};
}

struct twosample twosample_test(const struct series *a, const struct series *b,
                                const struct twosample_options *options, struct pool *pool)
{
    const size_t na = count_windows(a, options), nb = count_windows(b, options);
    const size_t n = na < nb ? na : nb;

    if (n < 2)
        return (struct twosample){NAN, NAN};
    struct test t = {
        .options = options,
        .examples = examples_new(2 * n, window_width(options->window), 2),
        .windows = n,
        .folds = options->folds < n ? options->folds : n,
    };
    t.fold = mem_alloc(2 * n, sizeof *t.fold);
    t.right = mem_zero(t.folds, sizeof *t.right);
    t.tested = mem_zero(t.folds, sizeof *t.tested);
    add_side(&t, a, 0);
    add_side(&t, b, 1);
    if (options->shuffle)
        shuffle_labels(&t);
    pool_run(pool, t.folds, run_fold, &t);
    const struct twosample result = sum_up(&t);
    free(t.fold);
    free(t.right);
    free(t.tested);
    examples_destroy(&t.examples);
    return result;
}
