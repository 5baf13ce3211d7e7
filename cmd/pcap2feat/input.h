/* Frames of all that is read: files, one after another or merged by time, or interfaces. */
#ifndef PCAP2FEAT_INPUT_H
#define PCAP2FEAT_INPUT_H

#include "capture.h"
#include "err.h"
#include "options.h"

#include <stdbool.h>
#include <stddef.h>

enum input_status {
    INPUT_FRAME,
    INPUT_IDLE, /* live only: no packet came for a while */
    INPUT_END,
};

/* begin(): frames of that origin may follow; where it returns false with *e, they are not read.
 * end(): what was read as one capture has ended. */
struct input_calls {
    bool (*begin)(void *context, uint32_t origin, struct err *e);
    void (*end)(void *context);
    void *context;
};

struct input;

/* Opens what is read at the same time: interfaces, before privileges go, and files to be merged; or
 * else the first file. The options must outlive it. NULL with *e, where an interface can't be
 * opened; files are told and counted. Freed with input_free(). */
struct input *input_open(const struct options *o, const struct input_calls *calls, struct err *e);
void input_free(struct input *in);

/* Before the first frame: the clock of --duration starts, and signals end a live input from now
 * on. False with *e. */
bool input_start(struct input *in, struct err *e);

/* The next frame, with its origin. A capture that can't be read (to its end) is told on standard
 * error and counted, and what else there is is still read. */
enum input_status input_next(struct input *in, struct frame *f);

/* No more frames are wanted, or there are none: calls end() where a capture is under way. */
void input_finish(struct input *in);

/* Live: what the kernel counted of an interface, until input_free(). False where it does not. */
bool input_counts(const struct input *in, size_t origin, struct tap_counts *counts);

/* Captures that could not be read to their end. */
size_t input_failed(const struct input *in);

#endif
