/* How sending went, for people and for programs. */
#ifndef TRAFGEN_LIVE_REPORT_H
#define TRAFGEN_LIVE_REPORT_H

#include "cli.h"
#include "err.h"
#include "options.h"
#include "out.h"
#include "transmit.h"

#include <stdbool.h>
#include <stdint.h>

/* "N packets TEXT", where N > 0. */
void live_report_cause(const struct cli_shared_values *v, uint64_t n, const char *text);

/* Packets that were not sent, or not as they were, by cause; packets, rates and lateness. */
void live_report_say(const struct transmit_report *r, const struct options *o);

/* The same as a table of metrics and values, CSV unless asked otherwise; closes the output. False
 * with *e. */
bool live_report_write(const struct transmit_report *r, const struct options *o, struct out *out,
                       struct err *e);

#endif
