/* The frames of a capture, with its own times: those of Ethernet link type. */
#ifndef TRAFGEN_REPLAY_H
#define TRAFGEN_REPLAY_H

#include "err.h"
#include "frames.h"

#include <stdbool.h>
#include <stdint.h>

/* What happened so far, in all rounds. */
struct replay_counts {
    uint64_t frames;
    uint64_t other_link; /* left out: not Ethernet */
    uint64_t backwards;  /* before the frame in front of them: given its time */
};

struct replay_limits {
    uint64_t count;    /* frames a round; 0: no limit */
    uint64_t duration; /* frames so many ns after the first, or more, end a round; 0: no limit */
};

/* Any capture that capture_open() takes. The counts must outlive the frames. With `again`, frames
 * can be rewound, so standard input and pipes are refused. NULL with *e. */
struct frames *replay_new(const char *path, const struct replay_limits *limits, bool again,
                          struct replay_counts *counts, struct err *e);

#endif
