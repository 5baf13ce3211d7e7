/* What is said at the end about packets and flows that gave no row. */
#ifndef PCAP2FEAT_REPORT_H
#define PCAP2FEAT_REPORT_H

#include "cli.h"

#include <stdint.h>

/* "12 packets without a row: CAUSE", unless n is 0 or -q was given; what: "packet". */
void report_without(const struct cli_shared_values *v, uint64_t n, const char *what,
                    const char *cause);
void report_skipped(const struct cli_shared_values *v, uint64_t n, const char *cause);

#endif
