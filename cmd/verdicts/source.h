/* Where reports come from. Each source calls fn() for every report until it ends, is stopped
 * (SIGINT, SIGTERM, the duration), or fn() says no more. */
#ifndef VERDICTS_SOURCE_H
#define VERDICTS_SOURCE_H

#include "err.h"
#include "options.h"
#include "report.h"

#include <stdbool.h>
#include <stdint.h>

enum source_answer {
    SOURCE_MORE,
    SOURCE_ENOUGH,
    SOURCE_FAILED, /* *e is set */
};

struct source_sink {
    enum source_answer (*report)(void *context, const struct report *r);
    void (*idle)(void *context); /* nothing more for now: what is buffered may be passed on */
    void *context;
};

struct source_counts {
    uint64_t other_frames; /* frames that are no reports */
    uint64_t bad_reports;  /* reports that can't be read */
    uint64_t kernel_drops; /* frames that the kernel dropped before they were read */
};

/* Report frames in a capture file or on an interface. */
bool source_frames(const struct options *o, const struct source_sink *sink,
                   struct source_counts *counts, struct err *e);

/* The pinned ring of an XDP program. Its times, of the kernel's monotonic clock, become times since
 * the epoch. */
bool source_ring(const struct options *o, const struct source_sink *sink,
                 struct source_counts *counts, struct err *e);

/* A capture run through a pinned XDP program, a packet at a time (BPF_PROG_TEST_RUN). */
bool source_run(const struct options *o, const struct source_sink *sink,
                struct source_counts *counts, struct err *e);

#endif
