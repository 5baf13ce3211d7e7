/* What the operand is: told by its first line. */
#ifndef TRAFGEN_INPUT_H
#define TRAFGEN_INPUT_H

#include "options.h"
#include "packets.h"
#include "packets_table.h"

/* The packets of o->file, limited as the options say. NULL with *e. A model without any limit is a
 * usage error, unless `endless` packets will do; so are options that its kind does not know.
 *
 * It is opened and read in the sandbox, which this enters: what else is needed must be open, but
 * for these needs. Afterwards no file can be opened any more. */
struct packets *input_open(const struct options *o, unsigned needs, bool endless,
                           struct packets_table_facts *facts, struct err *e);

#endif
