#include "fit_entries.h"

struct fit {
    struct model *model;
    uint64_t max_entries;
    const struct entries_options *encoding;
    fit_trees_fn *grow;
    void *context;
};

static uint64_t count_with(struct fit *f, size_t leaves)
{
    f->grow(f->context, f->model, leaves);
    model_close(f->model);
    return entries_count(f->model, f->encoding);
}

static size_t most_leaves(const struct model *m)
{
    size_t most = 0;

    for (size_t i = 0; i < m->n_trees; i++)
        if (m->trees[i].n_leaves > most)
            most = m->trees[i].n_leaves;
    return most;
}

bool fit_entries(struct model *m, uint64_t max_entries, const struct entries_options *encoding,
                 size_t max_leaves, fit_trees_fn *grow, void *context, struct err *e)
{
    struct fit f = {m, max_entries, encoding, grow, context};
    const uint64_t least = count_with(&f, 1);

    if (least > max_entries)
        return err_set(e, "--max-entries=%llu: one leaf a tree needs %llu already",
                       (unsigned long long)max_entries, (unsigned long long)least);
    /* Doubling first: trees much larger than what fits are slow to count. */
    size_t fits = 1, beyond = 2;
    while (beyond <= max_leaves && count_with(&f, beyond) <= max_entries) {
        fits = beyond;
        /* Trees that could have had more leaves are whole (one that merges leaves may be short of a
         * leaf or two for want of a split of that size). */
        if (m->n_trees > 1 && most_leaves(m) < beyond)
            return true;
        beyond = beyond > max_leaves / 2 ? max_leaves + 1 : 2 * beyond;
    }
    while (beyond - fits > 1) {
        const size_t middle = fits + (beyond - fits) / 2;
        if (count_with(&f, middle) <= max_entries)
            fits = middle;
        else
            beyond = middle;
    }
    for (size_t i = 0; i < FIT_LOOK && beyond < max_leaves; i++)
        if (count_with(&f, ++beyond) <= max_entries)
            fits = beyond;
    (void)count_with(&f, fits);
    return true;
}
