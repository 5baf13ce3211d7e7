/* trafgen: packets from a model of traffic or from a packet table. */
#include "err.h"
#include "frames.h"
#include "input.h"
#include "options.h"
#include "play.h"
#include "rows.h"
#include "sandbox.h"
#include "save.h"
#include "synth.h"

static bool write_table(const struct options *o, struct packets_table_facts *facts, struct err *e)
{
    struct out *const out = out_open(o->shared->output, e);
    const unsigned needs = sandbox_for_output(o->shared->output);
    struct packets *const p = out ? input_open(o, needs, false, facts, e) : NULL;
    const enum table_format asked = o->shared->format;

    if (p)
        (void)rows_write(p, out, asked == TABLE_AUTO ? facts->format : asked);
    const bool ok = p && packets_done(p, e);
    packets_free(p);
    if (ok)
        return out_close(out, e);
    out_abandon(out);
    return false;
}

/* What the seconds of a pcap file hold. */
static const uint64_t TOO_LATE = (UINT64_C(1) << 32) * 1000000000;

static bool copy_frames(struct frames *frames, struct save *s, struct err *e)
{
    enum capture_status status = CAPTURE_END;
    struct frame f;

    while (!save_failed(s) && (status = frames_next(frames, &f, e)) == CAPTURE_FRAME) {
        if (f.ts >= TOO_LATE)
            return err_set(e, "a pcap file ends in the year 2106, and packet %llu comes after it",
                           (unsigned long long)f.number);
        if (!save_frame(s, &f, e))
            return false;
    }
    return status != CAPTURE_BAD;
}

static bool copy_packets(struct packets *p, const struct options *o, struct save *s,
                         struct synth_counts *counts, struct err *e)
{
    struct frames *const frames = synth_new(p, &o->plan, o->shared->seed, counts, e);
    const bool ok = frames && copy_frames(frames, s, e);

    frames_free(frames);
    return ok;
}

static bool write_capture(const struct options *o, struct packets_table_facts *facts, struct err *e)
{
    struct synth_counts counts = {0};
    struct save *const s = save_open(o->write, e);
    const unsigned needs = sandbox_for_output(o->write);
    struct packets *const p = s ? input_open(o, needs, false, facts, e) : NULL;

    if (!p || !copy_packets(p, o, s, &counts, e)) {
        save_abandon(s);
        return false;
    }
    if (!save_close(s, e))
        return false;
    if (o->shared->verbose > 0)
        cli_note(o->shared, "%llu frames written, the longest of %llu bytes",
                 (unsigned long long)counts.frames, (unsigned long long)counts.longest);
    if (counts.raised > 0)
        cli_note(o->shared, "%llu packets raised to the length of their headers",
                 (unsigned long long)counts.raised);
    return true;
}

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);
    struct packets_table_facts facts = {0};
    struct err e;

    if (!(o.live    ? play(&o, &facts, &e)
          : o.write ? write_capture(&o, &facts, &e)
                    : write_table(&o, &facts, &e)))
        die_err(&e);
    if (facts.backwards > 0)
        cli_note(o.shared, "%llu packets whose time runs backwards: taken as the time before",
                 (unsigned long long)facts.backwards);
    cli_free(cli);
    return EXIT_DONE;
}
