#include "run.h"

#include "columns.h"
#include "err.h"
#include "flow/per_flow.h"
#include "input.h"
#include "live.h"
#include "progress.h"
#include "report.h"
#include "sandbox.h"
#include "save.h"
#include "stats.h"
#include "tracker.h"
#include "wall.h"

#include <string.h>

enum { LIVE_FLUSH_NS = 100000000 };

struct run {
    const struct options *o;
    struct input *input;
    struct labels *labels;  /* NULL: none */
    struct per_flow *flows; /* NULL: a row for each packet, by the next two */
    struct columns *columns;
    struct tracker *tracker;
    struct out *out;
    struct save *save; /* NULL: none */
    struct progress *progress;
    struct stats *stats; /* NULL: none */
    struct tags *tags;   /* NULL: none */
    struct row row;
    unsigned needs; /* of the sandbox */
    uint64_t frames, taken, rows;
    uint64_t decoded[DECODE_STATUS_COUNT];
    uint64_t without_payload, not_selected, first;
};

/* A row's class and the column for it come together. */
static void check_class(const struct run *r, bool has_class)
{
    if (has_class == (r->labels != NULL))
        return;
    die_usage(r->labels ? r->flows ? "flows are labelled, but --fields has no column 'class'"
                                   : "packets are labelled, but --fields has no column 'class'"
                        : "--fields: column 'class' needs a label (-l, --label-from, --label-rule "
                          "or --label-table)");
}

static void check_filters(const struct run *r, bool has_filters)
{
    if (has_filters && r->o->named.n == 0)
        die_usage("--fields: column 'filters' needs filters with names (--filter NAME=EXPR)");
}

static void check_tags(const struct run *r)
{
    if (per_flow_has_tag(r->flows) == (r->o->flows.tags != NULL))
        return;
    die_usage(r->o->flows.tags ? "flows are tagged, but --fields has no column 'tag'"
                               : "--fields: column 'tag' needs --tags=redis://URL");
}

/* What is said of a flow's hosts needs all of their flows. */
static void check_context(const struct run *r)
{
    const struct options *const o = r->o;
    const bool has = per_flow_has_context(r->flows);

    if (o->flows.asks_context && !has)
        die_usage("--context is for columns such as 'host_flows', and --fields has none of them");
    if (has && o->flows.shards > 1)
        die_usage("--fields: columns such as 'host_flows' need all flows: not with --shard");
    if (has && o->selection.kind != SELECT_ALL)
        die_usage(
            "--fields: columns such as 'host_flows' need all flows: not with --device or --flow");
}

/* Tags are kept as long as a flow can last. */
static void open_tags(struct run *r)
{
    const struct flow_options *const f = &r->o->flows;
    struct err e;

    if (!f->tags)
        return;
    r->tags = tags_new(f->split ? f->active + f->idle : UINT64_MAX);
    if (!tags_connect(r->tags, f->tags, &e))
        die("--tags: %s", e.text);
    per_flow_tags(r->flows, r->tags);
}

static void open_parts(struct run *r)
{
    const struct options *const o = r->o;
    struct err e;

    if (labels_wanted(&o->labels) && !(r->labels = labels_new(&o->labels, o->format, &e)))
        die_err(&e);
    if (o->flows.on) {
        if (!(r->flows = per_flow_new(o, r->labels, &e)))
            die_usage("--fields: %s", e.text);
        check_class(r, per_flow_has_class(r->flows));
        check_filters(r, per_flow_has_filters(r->flows));
        check_tags(r);
        check_context(r);
        open_tags(r);
        return;
    }
    if (!(r->columns = columns_new(o->fields, o->format, &e)))
        die_usage("--fields: %s", e.text);
    check_class(r, columns_have(r->columns, F_CLASS));
    check_filters(r, columns_have(r->columns, F_FILTERS));
    r->row.named = &o->named;
    r->tracker = tracker_new(columns_need(r->columns), &o->selection, o->max_flows);
}

