/* A table of labelled flows: which class a packet has by its addresses, ports, protocol and time.
 */
#ifndef WEIR_LABEL_TABLE_H
#define WEIR_LABEL_TABLE_H

#include "decode.h"
#include "err.h"

#include <stddef.h>
#include <stdint.h>

enum label_match {
    LABEL_FOUND,
    LABEL_NONE,      /* no row has the packet's flow at its time */
    LABEL_AMBIGUOUS, /* rows of different classes have */
};

enum { LABEL_LONGEST = 1000 }; /* bytes of a class's name */

struct label_table;

/* Reads a table with the columns src_ip, dst_ip, src_port, dst_port, class and, if there, proto (a
 * number; empty: any), start and end (seconds since the epoch, both inclusive; empty: open). Other
 * columns are passed over. NULL with *e. Freed with label_table_free(). */
struct label_table *label_table_read(const char *path, struct err *e);
void label_table_free(struct label_table *t);

/* The classes that occur, in order of first appearance. */
size_t label_table_classes(const struct label_table *t);
const char *label_table_class(const struct label_table *t, size_t i);

/* Looks a packet up, both ways; *class is its place among the classes. */
enum label_match label_table_find(const struct label_table *t, const struct packet *p,
                                  size_t *class);

#endif
