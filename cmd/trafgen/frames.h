/* Ethernet frames in order of time, whatever makes them: what is written to a capture or sent. */
#ifndef TRAFGEN_FRAMES_H
#define TRAFGEN_FRAMES_H

#include "capture.h"
#include "err.h"

#include <stdbool.h>

struct frames;

/* What a kind of frames does; `self` is its own state. */
struct frames_kind {
    /* CAPTURE_FRAME, CAPTURE_END or CAPTURE_BAD with *e. f->data stays valid until the next call;
     * f->ts never runs backwards; f->link is DLT_EN10MB. */
    enum capture_status (*next)(void *self, struct frame *f, struct err *e);

    /* Back to the first frame: the same frames come once more. False with *e. */
    bool (*rewind)(void *self, struct err *e);
    void (*free)(void *self);
};

/* Takes self over. The kind must outlive it. Freed with frames_free(). */
struct frames *frames_new(const struct frames_kind *kind, void *self);
void frames_free(struct frames *f); /* NULL is allowed */

enum capture_status frames_next(struct frames *f, struct frame *frame, struct err *e);
bool frames_rewind(struct frames *f, struct err *e);

#endif