/* What is open is enough, but for further files; before there are other threads. */
static void enter_sandbox(struct run *r)
{
    const struct options *const o = r->o;
    struct err e;

    r->needs = sandbox_for_output(o->shared.output) | sandbox_for_output(o->save);
    if (!o->live && !o->merge && o->n_origins > 1)
        r->needs |= SANDBOX_FILES;
    if (r->tags)
        r->needs |= SANDBOX_CONNECT;
    if (!sandbox_enter(&o->shared, r->needs, &e))
        die_err(&e);
}

static void open_outputs(struct run *r)
{
    struct err e;

    r->out = out_open(r->o->shared.output, &e);
    if (!r->out || (r->o->save && !(r->save = save_open(r->o->save, &e))))
        die_err(&e);
    enter_sandbox(r);
    if (r->tags && !tags_listen(r->tags, &e))
        die_err(&e);
    if (r->flows)
        per_flow_open(r->flows, r->out);
    else
        columns_header(r->columns, r->out);
    r->progress = progress_new(r->o->shared.progress && !r->o->stats, "packets", 0);
}

/* A frame that passed the filters, with the bits of those that have names: to a row, or to a count
 * of what gives none. */
static void take_frame(struct run *r, const struct frame *f, uint64_t filters)
{
    struct row *const row = &r->row;
    struct packet *const p = r->flows ? per_flow_room(r->flows) : &row->packet;
    unsigned missing;
    const enum decode_status status = decode_frame(f, r->o->decap, p);

    r->decoded[status]++;
    if (status != DECODE_IP)
        return;
    p->filters = filters;
    if (r->o->payload && p->payload_len == 0) {
        r->without_payload++;
        return;
    }
    if (r->flows) {
        r->not_selected += !per_flow_take(r->flows, f);
        return;
    }
    row->origin = &r->o->origins[f->origin];
    if (!tracker_step(r->tracker, row, &missing)) {
        r->not_selected++;
        return;
    }
    if ((missing & columns_need(r->columns)) && !r->o->first_zero) {
        r->first++;
        return;
    }
    if (r->labels && !labels_find(r->labels, f, &row->packet, &row->class))
        return;
    row->frame = f->number;
    columns_row(r->columns, row, r->out);
    r->rows++;
}

static void save(struct run *r, const struct frame *f)
{
    struct err e;

    if (!save_frame(r->save, f, &e))
        die_err(&e);
}

static void flush(struct run *r)
{
    struct err e;

    if (r->save)
        save_flush(r->save);
    if (!out_flush(r->out) && !out_close(r->out, &e))
        die_err(&e);
}

static void flush_live(struct run *r)
{
    if (r->flows)
        per_flow_tick(r->flows);
    flush(r);
}

static uint64_t flows_now(const struct run *r)
{
    return r->flows ? per_flow_count(r->flows) : tracker_count(r->tracker);
}

static uint64_t rows_so_far(const struct run *r)
{
    return r->flows ? per_flow_rows(r->flows) : r->rows;
}

static void look_at_stats(const struct run *r, uint64_t now)
{
    if (!r->stats || !stats_due(r->stats, now))
        return;
    const uint64_t flows = flows_now(r);
    stats_line(r->stats, now, flows, rows_so_far(r));
}

/* Now and then: tells how far we are, and does not go on for hours with a full disk. */
static void look_around(struct run *r)
{
    progress_at(r->progress, r->frames);
    if (out_failed(r->out))
        flush(r);
}

/* Frames of that origin may come. */
static bool begin_capture(void *context, uint32_t origin, struct err *e)
{
    struct run *const r = context;

    if (r->labels && !labels_begin(r->labels, origin, r->o->origins[origin].name, e))
        return false;
    if (!(r->needs & SANDBOX_FILES) || origin + 1 < r->o->n_origins)
        return true;
    r->needs &= ~(unsigned)SANDBOX_FILES;
    return sandbox_close_files(&r->o->shared, r->needs, e);
}

