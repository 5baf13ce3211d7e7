#include "draws.h"

#include <string.h>

void draws_free(struct draws *d)
{
    d->kind->free(d->model);
}

void draws_add_part(struct draws *d, enum series_dir dir, uint64_t packets)
{
    d->dirs[d->n_parts] = dir;
    d->packets[d->n_parts++] = packets;
}

bool draws_set_clock(struct draws *d, const char *iat_column, const char *name, struct err *e)
{
    d->one_clock = strcmp(iat_column, "iat") == 0;
    return d->one_clock || strcmp(iat_column, "dir_iat") == 0 ||
           err_set(e,
                   "%s: learnt from a column '%s', and times of packets come from iat or dir_iat",
                   name, iat_column);
}
