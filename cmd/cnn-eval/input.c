#include "input.h"

#include "mem.h"

#include <stdlib.h>

bool input_open(struct input *in, const struct options *o, struct err *e)
{
    *in = (struct input){.options = o, .model = cnn_read(o->model, e)};
    if (!in->model)
        return false;
    if (o->categories && !(in->categories = class_map_read(o->categories, e)))
        return false;
    in->table = table_open(o->file, e);
    if (!in->table ||
        !batch_open(&in->batch, in->model, in->table, o->unknown != NULL, o->shared->threads, e))
        return false;
    in->raw = mem_alloc(in->batch.most, sizeof *in->raw);
    if (!o->unknown)
        return true;
    in->unknown = collect_open(o->unknown, in->table, in->model->unknown.hidden, e);
    return in->unknown != NULL;
}

bool input_close(struct input *in, struct err *e)
{
    const bool ok = collect_close(in->unknown, e);

    if (in->batch.pool)
        batch_close(&in->batch);
    free(in->raw);
    table_close(in->table);
    class_map_free(in->categories);
    cnn_free(in->model);
    return ok;
}

enum table_status input_next(struct input *in, struct err *e)
{
    const enum table_status status = table_next(in->table, e);

    if (status != TABLE_ROW)
        return status;
    in->raw[in->batch.n] = table_raw(in->table);
    return batch_add(&in->batch, in->table, e) ? TABLE_ROW : TABLE_BAD;
}

uint32_t input_verdict(const struct input *in, const struct cnn_answer *a)
{
    return a->novelty > 1 && !in->options->closed ? (uint32_t)in->model->n_classes : a->class;
}

bool input_ask(struct input *in, struct err *e)
{
    const struct batch *const b = &in->batch;
    const size_t hidden = in->model->unknown.hidden;

    if (!batch_ask(&in->batch, e))
        return false;
    if (!in->unknown)
        return true;
    for (size_t i = 0; i < b->n; i++)
        if (b->answers[i].novelty > 1)
            collect_row(in->unknown, in->raw[i], b->hidden + i * hidden);
    return collect_flush(in->unknown, e);
}
