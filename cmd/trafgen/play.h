/* Packets sent live, and what is said about it. */
#ifndef TRAFGEN_PLAY_H
#define TRAFGEN_PLAY_H

#include "err.h"
#include "options.h"
#include "packets_table.h"

#include <stdbool.h>

/* Sends the packets of o->file, or those of the capture o->replay. Says on standard error how it
 * went. False with *e. */
bool play(const struct options *o, struct packets_table_facts *facts, struct err *e);

#endif
