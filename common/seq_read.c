/* Reading a neural model of series: lines in the order in which seq_write() has them. Nothing is
 * allocated by a number in the file before the lines that it counts have come. */
#include "file.h"
#include "lines.h"
#include "mem.h"
#include "seq.h"

#include <stdlib.h>

static bool read_head(struct lines *l, struct seq *m)
{
    return lines_expect(l, "made") && lines_rest(l, "text", &m->made) && lines_expect(l, "seed") &&
           lines_u64(l, "seed", 0, UINT64_MAX, &m->seed) && lines_done(l) &&
           lines_expect(l, "column") && lines_rest(l, "column's name", &m->column);
}

static bool read_sequences(struct lines *l, struct seq *m)
{
    return lines_expect(l, "sequences") &&
           lines_u64(l, "number of sequences", 1, TALLY_MOST, &m->n_sequences) &&
           lines_u64(l, "number of symbols", m->n_sequences, TALLY_MOST, &m->total) &&
           lines_done(l) && lines_expect(l, "lengths") &&
           tally_read_lengths(l, m->n_sequences, m->total, &m->lengths, &m->n_lengths);
}

static bool read_symbol(struct lines *l, struct seq *m, size_t number, uint64_t *count)
{
    char *name = NULL;

    if (!lines_expect(l, "symbol") || !lines_u64(l, "count", 1, m->total, count) ||
        !lines_rest(l, "symbol's name", &name))
        return false;
    const uint32_t got = intern_add(m->names, span_of(name));
    free(name);
    return got == number || lines_fail(l, "symbol '%s' stands twice", intern_text(m->names, got));
}

static bool read_symbols(struct lines *l, struct seq *m)
{
    uint64_t n, sum = 0, count = 0;
    size_t cap = 0;

    if (!lines_expect(l, "symbols") ||
        !lines_u64(l, "number of symbols", 1, SEQ_MOST_SYMBOLS, &n) || !lines_done(l))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!read_symbol(l, m, i, &count))
            return false;
        m->counts = mem_grow(m->counts, &cap, i + 1, sizeof *m->counts);
        m->counts[i] = (uint32_t)count;
        sum += count;
    }
    return sum == m->total ||
           lines_fail(l, "the symbols' counts sum to %llu, and the sequences have %llu symbols",
                      (unsigned long long)sum, (unsigned long long)m->total);
}

static bool read_score(struct lines *l, const char *name, uint64_t most, struct seq_score *s)
{
    static const double most_nats = 1e30;

    return lines_expect(l, name) && lines_u64(l, "number of symbols", 0, most, &s->symbols) &&
           lines_f64(l, "number of nats", 0, most_nats, &s->nats) &&
           lines_f64(l, "number of nats", 0, most_nats, &s->chain) && lines_done(l);
}

static bool read_network(struct lines *l, struct seq *m)
{
    char *layers = NULL;
    struct err why;
    uint64_t n;

    bool ok = lines_expect(l, "layers") && lines_rest(l, "text", &layers);
    if (ok && !seq_plan(m, layers, &why))
        ok = lines_fail(l, "%s", why.text);
    free(layers);
    return ok && lines_expect(l, "parameters") &&
           lines_u64(l, "number of parameters", m->plan->n_params, m->plan->n_params, &n) &&
           lines_done(l) && lines_floats(l, "p", n, 16, &m->params);
}

static bool read_model(struct lines *l, struct seq *m)
{
    bool cut;

    return read_head(l, m) && read_sequences(l, m) && read_symbols(l, m) &&
           read_score(l, "train", m->total, &m->train) &&
           read_score(l, "held", m->total, &m->held) && read_network(l, m) &&
           (!lines_next(l, &cut) ||
            lines_fail(l, "the model is complete, and here is one more line"));
}

struct seq *seq_read_memory(const void *p, size_t n, const char *name, struct err *e)
{
    struct lines l = lines_new(p, n, name, e);
    struct seq *const m = mem_zero(1, sizeof *m);

    m->names = intern_new();
    if (lines_begin(&l, "weir-seq 1", "a neural model of series") && read_model(&l, m))
        return m;
    seq_free(m);
    return NULL;
}

struct seq *seq_read(const char *path, struct err *e)
{
    size_t n;
    char *const text = file_read(path, &n, e);
    struct seq *const m = text ? seq_read_memory(text, n, file_name(path), e) : NULL;

    free(text);
    return m;
}
