#include "play.h"

#include "frames.h"
#include "live_report.h"
#include "mem.h"
#include "replay.h"
#include "stop.h"
#include "synth.h"
#include "transmit.h"

#include <stdlib.h>

/* What the frames counted, whichever kind they are. */
struct counts {
    struct synth_counts synth;
    struct replay_counts replay;
};

static struct frames *frames_of(struct packets *p, const struct options *o, struct counts *n,
                                struct err *e)
{
    const struct replay_limits limits = {o->count, o->duration};

    if (p)
        return synth_new(p, &o->plan, o->shared->seed, &n->synth, e);
    return replay_new(o->replay, &limits, o->transmit.rounds != 1, &n->replay, e);
}

static void remark(const struct options *o, const struct counts *n)
{
    live_report_cause(o->shared, n->replay.other_link, "not sent: not Ethernet");
    live_report_cause(o->shared, n->replay.backwards,
                      "whose time runs backwards: sent right after the one before");
    live_report_cause(o->shared, n->synth.raised, "raised to the length of their headers");
}

/* Frames that end in a fault have a report, too. False with *e. */
static bool run(struct transmit *t, struct transmit_report *r, const struct options *o,
                struct err *e)
{
    const bool ran = transmit_run(t, r, e);
    struct err why;

    live_report_say(r, o);
    if (o->report && !live_report_write(r, o, &why)) {
        if (ran)
            *e = why;
        return false;
    }
    return ran;
}

bool play(struct packets *p, const struct options *o, struct err *e)
{
    struct counts counts = {0};
    struct frames *const frames = frames_of(p, o, &counts, e);

    if (!frames)
        return false;
    struct transmit *const t = stop_watch(e) ? transmit_open(frames, &o->transmit, e) : NULL;
    struct transmit_report *const r = mem_zero(1, sizeof *r);
    bool ok = t && run(t, r, o, e);
    /* The counts are still: nobody makes frames any more. */
    transmit_close(t);
    frames_free(frames);
    remark(o, &counts);
    if (ok && r->scheduled == 0 && !stop_asked())
        ok = err_set(e, "%s: no packet to send", o->replay ? o->replay : "the series");
    free(r);
    return ok;
}
