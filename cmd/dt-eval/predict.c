#include "predict.h"

#include "mem.h"
#include "num.h"

#include <stdlib.h>
#include <string.h>

struct predictor {
    const struct options *options;
    struct input *in;
    struct out *out;
    struct table_writer *writer;
    bool as_read;         /* the output's format is the input's: rows pass as they stand */
    uint64_t *sums;       /* of votes, a class each */
    uint32_t *tree_votes; /* likewise, of a single tree */
    char *votes;          /* text */
    size_t votes_cap;
};

static void before_read(void *predictor)
{
    struct predictor *const p = predictor;

    (void)out_flush(p->out); /* a failure is kept, and out_close() tells it */
}

/* The current row (or the header) without its line end. */
static void put_row(struct predictor *p, const struct table *t, bool header)
{
    if (p->as_read) {
        table_put_raw(p->writer, table_raw(t));
        return;
    }
    for (size_t i = 0; i < table_width(t); i++)
        if (header)
            table_put_text(p->writer, table_name(t, i));
        else
            table_put(p->writer, table_field(t, i));
}

/* "1:612 3:153": class number and votes, as leaves stand in a model file. */
static void put_votes(struct predictor *p)
{
    const size_t most = 2 * NUM_U64_MAX + 2;
    const size_t n_classes = p->in->model->n_classes;
    size_t used = 0;

    for (size_t c = 0; c < n_classes; c++) {
        if (p->sums[c] == 0)
            continue;
        p->votes = mem_grow(p->votes, &p->votes_cap, used + most, 1);
        char *to = p->votes + used;
        if (used > 0)
            *to++ = ' ';
        to = num_put_u64(to, c + 1);
        *to++ = ':';
        used = (size_t)(num_put_u64(to, p->sums[c]) - p->votes);
    }
    table_put(p->writer, (struct span){p->votes, used});
}

static bool check_names(const struct predictor *p, struct err *e)
{
    const struct table *const t = p->in->table;
    const char *const name = p->options->predicted;

    if (table_find(t, name) != TABLE_NONE)
        return err_set(e, "%s:1: there is a column '%s' already (--predict=NAME names the new one)",
                       table_path(t), name);
    if (p->options->votes && (table_find(t, "votes") != TABLE_NONE || strcmp(name, "votes") == 0))
        return err_set(e, "%s:1: there is a column 'votes' already", table_path(t));
    return true;
}

static void put_header(struct predictor *p)
{
    put_row(p, p->in->table, true);
    table_put_text(p->writer, p->options->predicted);
    if (p->options->votes)
        table_put_text(p->writer, "votes");
    table_end_row(p->writer);
}

/* The votes of a single tree, which model_predict() does not need to count. */
static void count_tree_votes(struct predictor *p)
{
    const struct model *const m = p->in->model;
    const struct tree *const t = &m->trees[0];

    model_votes(m, t, tree_leaf_of(t, p->in->values), p->tree_votes);
    for (size_t c = 0; c < m->n_classes; c++)
        p->sums[c] = p->tree_votes[c];
}

static bool predict_rows(struct predictor *p, struct err *e)
{
    const struct model *const m = p->in->model;
    enum table_status status;

    put_header(p);
    while ((status = input_next(p->in, e)) == TABLE_ROW) {
        const uint32_t class = model_predict(m, p->in->values, p->sums);
        put_row(p, p->in->table, false);
        table_put_text(p->writer, m->classes[class].name);
        if (p->options->votes && m->n_trees == 1)
            count_tree_votes(p);
        if (p->options->votes)
            put_votes(p);
        table_end_row(p->writer);
    }
    return status == TABLE_END;
}

bool predict_run(struct input *in, const struct options *o, struct out *out, struct err *e)
{
    const enum table_format read_as = table_format(in->table);
    const enum table_format format = o->shared->format == TABLE_AUTO ? read_as : o->shared->format;
    struct predictor p = {
        .options = o,
        .in = in,
        .out = out,
        .writer = table_writer_new(out, format),
        .as_read = format == read_as,
        .sums = mem_zero(in->model->n_classes, sizeof(uint64_t)),
        .tree_votes = mem_zero(in->model->n_classes, sizeof(uint32_t)),
    };

    table_before_read(in->table, before_read, &p);
    const bool ok = check_names(&p, e) && predict_rows(&p, e);
    if (ok)
        input_note(in, o);
    table_writer_free(p.writer);
    free(p.sums);
    free(p.tree_votes);
    free(p.votes);
    return ok;
}
