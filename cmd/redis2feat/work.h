/* What both kinds of reading share: the rows that come out, and when it is enough. */
#ifndef REDIS2FEAT_WORK_H
#define REDIS2FEAT_WORK_H

#include "options.h"
#include "progress.h"
#include "redis.h"
#include "rows.h"

struct work {
    const struct options *o;
    struct rows *rows;
    struct progress *progress;
    struct patience patience;
    uint64_t last; /* time_now() of the last row, or of the start */
};

/* Enough rows, none for long, or a signal. */
bool work_done(const struct work *w);

/* How long to wait for rows, in ms: a second at most, so that signals and --idle are seen. */
int work_wait(const struct work *w);

/* How many rows to ask for. */
size_t work_room(const struct work *w);

/* Rows have been written: passes them on. False with *e. */
bool work_flush(struct work *w, struct err *e);

/* A lost connection, because of *e: says so, and tries to make it again. False with *e. */
bool work_come_back(struct work *w, struct redis *r, struct err *e);

/* Sets the columns by what feat2redis left at BASE"header" or BASE"columns". False with *e: no
 * connection any more, or other columns than before. Nothing there: true, and nothing changes. */
bool work_describe(struct work *w, struct redis *r, const char *base, struct err *e);

/* The text of a reply, which is one; p NULL otherwise. */
struct span reply_text(const redisReply *reply);

/* How each kind ends: at work_done(), or false with *e. Rows that were written have been passed on
 * then, and their entries acknowledged. */
bool stream_run(struct work *w, struct redis *r, struct err *e);
bool channel_run(struct work *w, struct redis *r, struct err *e);

#endif
