/* The work: every capture, frame by frame, to rows. */
#ifndef PCAP2FEAT_RUN_H
#define PCAP2FEAT_RUN_H

#include "options.h"

#include <stdbool.h>

/* Writes the table. False when a capture could not be read to its end, which has been said then;
 * everything else that fails ends the program. */
bool run(const struct options *o);

#endif
