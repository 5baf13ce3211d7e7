/* Shims into the frames of a capture, or out of them. */
#ifndef PCAPSHIM_SHIMMER_H
#define PCAPSHIM_SHIMMER_H

#include "capture.h"
#include "err.h"
#include "save.h"

#include <stdbool.h>
#include <stdint.h>

struct shimmer_counts {
    uint64_t written;
    uint64_t other_link; /* neither Ethernet nor raw IP: skipped */
    uint64_t too_short;  /* no whole Ethernet header captured: skipped */
    uint64_t unshimmed;  /* strip: frames without a shim, passed on */
    uint64_t cut;        /* see save_cut() */
};

struct shimmer_options {
    bool strip, cut;
};

/* Copies all frames of `in` to `out`. The sequence number is the frame's place in its file, from 0;
 * raw IP gets an Ethernet header with addresses of zeros. With strip, shims go and their times
 * become the frames'. With cut, frames that were captured in part are written as whole frames of
 * that length. False with *e when reading or writing fails. */
bool shimmer_run(struct capture *in, struct save *out, const struct shimmer_options *o,
                 struct shimmer_counts *counts, struct err *e);

#endif
