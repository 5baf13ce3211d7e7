/* Reading a chain: a line at a time out of memory. Everything in the file is checked against the
 * rest of it: what the symbols, the sequences and the shorter contexts say must agree, so that a
 * walk through it can't lose its way. */
#include "chain_parts.h"
#include "file.h"
#include "lines.h"
#include "mem.h"

#include <stdlib.h>

enum line {
    LINE_MADE,
    LINE_COLUMN,
    LINE_ORDER,
    LINE_ESCAPE,
    LINE_SMOOTHING,
    LINE_SEQUENCES,
    LINE_LENGTHS,
    LINE_START,
    LINE_CONTEXTS,
    LINE_SYMBOL, /* from here on a line may come again */
    LINE_CONTEXT,
    LINE_COUNT
};

static const char *const line_names[LINE_COUNT] = {
    "made",    "column", "order",    "escape", "smoothing", "sequences",
    "lengths", "start",  "contexts", "symbol", "context",
};

struct reader {
    struct lines l;
    struct chain *c;
    unsigned seen; /* which lines have come, a bit each */
    uint64_t sequences, total, contexts;
    uint32_t *counts; /* of each symbol */
    size_t cap_counts;
};

static int shown(struct span word)
{
    return word.n > 40 ? 40 : (int)word.n;
}

/* The lines that count sequences need their number. */
static bool has_sequences(const struct reader *r)
{
    return r->sequences > 0 || lines_fail(&r->l, "a line 'sequences' must come first");
}

static bool read_escape(struct reader *r)
{
    for (unsigned e = 0; chain_escape_names[e]; e++)
        if (span_is(r->l.text, chain_escape_names[e])) {
            r->c->escape = (enum chain_escape)e;
            return true;
        }
    return lines_fail(&r->l, "escape is kneser-ney, ppm-c or none");
}

static bool read_sequences(struct reader *r)
{
    return lines_u64(&r->l, "number of sequences", 1, CHAIN_MAX_TOTAL, &r->sequences) &&
           lines_u64(&r->l, "number of symbols", r->sequences, CHAIN_MAX_TOTAL, &r->total) &&
           lines_done(&r->l);
}

static bool read_symbol(struct reader *r)
{
    const size_t n = intern_count(r->c->names);
    uint64_t count;
    char *name = NULL;

    if (r->seen & (1U << LINE_START))
        return lines_fail(&r->l, "'symbol' after 'start'");
    if (n == CHAIN_MAX_SYMBOLS)
        return lines_fail(&r->l, "more than %d symbols", CHAIN_MAX_SYMBOLS);
    if (!lines_u64(&r->l, "count", 1, CHAIN_MAX_TOTAL, &count) ||
        !lines_rest(&r->l, "symbol's name", &name))
        return false;
    const uint32_t number = intern_add(r->c->names, span_of(name));
    free(name);
    if (number < n)
        return lines_fail(&r->l, "symbol '%s' stands twice", chain_symbol(r->c, number));
    r->counts = mem_grow(r->counts, &r->cap_counts, n + 1, sizeof *r->counts);
    r->counts[n] = (uint32_t)count;
    return true;
}

/* The numbers before "--", oldest first. */
static bool read_context_symbols(struct reader *r, uint32_t symbols[CHAIN_MAX_ORDER],
                                 unsigned *depth)
{
    for (*depth = 0;;) {
        const struct span word = lines_word(&r->l);
        uint64_t symbol;
        if (span_is(word, "--"))
            return true;
        if (word.n == 0)
            return lines_fail(&r->l, "a context has '--' after its symbols");
        if (*depth == r->c->order)
            return lines_fail(&r->l, "a context has more symbols than the order, %u", r->c->order);
        if (!lines_u64_of(&r->l, word, "symbol", 0, chain_symbols(r->c) - 1, &symbol))
            return false;
        symbols[(*depth)++] = (uint32_t)symbol;
    }
}

