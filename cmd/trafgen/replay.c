#include "replay.h"

#include "capture.h"
#include "mem.h"

#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct replay {
    char *path;
    struct capture *capture;
    struct replay_limits limits;
    struct replay_counts *counts;
    uint64_t n;           /* frames of this round */
    uint64_t first, last; /* times of this round */
};

/* The next frame that is Ethernet. */
static enum capture_status next_ethernet(struct replay *r, struct frame *f, struct err *e)
{
    enum capture_status status;

    while ((status = capture_next(r->capture, f, e)) == CAPTURE_FRAME && f->link != DLT_EN10MB)
        r->counts->other_link++;
    return status;
}

static enum capture_status replay_next(void *self, struct frame *f, struct err *e)
{
    struct replay *const r = self;

    if (r->limits.count > 0 && r->n == r->limits.count)
        return CAPTURE_END;
    const enum capture_status status = next_ethernet(r, f, e);
    if (status != CAPTURE_FRAME)
        return status;
    if (r->n == 0)
        r->first = r->last = f->ts;
    if (f->ts < r->last) {
        r->counts->backwards++;
        f->ts = r->last;
    }
    if (r->limits.duration > 0 && f->ts - r->first >= r->limits.duration)
        return CAPTURE_END;
    r->last = f->ts;
    r->n++;
    r->counts->frames++;
    return CAPTURE_FRAME;
}

static bool replay_rewind(void *self, struct err *e)
{
    struct replay *const r = self;
    struct capture *const again = capture_open(r->path, e);

    if (!again)
        return false;
    capture_close(r->capture);
    r->capture = again;
    r->n = 0;
    return true;
}

static void replay_free(void *self)
{
    struct replay *const r = self;

    capture_close(r->capture);
    free(r->path);
    free(r);
}

static const struct frames_kind kind = {replay_next, replay_rewind, replay_free};

static bool is_file(const char *path)
{
    struct stat s;

    return strcmp(path, "-") != 0 && stat(path, &s) == 0 && S_ISREG(s.st_mode);
}

struct frames *replay_new(const char *path, const struct replay_limits *limits, bool again,
                          struct replay_counts *counts, struct err *e)
{
    struct capture *const capture = capture_open(path, e);

    if (!capture)
        return NULL;
    if (again && !is_file(path)) {
        err_set(e, "%s: can be read once only: --loop wants a file", capture_path(capture));
        capture_close(capture);
        return NULL;
    }
    struct replay *const r = mem_zero(1, sizeof *r);
    r->path = mem_string(path, strlen(path));
    r->capture = capture;
    r->limits = *limits;
    r->counts = counts;
    return frames_new(&kind, r);
}
