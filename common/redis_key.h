/* How rows lie in Redis: what feat2redis writes and redis2feat reads. weir-formats(5) tells it. */
#ifndef WEIR_REDIS_KEY_H
#define WEIR_REDIS_KEY_H

#include "table.h"
#include "textbuf.h"

#include <stdbool.h>
#include <stddef.h>

/* Fields of a hash or an entry beside the columns. */
#define REDIS_FIELD_RUN ":run" /* what the row's run of feat2redis is called */
#define REDIS_FIELD_ROW ":row" /* the row's number in it, from 1 */
#define REDIS_FIELD_RAW                                                                            \
    ":raw" /* the row as it stood, where the fields alone don't tell its quotes */

/* How the key of a row's hash is made: text with {COLUMN} in it, which does not begin with a
 * column. COLUMN, or COLUMN,COLUMN…, alone is short for "COLUMN:{COLUMN}:{COLUMN}…" with the first
 * column's name in front. */
struct redis_key;

/* NULL with *e when the template is wrong. Freed with redis_key_free(). */
struct redis_key *redis_key_new(const char *template, struct err *e);
void redis_key_free(struct redis_key *k);

/* The text before the first column: with "columns" after it, it names the list of the columns. */
const char *redis_key_base(const struct redis_key *k);

/* Finds the columns in a table. False with *e, which suggests another where one is missing. */
bool redis_key_bind(struct redis_key *k, const struct table *t, struct err *e);

/* Puts the key of the table's row. False with *e where a column of it is empty, or where the key
 * is one that describes the rows. */
bool redis_key_put(const struct redis_key *k, const struct table *t, struct textbuf *to,
                   struct err *e);

#endif