/* Appends the context that the line begins with, in its place after all others. */
static bool place_context(struct reader *r)
{
    struct chain *const c = r->c;
    uint32_t symbols[CHAIN_MAX_ORDER], shorter = 0;
    unsigned depth;

    if (!read_context_symbols(r, symbols, &depth))
        return false;
    if ((c->n_contexts == 0) != (depth == 0))
        return lines_fail(&r->l, "the first context, and only that, is the empty one");
    for (unsigned i = depth; i > 1; i--) {
        shorter = chain_longer(c, shorter, symbols[i - 1]);
        if (shorter == 0)
            return lines_fail(&r->l, "the context without its oldest symbol must come before");
    }
    const uint32_t older = depth ? symbols[0] : 0;
    if (c->n_contexts > 1) {
        const struct chain_context *const last = &c->contexts[c->n_contexts - 1];
        const bool after = shorter != last->shorter ? shorter > last->shorter : older > last->older;
        if (depth < last->length || (depth == last->length && !after))
            return lines_fail(&r->l, "the context is out of order");
    }
    chain_add_context(c, shorter, older);
    return true;
}

/* What the shorter context (for the empty one: the list of symbols) allows as a count. */
static uint32_t most_of(const struct reader *r, uint32_t context, uint32_t symbol)
{
    const struct chain_context *const x = &r->c->contexts[context];

    if (context == 0)
        return r->counts[symbol];
    const struct chain_edge *const edge = chain_edge_of(r->c, x->shorter, symbol);
    return edge ? edge->count : 0;
}

static bool read_edges(struct reader *r)
{
    struct chain *const c = r->c;
    const uint32_t context = (uint32_t)c->n_contexts - 1;
    const size_t first = c->n_edges;

    while (r->l.text.n > 0) {
        uint32_t symbol, count;
        if (!tally_pair(&r->l, "SYMBOL:COUNT", 0, chain_symbols(c) - 1, &symbol, &count))
            return false;
        if (c->n_edges > first && symbol <= c->edges[c->n_edges - 1].symbol)
            return lines_fail(&r->l, "the symbols after a context must ascend, each once");
        if (count > most_of(r, context, symbol))
            return lines_fail(&r->l, "symbol %u comes more often than %s", symbol,
                              context ? "in the shorter context" : "its line 'symbol' says");
        if (context == 0 && count < r->counts[symbol])
            return lines_fail(&r->l, "symbol %u comes less often than its line 'symbol' says",
                              symbol);
        if (c->n_edges == CHAIN_MAX_TRANSITIONS)
            return lines_fail(&r->l, "more than %d transitions", CHAIN_MAX_TRANSITIONS);
        chain_add_edge(c, symbol, count);
    }
    if (c->n_edges == first)
        return lines_fail(&r->l, "nothing follows the context");
    if (context == 0 && (c->contexts[0].total != r->total || c->n_edges < chain_symbols(c)))
        return lines_fail(&r->l, "the empty context must have all symbols, %llu in all",
                          (unsigned long long)r->total);
    return true;
}

static bool read_context(struct reader *r)
{
    if (!(r->seen & (1U << LINE_CONTEXTS)))
        return lines_fail(&r->l, "a line 'contexts' must come first");
    if (r->c->n_contexts == r->contexts)
        return lines_fail(&r->l, "more contexts than the %llu that were said",
                          (unsigned long long)r->contexts);
    return place_context(r) && read_edges(r);
}

static bool read_contexts(struct reader *r)
{
    const unsigned needed = 1U << LINE_ORDER | 1U << LINE_START | 1U << LINE_LENGTHS;

    if ((r->seen & needed) != needed)
        return lines_fail(&r->l, "'order', 'lengths', 'symbol' and 'start' must come first");
    return lines_u64(&r->l, "number of contexts", 1, CHAIN_MAX_TRANSITIONS, &r->contexts) &&
           lines_done(&r->l);
}

