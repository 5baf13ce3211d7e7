#include "tokens.h"

#include "feature.h"
#include "mem.h"

#include <stdlib.h>

struct reader {
    struct table *t;
    const struct gmm *m;
    size_t token;
    long flow; /* column, or TABLE_NONE */
    size_t cap;
    struct tokens *k;
};

static bool read_row(struct reader *r, struct err *e)
{
    struct tokens *const k = r->k;
    enum series_dir dir;
    size_t component;

    if (!token_parse(table_field(r->t, r->token), &dir, &component))
        return table_fail(r->t, r->token, e, "is no token (such as f12)");
    const struct gmm_mixture *const x = gmm_of(r->m, dir);
    if (!x)
        return table_fail(r->t, r->token, e,
                          "is %s, and the model has no mixture of that direction",
                          series_dir_name(dir));
    if (component >= x->k)
        return table_fail(r->t, r->token, e, "is no component of the model, which has %zu %s", x->k,
                          series_dir_name(dir));
    if (k->n == SERIES_MOST)
        return err_set(e, "%s: more than %zu tokens", table_path(r->t), SERIES_MOST);
    k->all = mem_grow(k->all, &r->cap, k->n + 1, sizeof *k->all);
    k->all[k->n++] = (struct token){
        .flow = k->flows ? intern_add(k->flows, table_field(r->t, (size_t)r->flow)) : 0,
        .component = (uint16_t)component,
        .dir = (uint8_t)dir,
    };
    return true;
}

static bool read_rows(struct reader *r, struct err *e)
{
    enum table_status status;

    while ((status = table_next(r->t, e)) == TABLE_ROW)
        if (!read_row(r, e))
            return false;
    return status == TABLE_END;
}

struct tokens *tokens_read(struct table *t, const struct gmm *m, struct err *e)
{
    struct reader r = {.t = t, .m = m, .flow = table_find(t, "flow")};

    if (!table_require(t, feature_at(F_TOKEN)->name, &r.token, e))
        return NULL;
    r.k = mem_zero(1, sizeof *r.k);
    r.k->flows = r.flow == TABLE_NONE ? NULL : intern_new();
    if (!read_rows(&r, e)) {
        tokens_free(r.k);
        return NULL;
    }
    r.k->n_flows = r.k->flows ? intern_count(r.k->flows) : 1;
    return r.k;
}

void tokens_free(struct tokens *k)
{
    free(k->all);
    intern_free(k->flows);
    free(k);
}
