/* The reader of neural models of series on any bytes: what it takes must be whole and sound, so
 * that a walk through it draws symbols that there are, and is written as it was read. */
#include "seq.h"
#include "file.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STEPS = 20 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_walk(const struct seq *m)
{
    struct err e = {""};
    struct seq_walk *const w = seq_walk_new(m, &e);
    const uint32_t n = (uint32_t)intern_count(m->names);
    struct rng r = rng_new(1, 0);

    if (!w) {
        require(e.text[0] != '\0');
        return;
    }
    for (uint32_t i = 0; i < STEPS; i++) {
        if (i % 10 == 5)
            seq_walk_start_at(w, i % n);
        require(seq_walk_next(w, 0.5 + i % 2, &r) < n);
        require(!seq_walk_sound(w) || seq_walk_nats(w, i % n) >= -1e-9);
    }
    const uint32_t length = tally_draw(m->lengths, m->n_lengths, &r);
    require(length >= 1 && length <= m->total);
    seq_walk_free(w);
}

static char *text_of(const struct seq *m, size_t *n)
{
    char path[] = "/tmp/seq-XXXXXX";
    struct err e;
    const int fd = mkstemp(path);

    require(fd >= 0 && close(fd) == 0);
    struct out *const o = out_open(path, &e);
    require(o != NULL);
    seq_write(m, o);
    require(out_close(o, &e));
    char *const text = file_read(path, n, &e);
    require(text && unlink(path) == 0);
    return text;
}

/* Its text, read and written again, is the same. */
static void check_text(const struct seq *m)
{
    struct err e;
    size_t n = 0, again = 0;
    char *const first = text_of(m, &n);
    struct seq *const read = seq_read_memory(first, n, "again", &e);

    require(read != NULL);
    char *const second = text_of(read, &again);
    require(n == again && memcmp(first, second, n) == 0);
    free(first);
    free(second);
    seq_free(read);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {""};
    struct seq *const m = seq_read_memory(data, size, "input", &e);

    if (!m) {
        require(e.text[0] && !strchr(e.text, '\n'));
        return 0;
    }
    check_walk(m);
    check_text(m);
    seq_free(m);
    return 0;
}
