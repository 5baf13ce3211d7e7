/* Tables to IPFIX. */
#ifndef FLOW2IPFIX_RUN_H
#define FLOW2IPFIX_RUN_H

#include "err.h"
#include "exporter.h"
#include "options.h"
#include "sink.h"

#include <stdbool.h>

struct run_counts {
    struct exporter_counts exporter;
    struct sink_counts sink;
};

/* All of it. False with *e; to a collector, the rows before one that is wrong were sent then, and
 * the counts tell of them. */
bool run(const struct options *o, struct run_counts *counts, struct err *e);

/* Writes the mapping of the table instead. */
bool run_list(const struct options *o, struct err *e);

#endif
