/* The reader of entries, in every format, on any bytes, for a tree and for a forest: what it takes
 * must be tables of the model that give a verdict for any row. */
#include "entries_read.h"
#include "mem.h"
#include "model.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define HEAD                                                                                       \
    "weir-tree 1\nmade by hand\nseed 1\nrows 9\nlabel class\nweights none\n"                       \
    "feature 48 iat\nfeature 16 len\nclass 5 1 skype\nclass 4 1 web ex\n"
#define SPLIT_IAT "tree 5\nsplit 93500 iat\n split 100 len\n  leaf 1:3\n  leaf 2:2\n leaf 1:1 2:2\n"
#define SPLIT_LEN "tree 3\nsplit 300 len\n leaf 1:5\n leaf 2:4\n"

static const char *const texts[] = {
    HEAD "trees 1\n" SPLIT_IAT,
    HEAD "trees 2\n" SPLIT_IAT SPLIT_LEN,
};

enum { N_MODELS = sizeof texts / sizeof *texts };

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Every value that the file gave, and none that it did not. */
static void check_values(const struct entry_table *t)
{
    for (size_t i = 0; i < t->n * t->n_params; i++) {
        const unsigned bits = t->params[i % t->n_params].bits;
        require(bits == 64 || t->values[i] >> bits == 0);
    }
}

static void check_verdicts(const struct entries *x, const struct model *m)
{
    static const uint64_t rows[][2] = {
        {0, 0}, {93500, 100}, {93501, 101}, {UINT64_MAX, UINT64_MAX}};
    uint64_t *const slots = mem_zero(x->n_slots + 1, sizeof *slots);
    uint64_t *const sums = mem_zero(m->n_classes, sizeof *sums);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        require(entries_verdict(x, rows[i], slots, sums) <= m->n_classes);
    free(slots);
    free(sums);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct model *models[N_MODELS]; /* read once; reachable to the end */
    struct err e = {""};

    if (size < 1)
        return 0;
    /* The first byte chooses the model and, in half of the cases, the format. */
    const unsigned choice = data[0] - (unsigned)'0';
    const size_t which = choice % N_MODELS;
    const enum entries_format format = (enum entries_format)(choice / N_MODELS % 12);
    if (!models[which])
        models[which] = model_read_memory(texts[which], strlen(texts[which]), "model", &e);
    const struct model *const m = models[which];
    require(m != NULL);
    struct entries *const x = entries_read_memory(
        data + 1, size - 1, "input", format < FORMAT_COUNT ? format : FORMAT_COUNT, m, NULL, &e);
    if (!x) {
        require(e.text[0] && !strchr(e.text, '\n'));
        return 0;
    }
    require(x->n_classes == m->n_classes && x->n_tables >= m->n_trees);
    for (size_t i = 0; i < x->n_tables; i++)
        check_values(&x->tables[i]);
    check_verdicts(x, m);
    entries_free(x);
    return 0;
}
