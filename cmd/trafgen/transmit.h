/* Frames sent when they are due. */
#ifndef TRAFGEN_TRANSMIT_H
#define TRAFGEN_TRANSMIT_H

#include "ahead.h"
#include "err.h"
#include "frames.h"
#include "lateness.h"

#include <stdbool.h>
#include <stdint.h>

/* What happens to a packet that is late by more than the limit. */
enum late_policy {
    LATE_SEND,  /* it is sent at once; those after it keep their times */
    LATE_DROP,  /* it is not sent */
    LATE_SHIFT, /* it is sent at once, and everything after it moves by as much */
};

struct transmit_options {
    const char *interface; /* NULL: only with dry_run */
    double speed;          /* > 0; 2: twice as fast as the frames' times say */
    uint64_t rounds;       /* 0: for ever */
    bool has_gap;
    uint64_t gap; /* between rounds, ns of the frames' times; else the mean gap */
    enum late_policy late;
    uint64_t late_limit; /* ns */
    /* 0..1: for a delay within the limit, a gap is at most so much shorter; for one of up to 30 us,
     * so much of 0.1 ms. */
    double catch_up;
    bool realtime; /* before all other processes, in locked memory */
    bool dry_run;  /* on a simulated clock, and nothing is sent */
    uint64_t cost; /* ns that sending a packet takes on it */
};

struct transmit_report {
    uint64_t packets, bytes;             /* sent */
    uint64_t late;                       /* packets beyond the limit, whatever became of them */
    uint64_t dropped_late;               /* not sent for that */
    uint64_t dropped_full;               /* not sent: the interface's queue was full */
    uint64_t moved;                      /* ns that the schedule moved by */
    uint64_t scheduled, scheduled_bytes; /* packets that came up, sent or not */
    uint64_t asked_ns;                   /* from the first to the last of them, by the schedule */
    uint64_t took_ns;                    /* from the first to the last sent, by the clock */
    struct lateness lateness;            /* of packets sent, when they are handed over */
    struct lateness sending;             /* handing them over, ns each */
    struct ahead_counts not_sent;
    uint32_t mtu; /* of the interface */
};

struct transmit;

/* Opens the interface. NULL with *e. The options must outlive it. */
struct transmit *transmit_open(const struct transmit_options *o, struct err *e);

/* Makes frames ahead, with the priority that is asked for; these are its own until
 * transmit_close(). False with *e: no permission for `realtime`. */
bool transmit_start(struct transmit *t, struct frames *f, struct err *e);

/* Until the frames end or stop_asked(). False with *e; the report is valid all the same. */
bool transmit_run(struct transmit *t, struct transmit_report *r, struct err *e);

/* May wait for frames that wait for their input. NULL is allowed. */
void transmit_close(struct transmit *t);

#endif
