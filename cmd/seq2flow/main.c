/* seq2flow: a long table of packets to a table of flows. */
#include "err.h"
#include "flow.h"
#include "intern.h"
#include "mem.h"
#include "options.h"
#include "out.h"
#include "packets.h"
#include "progress.h"

#include <stdlib.h>
#include <string.h>

struct run {
    const struct options *o;
    struct table *t;
    struct packets *packets;
    struct out *out;
    struct table_writer *w;
    struct intern *names; /* of all flows; with --grouped only of the one at hand, NULL */
    struct flow **flows;  /* by number; NULL: its row is written */
    size_t n, cap;
    struct intern *labels;
    uint32_t *label_of; /* of each flow, also once its row is written */
    size_t cap_labels;
    struct span *kept;
    uint64_t packets_late, packets_more;
};

/* That no column that is passed on has the name of another. */
static bool names_differ(const struct run *r, struct err *e)
{
    for (size_t i = 0; i < packets_kept(r->packets); i++) {
        const char *const name = table_name(r->t, packets_kept_column(r->packets, i));
        bool twice = strcmp(name, "flow") == 0 || flow_has_column(name, r->o->places) ||
                     (packets_have_label(r->packets) && strcmp(name, "class") == 0);
        for (size_t k = 0; k < i; k++)
            twice |= strcmp(name, table_name(r->t, packets_kept_column(r->packets, k))) == 0;
        if (twice)
            return err_set(e, "--pass: there would be two columns '%s'", name);
    }
    return true;
}

static void write_header(struct run *r)
{
    table_put_text(r->w, "flow");
    for (size_t i = 0; i < packets_kept(r->packets); i++)
        table_put_text(r->w, table_name(r->t, packets_kept_column(r->packets, i)));
    flow_put_header(r->w, r->o->places);
    if (packets_have_label(r->packets))
        table_put_text(r->w, "class");
    table_end_row(r->w);
}

/* Writes the flow's row and ends it. */
static void write_flow(struct run *r, struct flow **f)
{
    flow_put_name(*f, r->w);
    flow_put_kept(*f, r->w);
    flow_put_row(*f, r->w, r->o->places);
    if (packets_have_label(r->packets))
        table_put_text(r->w, flow_label(*f));
    table_end_row(r->w);
    flow_free(*f);
    *f = NULL;
}

static void begin(struct run *r, struct flow **place, const struct packet_row *p)
{
    for (size_t i = 0; i < packets_kept(r->packets); i++)
        r->kept[i] = table_field(r->t, packets_kept_column(r->packets, i));
    *place = flow_new(p, r->kept, packets_kept(r->packets), r->o->places);
}

/* The number of the packet's flow, which begins with it if it is new. */
static bool find(struct run *r, const struct packet_row *p, uint32_t *number, struct err *e)
{
    *number = intern_add(r->names, p->flow);
    if (*number == r->n) {
        if (r->n == r->o->max_flows)
            return err_set(e,
                           "%s:%llu: more than %llu flows: --max-flows=N allows more, --grouped "
                           "needs no memory where the packets of a flow stand together",
                           table_path(r->t), (unsigned long long)table_line(r->t),
                           (unsigned long long)r->o->max_flows);
        r->flows = mem_grow(r->flows, &r->cap, r->n + 1, sizeof(struct flow *));
        r->label_of = mem_grow(r->label_of, &r->cap_labels, r->n + 1, sizeof *r->label_of);
        r->label_of[r->n] = intern_add(r->labels, p->label);
        begin(r, &r->flows[r->n++], p);
    }
    return true;
}

static void write_rest(struct run *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->flows[i])
            write_flow(r, &r->flows[i]);
}

static bool add(struct run *r, uint32_t number, const struct packet_row *p, struct err *e)
{
    struct flow **const f = &r->flows[number];
    const char *const label = intern_text(r->labels, r->label_of[number]);
    bool backwards;

    if (!span_is(p->label, label))
        return err_set(e, "%s:%llu: flow '%.*s' is of class '%.*s' here, and was of '%s' before",
                       table_path(r->t), (unsigned long long)table_line(r->t), (int)p->flow.n,
                       p->flow.p, (int)p->label.n, p->label.p, label);
    if (!*f) {
        r->packets_more++;
        return true;
    }
    flow_add(*f, p, r->o->places, &backwards);
    r->packets_late += backwards;
    if (flow_packets(*f) == r->o->places)
        write_flow(r, f);
    return true;
}

static void free_names(struct run *r)
{
    intern_free(r->names);
    intern_free(r->labels);
    r->names = intern_new();
    r->labels = intern_new();
    r->n = 0;
}

static bool run(struct run *r, struct progress *progress, struct err *e)
{
    struct packet_row p;
    uint32_t number;
    enum table_status status;

    while ((status = packets_next(r->packets, &p, e)) == TABLE_ROW) {
        if (r->o->grouped && intern_find(r->names, p.flow) == INTERN_NONE) {
            write_rest(r);
            free_names(r);
        }
        if (!find(r, &p, &number, e) || !add(r, number, &p, e))
            return false;
        if ((table_rows(r->t) & 4095) == 0) {
            progress_at(progress, table_rows(r->t));
            if (out_failed(r->out))
                return true;
        }
    }
    write_rest(r);
    return status == TABLE_END;
}

static void before_read(void *out)
{
    (void)out_flush(out); /* a failure is kept, and out_close() tells it */
}

static void remark(const struct run *r)
{
    const struct {
        uint64_t n;
        const char *what;
    } causes[] = {
        {r->packets_late, "packets earlier than one before in their flow: the gap is 0"},
        {packets_cut(r->packets), "times cut to whole nanoseconds"},
    };

    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (causes[i].n > 0)
            cli_note(r->o->shared, "%llu %s", (unsigned long long)causes[i].n, causes[i].what);
    if (r->o->shared->verbose > 0)
        cli_note(r->o->shared, "%llu packets, %llu of them in no row: --first-packets",
                 (unsigned long long)table_rows(r->t), (unsigned long long)r->packets_more);
}

static void run_free(struct run *r)
{
    for (size_t i = 0; i < r->n; i++)
        flow_free(r->flows[i]);
    free(r->flows);
    free(r->label_of);
    free(r->kept);
    intern_free(r->names);
    intern_free(r->labels);
    packets_free(r->packets);
    table_writer_free(r->w);
    table_close(r->t);
}

int main(int argc, char **argv)
{
    struct options o;
    struct cli *const c = cli_new(&options_spec, argc, argv);
    struct err e;

    options_parse(&o, c);
    struct run r = {.o = &o, .t = table_open(o.file, &e)};
    if (!r.t || !(r.packets = packets_new(r.t, &o, &e)))
        die_err(&e);
    if (!names_differ(&r, &e))
        die_usage("%s", e.text);
    if (!(r.out = out_open(o.shared->output, &e)))
        die_err(&e);
    r.w = table_writer_new(r.out,
                           o.shared->format == TABLE_AUTO ? table_format(r.t) : o.shared->format);
    r.names = intern_new();
    r.labels = intern_new();
    r.kept = mem_zero(packets_kept(r.packets), sizeof *r.kept);
    table_before_read(r.t, before_read, r.out);
    write_header(&r);
    struct progress *const progress = progress_new(o.shared->progress, "packets", 0);
    const bool done = run(&r, progress, &e);
    progress_end(progress);
    if (!done) {
        out_abandon(r.out);
        die_err(&e);
    }
    if (!out_close(r.out, &e))
        die_err(&e);
    remark(&r);
    run_free(&r);
    cli_free(c);
    return EXIT_DONE;
}
