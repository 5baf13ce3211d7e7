#include "capture.h"
#include "live.h"
#include "sandbox.h"
#include "source.h"
#include "wire.h"

#include <pcap/dlt.h>

enum { ETHERNET = 14, SNAPLEN = 65535 };

static struct capture *open_frames(const struct options *o, struct err *e)
{
    const struct tap_options tap = {
        .snaplen = SNAPLEN, .buffer = TAP_BUFFER, .immediate = true, .group = TAP_NO_GROUP};

    return o->interface ? capture_open_live(o->interface, &tap, e) : capture_open(o->file, e);
}

static enum source_answer take_frame(const struct frame *f, const struct source_sink *sink,
                                     struct source_counts *counts, struct err *e)
{
    struct report r;

    if (f->link != DLT_EN10MB || f->caplen < ETHERNET || be16(f->data + 12) != REPORT_TYPE) {
        counts->other_frames++;
        return SOURCE_MORE;
    }
    if (!report_get(f->data + ETHERNET, f->caplen - ETHERNET, &r, e)) {
        counts->bad_reports++;
        return SOURCE_MORE;
    }
    return sink->report(sink->context, &r);
}

bool source_frames(const struct options *o, const struct source_sink *sink,
                   struct source_counts *counts, struct err *e)
{
    struct capture *const c = open_frames(o, e);
    enum source_answer answer = SOURCE_MORE;
    enum capture_status status = CAPTURE_FRAME;
    struct tap_counts kernel;

    if (!c || (o->interface && !live_watch(&c, 1, o->duration, e)) ||
        !sandbox_enter(o->shared, sandbox_for_output(o->shared->output), e)) {
        capture_close(c);
        return false;
    }
    while (answer == SOURCE_MORE && status != CAPTURE_END && status != CAPTURE_BAD) {
        struct frame f;
        status = capture_next(c, &f, e);
        if (status == CAPTURE_FRAME)
            answer = take_frame(&f, sink, counts, e);
        else if (status == CAPTURE_IDLE)
            sink->idle(sink->context);
    }
    if (o->interface) {
        if (capture_counts(c, &kernel))
            counts->kernel_drops = kernel.dropped;
        live_unwatch();
    }
    capture_close(c);
    return answer != SOURCE_FAILED && status != CAPTURE_BAD;
}
