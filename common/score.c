#include "score.h"

#include "intern.h"
#include "mem.h"

#include <stdlib.h>

struct margin {
    uint64_t support, predicted, right;
};

struct score {
    struct intern *names;
    struct margin *margins; /* a class each */
    size_t cap_margins;
    struct score_cell *slots; /* a hash table; rows 0: free; a power of two, at most half full */
    size_t n_slots, n_cells;
    uint64_t rows, right;
};

struct score *score_new(void)
{
    struct score *const s = mem_zero(1, sizeof *s);

    s->names = intern_new();
    s->n_slots = 64;
    s->slots = mem_zero(s->n_slots, sizeof *s->slots);
    return s;
}

struct score *score_new_like(const struct score *s)
{
    struct score *const new = score_new();

    for (uint32_t c = 0; c < score_classes(s); c++) {
        const char *const name = score_name(s, c);
        (void)score_class(new, span_of(name));
    }
    return new;
}

void score_free(struct score *s)
{
    if (!s)
        return;
    intern_free(s->names);
    free(s->margins);
    free(s->slots);
    free(s);
}

uint32_t score_class(struct score *s, struct span name)
{
    const size_t before = intern_count(s->names);
    const uint32_t class = intern_add(s->names, name);

    if (class == before) {
        s->margins = mem_grow(s->margins, &s->cap_margins, before + 1, sizeof *s->margins);
        s->margins[class] = (struct margin){0};
    }
    return class;
}

size_t score_classes(const struct score *s)
{
    return intern_count(s->names);
}

const char *score_name(const struct score *s, uint32_t class)
{
    return intern_text(s->names, class);
}

/* Where a cell is or would go. Most cells are asked for again and again, and there are few. */
static size_t find_slot(const struct score_cell *slots, size_t n_slots, uint32_t truth,
                        uint32_t predicted)
{
    const uint64_t key = (uint64_t)truth << 32 | predicted;
    size_t i = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (n_slots - 1);

    while (slots[i].rows && (slots[i].truth != truth || slots[i].predicted != predicted))
        i = (i + 1) & (n_slots - 1);
    return i;
}

static void grow(struct score *s)
{
    const size_t n = 2 * s->n_slots;
    struct score_cell *const slots = mem_zero(n, sizeof *slots);

    for (size_t i = 0; i < s->n_slots; i++)
        if (s->slots[i].rows)
            slots[find_slot(slots, n, s->slots[i].truth, s->slots[i].predicted)] = s->slots[i];
    free(s->slots);
    s->slots = slots;
    s->n_slots = n;
}

void score_add(struct score *s, uint32_t truth, uint32_t predicted, uint64_t rows)
{
    if (rows == 0)
        return;
    s->rows += rows;
    s->margins[truth].support += rows;
    if (predicted != SCORE_NONE)
        s->margins[predicted].predicted += rows;
    if (truth == predicted) {
        s->right += rows;
        s->margins[truth].right += rows;
    }
    if (2 * (s->n_cells + 1) > s->n_slots)
        grow(s);
    struct score_cell *const cell = &s->slots[find_slot(s->slots, s->n_slots, truth, predicted)];
    s->n_cells += cell->rows == 0;
    *cell = (struct score_cell){truth, predicted, cell->rows + rows};
}

uint64_t score_rows(const struct score *s)
{
    return s->rows;
}

uint64_t score_right(const struct score *s)
{
    return s->right;
}

static double ratio(uint64_t part, uint64_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

double score_accuracy(const struct score *s)
{
    return ratio(s->right, s->rows);
}

struct class_score score_of(const struct score *s, uint32_t class)
{
    const struct margin m = s->margins[class];

    return (struct class_score){
        .support = m.support,
        .predicted = m.predicted,
        .right = m.right,
        .precision = ratio(m.right, m.predicted),
        .recall = ratio(m.right, m.support),
        .f1 = ratio(2 * m.right, m.support + m.predicted),
    };
}

double score_macro_f1(const struct score *s)
{
    const size_t n = score_classes(s);
    double sum = 0;
    uint64_t occurring = 0;

    for (uint32_t c = 0; c < n; c++) {
        const struct class_score figures = score_of(s, c);
        if (figures.support + figures.predicted == 0)
            continue;
        occurring++;
        sum += figures.f1;
    }
    return occurring ? sum / (double)occurring : 0;
}

double score_constant_accuracy(const struct score *s, uint32_t class)
{
    return ratio(s->margins[class].support, s->rows);
}

double score_constant_macro_f1(const struct score *s, uint32_t class)
{
    const uint64_t right = s->margins[class].support;
    uint64_t occurring = right == 0; /* as a prediction */

    for (size_t c = 0; c < score_classes(s); c++)
        occurring += s->margins[c].support > 0;
    return s->rows ? ratio(2 * right, right + s->rows) / (double)occurring : 0;
}

uint32_t score_commonest(const struct score *s)
{
    uint32_t best = 0;

    for (uint32_t c = 1; c < score_classes(s); c++)
        if (s->margins[c].support > s->margins[best].support)
            best = c;
    return best;
}

uint64_t score_cell(const struct score *s, uint32_t truth, uint32_t predicted)
{
    return s->slots[find_slot(s->slots, s->n_slots, truth, predicted)].rows;
}

static int by_place(const void *a, const void *b)
{
    const struct score_cell *const x = a, *const y = b;

    if (x->truth != y->truth)
        return x->truth < y->truth ? -1 : 1;
    return x->predicted < y->predicted ? -1 : x->predicted > y->predicted;
}

struct score_cell *score_cells(const struct score *s, size_t *n)
{
    struct score_cell *const cells = mem_alloc(s->n_cells, sizeof *cells);

    *n = 0;
    for (size_t i = 0; i < s->n_slots; i++)
        if (s->slots[i].rows)
            cells[(*n)++] = s->slots[i];
    qsort(cells, *n, sizeof *cells, by_place);
    return cells;
}
