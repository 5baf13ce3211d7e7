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
    size_t *right, *tested; /* by fold */
};

static void describe_side(struct examples *x, const struct series *s, size_t window, size_t n,
                          uint32_t label)
{
    size_t same;
    size_t *const places = window_places(s, window, window, 0, n, &same);

    for (size_t i = 0; i < n; i++) {
        const size_t row = label * n + i;
        window_describe(s, places[i], window, x->values + row * x->width);
        x->labels[row] = label;
    }
    free(places);
}

static size_t count_windows(const struct series *s, const struct twosample_options *o)
{
    size_t n;

    free(window_places(s, o->window, o->window, 0, o->most, &n));
    return n;
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
        if (i % t->windows * t->folds / t->windows == fold)
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

/* The accuracy of all windows, and what the folds say of its error. */
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
    return (struct twosample){right / (double)t->examples.n, sqrt(fmax(variance, 0) / k)};
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
    t.right = mem_zero(t.folds, sizeof *t.right);
    t.tested = mem_zero(t.folds, sizeof *t.tested);
    describe_side(&t.examples, a, options->window, n, 0);
    describe_side(&t.examples, b, options->window, n, 1);
    if (options->shuffle) {
        struct rng rng = rng_new(options->learner.seed, STREAM_SHUFFLE);
        rng_shuffle(&rng, t.examples.labels, t.examples.n);
    }
    pool_run(pool, t.folds, run_fold, &t);
    const struct twosample result = sum_up(&t);
    free(t.right);
    free(t.tested);
    examples_destroy(&t.examples);
    return result;
}
