#include "symbols_draw.h"

#include "mem.h"
#include "num.h"

#include <stdlib.h>
#include <string.h>

/* What a row ends with, ready to be written. */
struct ending {
    char *text;
    size_t n;
};

struct drawing {
    const struct symbols_source *s;
    const struct symbols_wanted *wanted;
    struct ending *endings; /* of each symbol */
    char delimiter;
    bool many; /* sequences: there is a column flow */
    struct out *out;
};

static struct ending *make_endings(const struct symbols_source *s, enum table_format format)
{
    struct ending *const endings = mem_alloc(s->n_symbols, sizeof *endings);

    for (uint32_t i = 0; i < s->n_symbols; i++) {
        char *const text = table_quoted(s->name(s->context, i), format);
        const size_t n = strlen(text);
        text[n] = '\n'; /* where the NUL was: not needed any more */
        endings[i] = (struct ending){text, n + 1};
    }
    return endings;
}

static void write_header(const struct drawing *d, enum table_format format)
{
    struct table_writer *const w = table_writer_new(d->out, format);

    if (d->many)
        table_put_text(w, "flow");
    table_put_text(w, d->s->column);
    table_end_row(w);
    table_writer_free(w);
}

static void write_sequence(const struct drawing *d, uint64_t number, uint64_t length, struct rng *r)
{
    enum { LOOK = 1 << 16 }; /* symbols between looks at the output */
    char flow[NUM_U64_MAX + 1];
    char *const end = num_put_u64(flow, number);
    const size_t n_flow = (size_t)(end - flow) + 1;
    const struct symbols_source *const s = d->s;
    uint32_t symbol = s->first(s->context, r);

    *end = d->delimiter;
    for (uint64_t i = 0; i < length; i++) {
        if (d->many)
            out_bytes(d->out, flow, n_flow);
        out_bytes(d->out, d->endings[symbol].text, d->endings[symbol].n);
        if (i % LOOK == LOOK - 1 && out_failed(d->out))
            return;
        if (i + 1 < length)
            symbol = s->next(s->context, r);
    }
}

/* The length of the sequence f, counted from 0, of which `left` symbols at most are wanted. */
static uint64_t length_of(const struct drawing *d, uint64_t f, uint64_t left, struct rng *r)
{
    const uint64_t n = d->wanted->n, flows = d->wanted->flows;

    if (n && flows)
        return n / flows + (f < n % flows ? 1 : 0);
    if (n && d->s->sequences == 1)
        return n;
    const uint64_t drawn = d->s->length(d->s->context, r);
    return drawn < left ? drawn : left;
}

void symbols_draw(const struct symbols_source *s, const struct symbols_wanted *wanted,
                  enum table_format format, struct out *out)
{
    const uint64_t flows = wanted->flows ? wanted->flows : wanted->n ? UINT64_MAX : s->sequences;
    const struct drawing d = {
        .s = s,
        .wanted = wanted,
        .endings = make_endings(s, format),
        .delimiter = format == TABLE_TSV ? '\t' : ',',
        .many = wanted->flows > 1 || (wanted->flows == 0 && s->sequences > 1),
        .out = out,
    };

    write_header(&d, format);
    uint64_t left = wanted->n ? wanted->n : UINT64_MAX;
    for (uint64_t f = 0; f < flows && left > 0 && !out_failed(out); f++) {
        struct rng r = rng_new(wanted->seed, f);
        const uint64_t length = length_of(&d, f, left, &r);
        write_sequence(&d, f + 1, length, &r);
        left -= length;
    }
    for (size_t i = 0; i < s->n_symbols; i++)
        free(d.endings[i].text);
    free(d.endings);
}
