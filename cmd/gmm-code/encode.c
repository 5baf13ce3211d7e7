#include "encode.h"

#include "blur.h"
#include "feature.h"
#include "mem.h"

#include <stdlib.h>

struct encoder {
    const struct gmm *m;
    struct table *t;
    struct table_writer *writer;
    bool as_read; /* the output's format is the input's: rows pass as they stand */
    size_t dir, len, iat;
    struct out *out;
    struct gauss2_set *sets[2]; /* of the model's mixtures */
    struct blurs blurs;         /* of the model's clock */
    double *scratch;
};

static bool find_columns(struct encoder *c, struct err *e)
{
    const char *const token = feature_at(F_TOKEN)->name;

    if (table_find(c->t, token) != TABLE_NONE)
        return err_set(e, "%s:1: there is a column '%s' already", table_path(c->t), token);
    return table_require(c->t, "dir", &c->dir, e) && table_require(c->t, "len", &c->len, e) &&
           table_require(c->t, c->m->iat_column, &c->iat, e);
}

/* The current row, or the header. */
static void put_fields(struct encoder *c, bool header)
{
    if (c->as_read) {
        table_put_raw(c->writer, table_raw(c->t));
        return;
    }
    for (size_t i = 0; i < table_width(c->t); i++)
        if (header)
            table_put_text(c->writer, table_name(c->t, i));
        else
            table_put(c->writer, table_field(c->t, i));
}

static bool encode_row(struct encoder *c, struct err *e)
{
    uint64_t dir, len, iat;
    char token[TOKEN_MAX];

    if (!table_u64(c->t, c->dir, 0, 1, &dir, e) ||
        !table_u64(c->t, c->len, 0, SERIES_MAX_LEN, &len, e) ||
        !table_u64(c->t, c->iat, 0, SERIES_MAX_IAT, &iat, e))
        return false;
    const struct gmm_mixture *const x = gmm_of(c->m, (enum series_dir)dir);
    if (!x)
        return table_fail(c->t, c->dir, e, "is %s, and the model has no mixture of that direction",
                          series_dir_name((enum series_dir)dir));
    const size_t i = gmm_component(x, c->sets[x - c->m->mixtures], series_point((uint16_t)len, iat),
                                   blurs_place(&c->blurs, iat), c->scratch);
    put_fields(c, false);
    const char *const end = token_put(token, x->dir, i);
    table_put(c->writer, (struct span){token, (size_t)(end - token)});
    table_end_row(c->writer);
    return true;
}

static bool encode_rows(struct encoder *c, uint64_t *without_time, struct err *e)
{
    enum table_status status;

    put_fields(c, true);
    table_put_text(c->writer, feature_at(F_TOKEN)->name);
    table_end_row(c->writer);
    while ((status = table_next(c->t, e)) == TABLE_ROW && !out_failed(c->out))
        if (table_field(c->t, c->iat).n == 0)
            ++*without_time;
        else if (!encode_row(c, e))
            return false;
    return status != TABLE_BAD;
}

static void before_read(void *out)
{
    (void)out_flush(out); /* a failure is kept, and out_close() tells it */
}

bool encode(const struct gmm *m, struct table *t, enum table_format format, struct out *out,
            uint64_t *without_time, struct err *e)
{
    struct encoder c = {.m = m, .t = t, .out = out, .blurs = blurs_of(m->resolution)};

    *without_time = 0;
    if (!find_columns(&c, e))
        return false;
    c.as_read = format == TABLE_AUTO || format == table_format(t);
    c.writer = table_writer_new(out, c.as_read ? table_format(t) : format);
    c.scratch = mem_alloc(gauss2_stride(GMM_MAX_COMPONENTS), sizeof *c.scratch);
    blurs_add_all(&c.blurs);
    for (size_t i = 0; i < m->n_mixtures; i++)
        c.sets[i] = gmm_set_new(&m->mixtures[i], &c.blurs);
    table_before_read(t, before_read, out);
    const bool ok = encode_rows(&c, without_time, e);
    for (size_t i = 0; i < m->n_mixtures; i++)
        gauss2_set_free(c.sets[i]);
    free(c.scratch);
    table_writer_free(c.writer);
    return ok;
}
