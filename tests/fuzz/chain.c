/* The reader of chains on any bytes: what it takes must be whole and sound, so that a walk through
 * it always has a next symbol and probabilities that sum to 1, and is written as it was read. */
#include "chain.h"
#include "file.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STEPS = 50, MOST_SUMMED = 64 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_probabilities(const struct chain *c, const struct chain_walk *w)
{
    double sum = chain_walk_probability(w, CHAIN_NO_SYMBOL);

    if (chain_symbols(c) > MOST_SUMMED)
        return;
    for (uint32_t s = 0; s < chain_symbols(c); s++) {
        const double p = chain_walk_probability(w, s);
        require(p >= 0 && p <= 1);
        sum += p;
    }
    require(fabs(sum - 1) < 1e-9);
}

static void check_walk(const struct chain *c)
{
    struct chain_walk *const w = chain_walk_new(c);
    struct rng r = rng_new(1, 0);

    for (int i = 0; i < STEPS; i++) {
        if (i % 20 == 0)
            chain_walk_start(w);
        if (i % 20 == 10)
            chain_walk_clear(w);
        if (i % 20 == 17)
            chain_walk_take(w, CHAIN_NO_SYMBOL);
        check_probabilities(c, w);
        const uint32_t s = chain_walk_next(w, &r);
        require(s < chain_symbols(c) && chain_walk_depth(w) <= CHAIN_MAX_ORDER);
        require(chain_find(c, (struct span){chain_symbol(c, s), strlen(chain_symbol(c, s))}) == s);
        require(chain_draw_length(c, &r) >= 1);
    }
    chain_walk_free(w);
}

/* Its text, read and written again, is the same. */
static void check_text(const struct chain *c)
{
    char path[] = "/tmp/chain-XXXXXX";
    struct err e;
    size_t n = 0, m = 0;
    const int fd = mkstemp(path);

    require(fd >= 0 && close(fd) == 0);
    struct out *o = out_open(path, &e);
    require(o != NULL);
    chain_write(c, o);
    require(out_close(o, &e));
    char *const first = file_read(path, &n, &e);
    struct chain *const again = chain_read_memory(first, n, path, &e);
    require(again != NULL);
    o = out_open(path, &e);
    require(o != NULL);
    chain_write(again, o);
    require(out_close(o, &e));
    char *const second = file_read(path, &m, &e);
    require(n == m && memcmp(first, second, n) == 0);
    require(unlink(path) == 0);
    free(first);
    free(second);
    chain_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {""};
    struct chain *const c = chain_read_memory(data, size, "input", &e);

    if (!c) {
        require(e.text[0] && !strchr(e.text, '\n'));
        return 0;
    }
    require(chain_symbols(c) >= 1 && chain_contexts(c) >= 1 && chain_sequences(c) >= 1);
    check_walk(c);
    check_text(c);
    chain_free(c);
    return 0;
}
