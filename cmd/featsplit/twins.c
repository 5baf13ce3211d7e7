#include "twins.h"

#include "index.h"
#include "mem.h"
#include "spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Rows are dealt out to buckets by their hash: twins meet in one bucket, and one bucket at a time
 * is looked through. */
enum { BUCKETS = 64, BUFFERED = 16384 };

struct row {
    struct hash128 features;
    uint32_t class;
    bool in_test;
};

struct bucket {
    struct row *rows; /* those not in the file yet */
    size_t n, cap;
    int fd; /* -1: none needed so far */
    uint64_t n_filed;
};

struct twins {
    size_t *columns;
    size_t n_columns;
    char *key; /* scratch: what is hashed */
    size_t key_cap;
    struct bucket buckets[BUCKETS];
};

struct twins *twins_new(const size_t *columns, size_t n)
{
    struct twins *const w = mem_zero(1, sizeof *w);

    w->columns = mem_alloc(n, sizeof *w->columns);
    memcpy(w->columns, columns, n * sizeof *columns);
    w->n_columns = n;
    for (size_t i = 0; i < BUCKETS; i++)
        w->buckets[i].fd = -1;
    return w;
}

void twins_free(struct twins *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < BUCKETS; i++) {
        free(w->buckets[i].rows);
        if (w->buckets[i].fd >= 0)
            (void)close(w->buckets[i].fd);
    }
    free(w->columns);
    free(w->key);
    free(w);
}

static bool file_rows(struct bucket *b, struct err *e)
{
    if (b->fd < 0 && (b->fd = temporary_file(e)) < 0)
        return false;
    if (!write_all(b->fd, b->rows, b->n * sizeof *b->rows, e))
        return false;
    b->n_filed += b->n;
    b->n = 0;
    return true;
}

static struct hash128 hash_features(struct twins *w, const struct table *t)
{
    size_t n = 0;

    for (size_t i = 0; i < w->n_columns; i++)
        n += table_field(t, w->columns[i]).n + sizeof(uint32_t);
    w->key = mem_grow(w->key, &w->key_cap, n, 1);
    char *p = w->key;
    for (size_t i = 0; i < w->n_columns; i++) {
        const struct span s = table_field(t, w->columns[i]);
        const uint32_t length = (uint32_t)s.n;
        memcpy(p, &length, sizeof length);
        if (s.n > 0)
            memcpy(p + sizeof length, s.p, s.n);
        p += sizeof length + s.n;
    }
    return hash128(w->key, n);
}

bool twins_add(struct twins *w, const struct table *t, uint32_t class, bool in_test, struct err *e)
{
    struct row row;

    memset(&row, 0, sizeof row); /* its padding goes into a file */
    row.features = hash_features(w, t);
    row.class = class;
    row.in_test = in_test;
    struct bucket *const b = &w->buckets[row.features.high % BUCKETS];
    if (b->n == BUFFERED && !file_rows(b, e))
        return false;
    b->rows = mem_grow(b->rows, &b->cap, b->n + 1, sizeof *b->rows);
    b->rows[b->n++] = row;
    return true;
}

/* All rows of a bucket in memory. */
static bool recall(struct bucket *b, struct err *e)
{
    if (b->n_filed == 0)
        return true;
    if (!file_rows(b, e))
        return false;
    b->rows = mem_resize(b->rows, (size_t)b->n_filed, sizeof *b->rows);
    char *const to = (char *)b->rows;
    const size_t size = (size_t)b->n_filed * sizeof *b->rows;
    for (size_t have = 0; have < size;) {
        const ssize_t n = pread(b->fd, to + have, size - have, (off_t)have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? err_sys(e, "reading a temporary file")
                         : err_set(e, "reading a temporary file: it ends too soon");
        have += (size_t)n;
    }
    b->n = (size_t)b->n_filed;
    return true;
}

/* What train says about some features: one class, or several. */
#define SEVERAL UINT32_MAX

static void count_bucket(const struct bucket *b, struct twin_counts *counts)
{
    struct index *const known = index_new();
    uint32_t *classes = NULL;
    size_t cap = 0;

    for (size_t i = 0; i < b->n; i++) {
        const struct row *const r = &b->rows[i];
        if (r->in_test)
            continue;
        const size_t had = index_count(known);
        const uint32_t k = index_add(known, r->features);
        classes = mem_grow(classes, &cap, (size_t)k + 1, sizeof *classes);
        if (k == had)
            classes[k] = r->class;
        else if (classes[k] != r->class)
            classes[k] = SEVERAL;
    }
    for (size_t i = 0; i < b->n; i++) {
        const struct row *const r = &b->rows[i];
        const uint32_t k = r->in_test ? index_find(known, r->features) : INDEX_NONE;
        if (k == INDEX_NONE)
            continue;
        counts->rows++;
        counts->other_class += classes[k] != r->class;
    }
    index_free(known);
    free(classes);
}

bool twins_count(struct twins *w, struct twin_counts *counts, struct err *e)
{
    *counts = (struct twin_counts){0};
    for (size_t i = 0; i < BUCKETS; i++) {
        struct bucket *const b = &w->buckets[i];
        if (!recall(b, e))
            return false;
        count_bucket(b, counts);
        free(b->rows);
        b->rows = NULL;
        b->n = b->cap = 0;
    }
    return true;
}