/* A capture has ended: what comes next has nothing before it. */
static void end_capture(void *context)
{
    const struct run *const r = context;
    const uint64_t flows = r->stats ? flows_now(r) : 0;
    const bool goes_on = r->flows && per_flow_goes_on(r->flows);

    if (r->flows)
        per_flow_end(r->flows);
    else
        tracker_begin(r->tracker);
    if (r->stats && !goes_on)
        stats_end(r->stats, flows, rows_so_far(r));
}

static void take_if_wanted(struct run *r, const struct frame *f)
{
    uint64_t filters = 0;

    if (r->o->filter && !filter_match(r->o->filter, f))
        return;
    if (r->o->named.n > 0 && (filters = named_match(&r->o->named, f)) == 0)
        return;
    r->taken++;
    if (r->save)
        save(r, f);
    take_frame(r, f, filters);
}

/* Reads all there is, or to the last frame asked for. */
static void read_frames(struct run *r)
{
    const bool live = r->o->live;
    uint64_t flushed = 0;
    struct frame f;

    while (r->taken < r->o->count) {
        const enum input_status status = input_next(r->input, &f);
        if (status == INPUT_END)
            break;
        if (status == INPUT_IDLE) {
            flush_live(r);
            look_at_stats(r, wall_now());
            continue;
        }
        look_at_stats(r, f.ts);
        if (r->stats)
            stats_add(r->stats, &f);
        if ((++r->frames & 1023) == 0)
            look_around(r);
        take_if_wanted(r, &f);
        /* Where packets never pause, rows must not wait for a full buffer. */
        if (live && f.ts - flushed >= LIVE_FLUSH_NS) {
            flush_live(r);
            flushed = f.ts;
        }
    }
    input_finish(r->input);
}

/* Privileges go before any output file is opened: the files are the user's. */
static void open_input_and_outputs(struct run *r)
{
    const struct options *const o = r->o;
    const struct input_calls calls = {begin_capture, end_capture, r};
    struct err e;

    r->input = input_open(o, &calls, &e);
    if (!r->input || (o->user && !live_become(o->user, &e)))
        die_err(&e);
    open_outputs(r);
    if (!input_start(r->input, &e))
        die_err(&e);
    if (o->stats > 0)
        r->stats = stats_new(o->stats, o, r->input);
    if (o->live) {
        flush(r);
        look_at_stats(r, wall_now());
    }
}

/* Why the first packet gives no row, by what the columns ask for. */
static const char *first_of(unsigned needs)
{
    switch (needs & NEED_PREVIOUS) {
    case NEED_BOTH:
        return "the first of a flow";
    case NEED_CAPTURE:
        return "the first of a capture";
    case NEED_SAME:
    case NEED_SAME | NEED_BOTH:
        return "the first of a flow's direction";
    default:
        return "the first of a flow, its direction or a capture";
    }
}

static void report_packets(const struct run *r)
{
    const struct options *const o = r->o;
    const struct cli_shared_values *const v = &o->shared;
    const uint64_t backwards = tracker_backwards(r->tracker), evicted = tracker_evicted(r->tracker);

    report_skipped(v, r->first, first_of(columns_need(r->columns)));
    if (r->labels)
        labels_report(r->labels, v, "packet");
    if (backwards > 0)
        cli_note(v, "%llu packet%s earlier than the one before: iat 0",
                 (unsigned long long)backwards, backwards == 1 ? "" : "s");
    if (evicted > 0)
        cli_note(v, "%llu flow%s forgotten early: more than %llu at a time (--max-flows)",
                 (unsigned long long)evicted, evicted == 1 ? "" : "s",
                 (unsigned long long)o->max_flows);
}

static void report_flows(const struct run *r)
{
    if (r->labels)
        labels_report(r->labels, &r->o->shared, "flow");
    per_flow_report(r->flows);
    if (r->tags)
        tags_report(r->tags, &r->o->shared);
}

