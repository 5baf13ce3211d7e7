/* What the operand is: told by its first line. */
#ifndef TRAFGEN_INPUT_H
#define TRAFGEN_INPUT_H

#include "options.h"
#include "packets.h"
#include "packets_table.h"

/* The packets of o->file, limited as the options say. NULL with *e. A model without any limit is a
 * usage error, unless `endless` packets will do; so are options that its kind does not know. */
struct packets *input_open(const struct options *o, bool endless, struct packets_table_facts *facts,
                           struct err *e);

#endif
