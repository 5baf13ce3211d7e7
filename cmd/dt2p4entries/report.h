/* What the tables take on a switch, and the list of classes. */
#ifndef WEIR_DT2P4ENTRIES_REPORT_H
#define WEIR_DT2P4ENTRIES_REPORT_H

#include "entries.h"
#include "out.h"

/* TSV, a line a table and their total: table, match, entries, key_bits, tcam_entries, tcam_bits.
 * TCAM entries are those after every range has been replaced by prefixes; TCAM bits are that times
 * the key's bits. */
void report_tables(const struct entries *x, struct out *o);

/* TSV: number, name. */
void report_classes(const struct model *m, struct out *o);

#endif
