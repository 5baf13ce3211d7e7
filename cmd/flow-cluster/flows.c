#include "flows.h"

#include "mem.h"
#include "num.h"
#include "spool.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_WIDTH = 1024 }; /* a flow classifier has no more */

/* The columns emb_1, emb_2… into *columns, freed by the caller. */
static bool find_columns(struct flows *f, size_t **columns, struct err *e)
{
    char name[32];

    *columns = mem_alloc(MOST_WIDTH, sizeof **columns);
    for (f->width = 0; f->width < MOST_WIDTH; f->width++) {
        (void)snprintf(name, sizeof name, "emb_%zu", f->width + 1);
        const long column = table_find(f->table, name);
        if (column == TABLE_NONE)
            break;
        (*columns)[f->width] = (size_t)column;
    }
    return f->width > 0 ||
           err_set(e, "%s:1: there is no column 'emb_1' (cnn-eval --unknown=FILE writes it)",
                   table_path(f->table));
}

/* A number of an embedding: the network's are floats. */
static bool get_number(const struct table *t, size_t column, double *x, struct err *e)
{
    const struct span field = table_field(t, column);
    const enum num_status status = num_f64(field.p, field.n, x);

    if (status == NUM_EMPTY)
        return table_fail(t, column, e, "is empty");
    if (status != NUM_OK)
        return table_fail(t, column, e, "is not a number");
    return fabs(*x) <= (double)FLT_MAX || table_fail(t, column, e, "is out of range");
}

static bool read_rows(struct flows *f, const size_t *columns, struct err *e)
{
    enum table_status status;
    size_t cap = 0;

    while ((status = table_next(f->table, e)) == TABLE_ROW) {
        f->embeddings = mem_grow(f->embeddings, &cap, (f->n + 1) * f->width, sizeof *f->embeddings);
        for (size_t i = 0; i < f->width; i++)
            if (!get_number(f->table, columns[i], &f->embeddings[f->n * f->width + i], e))
                return false;
        hints_row(f->hints, f->table);
        f->n++;
    }
    if (status == TABLE_END && f->n == 0)
        return err_set(e, "%s: has no rows to cluster", table_path(f->table));
    return status == TABLE_END;
}

bool flows_read(struct flows *f, const char *path, struct err *e)
{
    size_t *columns = NULL;

    *f = (struct flows){.table = spool_table(path, e)};
    if (!f->table)
        return false;
    f->hints = hints_new(f->table);
    const bool ok = find_columns(f, &columns, e) && read_rows(f, columns, e);
    free(columns);
    return ok;
}

void flows_free(struct flows *f)
{
    hints_free(f->hints);
    table_close(f->table);
    free(f->embeddings);
}