static void report_filters(const struct options *o)
{
    if (o->filter)
        report_skipped(&o->shared, filter_refused(o->filter),
                       "the filter can't be used on their link type");
    for (size_t i = 0; i < o->named.n; i++) {
        const uint64_t n = filter_refused(o->named.all[i].filter);
        if (n > 0)
            cli_note(&o->shared,
                     "%llu packet%s without a match: filter '%s' can't be used on their link type",
                     (unsigned long long)n, n == 1 ? "" : "s", o->named.all[i].name);
    }
}

/* What the kernel, and the interfaces, could not hand on. */
static void report_drops(const struct run *r)
{
    const struct cli_shared_values *const v = &r->o->shared;
    struct tap_counts n;

    for (size_t i = 0; r->o->live && i < r->o->n_origins; i++) {
        const char *const name = r->o->origins[i].name;
        if (!input_counts(r->input, i, &n))
            continue;
        if (n.dropped > 0 || v->verbose > 0)
            cli_note(v, "%s: the kernel dropped %llu of %llu packets", name,
                     (unsigned long long)n.dropped, (unsigned long long)n.received);
        if (n.lost > 0)
            cli_note(v, "%s: the interface lost %llu packets", name, (unsigned long long)n.lost);
    }
}

/* What is left out before flows are looked at: all shards leave out the same, one tells. */
static void report_left_out(const struct run *r)
{
    const struct options *const o = r->o;
    const struct cli_shared_values *const v = &o->shared;

    for (int i = DECODE_IP + 1; i < DECODE_STATUS_COUNT; i++)
        report_skipped(v, r->decoded[i], decode_status_text((enum decode_status)i));
    report_filters(o);
    report_skipped(v, r->without_payload, "no payload");
    report_skipped(v, r->not_selected,
                   o->selection.kind == SELECT_FLOW ? "not of the flow" : "not of the device");
}

static void report(const struct run *r)
{
    const struct options *const o = r->o;
    const struct cli_shared_values *const v = &o->shared;

    report_drops(r);
    if (o->flows.shard == 0)
        report_left_out(r);
    if (r->flows)
        report_flows(r);
    else
        report_packets(r);
    if (r->save && save_cut(r->save) > 0)
        cli_note(v, "-w: %llu packet%s cut to 262144 bytes, the most there are in a pcap file",
                 (unsigned long long)save_cut(r->save), save_cut(r->save) == 1 ? "" : "s");
    if (v->verbose > 0)
        cli_note(v, "%llu rows from %llu packets", (unsigned long long)rows_so_far(r),
                 (unsigned long long)r->frames);
}

/* Output under a name is whole or it is not there; what went to standard output is gone anyway. A
 * live capture that breaks off has given all there was. */
static void close_outputs(struct run *r)
{
    const bool named = r->o->shared.output && strcmp(r->o->shared.output, "-") != 0;
    const size_t failed = input_failed(r->input);
    const bool broken = failed > 0 && !r->o->live;
    struct err e;

    if (broken && (named || r->save))
        warn("no output file is written, because of %zu capture%s", failed, failed == 1 ? "" : "s");
    if (broken && named)
        out_abandon(r->out);
    else if (!out_close(r->out, &e))
        die_err(&e);
    if (broken)
        save_abandon(r->save);
    else if (r->save && !save_close(r->save, &e))
        die_err(&e);
}

/* What has gone on to the end of all input. */
static void close_flows(const struct run *r)
{
    const uint64_t flows = r->stats ? flows_now(r) : 0;

    if (r->flows)
        per_flow_close(r->flows);
    if (r->stats)
        stats_end(r->stats, flows, rows_so_far(r));
}

bool run(const struct options *o)
{
    struct run r = {.o = o};

    open_parts(&r);
    open_input_and_outputs(&r);
    read_frames(&r);
    close_flows(&r);
    progress_end(r.progress);
    report(&r);
    close_outputs(&r);
    per_flow_free(r.flows);
    tags_free(r.tags);
    columns_free(r.columns);
    labels_free(r.labels);
    tracker_free(r.tracker);
    stats_free(r.stats);
    const bool whole = input_failed(r.input) == 0;
    input_free(r.input);
    return whole;
}
