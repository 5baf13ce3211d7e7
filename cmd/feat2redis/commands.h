/* Rows to the commands that put them into Redis. */
#ifndef FEAT2REDIS_COMMANDS_H
#define FEAT2REDIS_COMMANDS_H

#include "options.h"
#include "resp.h"
#include "table.h"

struct commands;

/* How many commands a row takes, and which of them is PUBLISH, from 0 (-1: none). */
struct shape {
    size_t commands;
    long publish;
};

/* The options and the table must outlive it. NULL with *e when a column of the key is missing, or
 * when the table has one whose name is the tool's own. Freed with commands_free(). */
struct commands *commands_new(const struct options *o, const struct table *t, struct err *e);
void commands_free(struct commands *c);

struct shape commands_shape(const struct commands *c);

/* Appends what tells the columns; returns how many commands that is. */
size_t commands_describe(struct commands *c, struct textbuf *to);

/* Appends the table's row, one batch's or the next's; false with *e when it has no key. */
bool commands_row(struct commands *c, struct textbuf *to, struct err *e);

#endif
