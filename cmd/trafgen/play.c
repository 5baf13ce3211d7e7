#include "play.h"

#include "frames.h"
#include "input.h"
#include "live_report.h"
#include "mem.h"
#include "replay.h"
#include "sandbox.h"
#include "stop.h"
#include "synth.h"
#include "transmit.h"

#include <stdlib.h>

/* What the frames counted, whichever kind they are. */
struct counts {
    struct synth_counts synth;
    struct replay_counts replay;
};

/* What sending needs in the sandbox. */
static unsigned needs_of(const struct options *o)
{
    return sandbox_for_output(o->report) |
           (o->transmit.interface ? (unsigned)SANDBOX_SOCKETS : 0U) |
           (o->transmit.realtime ? (unsigned)SANDBOX_PRIORITY : 0U);
}

/* Those of a capture, which is opened and read in the sandbox; each round opens it again. */
static struct frames *replay(const struct options *o, struct counts *n, struct err *e)
{
    const struct replay_limits limits = {o->count, o->duration};
    const bool again = o->transmit.rounds != 1;
    const unsigned needs = needs_of(o);

    if (!sandbox_enter(o->shared, needs | SANDBOX_FILES, e))
        return NULL;
    struct frames *const f = replay_new(o->replay, &limits, again, &n->replay, e);
    if (!f || again || sandbox_close_files(o->shared, needs, e))
        return f;
    frames_free(f);
    return NULL;
}

static struct frames *frames_of(const struct options *o, struct packets_table_facts *facts,
                                struct counts *n, struct err *e)
{
    if (o->replay)
        return replay(o, n, e);
    struct packets *const p = input_open(o, needs_of(o), o->transmit.interface != NULL, facts, e);
    return p ? synth_new(p, &o->plan, o->shared->seed, &n->synth, e) : NULL;
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
                struct out *report, struct err *e)
{
    const bool ran = transmit_run(t, r, e);
    struct err why;

    live_report_say(r, o);
    if (report && !live_report_write(r, o, report, &why)) {
        if (ran)
            *e = why;
        return false;
    }
    return ran;
}

/* With the report open, or NULL. */
static bool play_to(struct out *report, const struct options *o, struct packets_table_facts *facts,
                    struct err *e)
{
    struct counts counts = {0};
    struct transmit *const t = stop_watch(e) ? transmit_open(&o->transmit, e) : NULL;
    struct frames *const frames = t ? frames_of(o, facts, &counts, e) : NULL;
    struct transmit_report *const r = mem_zero(1, sizeof *r);
    const bool started = frames && transmit_start(t, frames, e);

    if (!started)
        out_abandon(report);
    bool ok = started && run(t, r, o, report, e);
    /* The counts are still: nobody makes frames any more. */
    transmit_close(t);
    frames_free(frames);
    remark(o, &counts);
    if (ok && r->scheduled == 0 && !stop_asked())
        ok = err_set(e, "%s: no packet to send", o->replay ? o->replay : "the series");
    free(r);
    return ok;
}

/* All that is opened to be written is before the sandbox, in which the input is read. */
bool play(const struct options *o, struct packets_table_facts *facts, struct err *e)
{
    struct out *const report = o->report ? out_open(o->report, e) : NULL;

    return (!o->report || report) && play_to(report, o, facts, e);
}