static bool read_start(struct reader *r)
{
    struct chain *const c = r->c;
    uint32_t before = 0;

    if (chain_symbols(c) == 0)
        return lines_fail(&r->l, "lines 'symbol' must come first");
    if (!has_sequences(r) || !tally_read(&r->l, "SYMBOL:SEQUENCES", 0, chain_symbols(c) - 1,
                                         r->sequences, &c->starts, &c->n_starts))
        return false;
    for (size_t i = 0; i < c->n_starts; i++) {
        if (c->starts[i].upto - before > r->counts[c->starts[i].value])
            return lines_fail(&r->l, "symbol %u begins more sequences than it stands in",
                              c->starts[i].value);
        before = c->starts[i].upto;
    }
    return true;
}

static bool read_line(struct reader *r, enum line line)
{
    struct chain *const c = r->c;
    uint64_t order;

    if (line != LINE_CONTEXT && r->seen & (1U << LINE_CONTEXTS))
        return lines_fail(&r->l, "'%s' after 'contexts'", line_names[line]);
    if (line < LINE_SYMBOL && r->seen & (1U << line))
        return lines_fail(&r->l, "'%s' stands twice", line_names[line]);
    switch (line) {
    case LINE_MADE:
        return lines_rest(&r->l, "text", &c->made);
    case LINE_COLUMN:
        return lines_rest(&r->l, "column's name", &c->column);
    case LINE_ORDER:
        if (!lines_u64(&r->l, "order", 0, CHAIN_MAX_ORDER, &order) || !lines_done(&r->l))
            return false;
        c->order = (unsigned)order;
        return true;
    case LINE_ESCAPE:
        return read_escape(r);
    case LINE_SMOOTHING:
        return lines_f64(&r->l, "smoothing", 0, CHAIN_MAX_SMOOTHING, &c->smoothing) &&
               lines_done(&r->l);
    case LINE_SEQUENCES:
        return read_sequences(r);
    case LINE_LENGTHS:
        return has_sequences(r) &&
               tally_read_lengths(&r->l, r->sequences, r->total, &c->lengths, &c->n_lengths);
    case LINE_START:
        return read_start(r);
    case LINE_CONTEXTS:
        return read_contexts(r);
    case LINE_SYMBOL:
        return read_symbol(r);
    case LINE_CONTEXT:
        return read_context(r);
    case LINE_COUNT:
        break;
    }
    return false;
}

static bool read_lines(struct reader *r)
{
    bool cut;

    while (lines_next(&r->l, &cut)) {
        if (cut)
            return lines_fail(&r->l, "the file ends in the middle of this line");
        const struct span word = lines_word(&r->l);
        unsigned line = 0;
        while (line < LINE_COUNT && !span_is(word, line_names[line]))
            line++;
        if (line == LINE_COUNT)
            return lines_fail(&r->l, "unknown line '%.*s'", shown(word), word.p);
        if (!read_line(r, (enum line)line))
            return false;
        r->seen |= 1U << line;
    }
    return true;
}

static bool check_whole(struct reader *r)
{
    uint32_t bad;

    for (unsigned line = 0; line < LINE_COUNT; line++)
        if (!(r->seen & (1U << line)))
            return err_set(r->l.e, "%s: there is no line '%s'", r->l.name, line_names[line]);
    if (r->c->n_contexts != r->contexts)
        return err_set(r->l.e, "%s: the file ends after %zu of %llu contexts", r->l.name,
                       r->c->n_contexts, (unsigned long long)r->contexts);
    if (!chain_close(r->c, &bad))
        return err_set(r->l.e,
                       "%s: context %u, counted from 0, comes more often than others let it",
                       r->l.name, bad);
    return true;
}

struct chain *chain_read_memory(const void *p, size_t n, const char *name, struct err *e)
{
    struct reader r = {.l = lines_new(p, n, name, e), .c = chain_new()};
    const bool ok =
        lines_begin(&r.l, "weir-markov 1", "a chain") && read_lines(&r) && check_whole(&r);
    free(r.counts);
    if (ok)
        return r.c;
    chain_free(r.c);
    return NULL;
}

struct chain *chain_read(const char *path, struct err *e)
{
    size_t n;
    char *const text = file_read(path, &n, e);
    struct chain *const c = text ? chain_read_memory(text, n, file_name(path), e) : NULL;

    free(text);
    return c;
}
