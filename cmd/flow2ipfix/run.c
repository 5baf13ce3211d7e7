#include "run.h"

#include "file.h"
#include "moment.h"
#include "plan.h"
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

struct run {
    const struct options *o;
    struct plan *plan;
    struct exporter *exporter;
    struct sink *sink;
    struct table *first; /* its columns are those of all */
    int input;           /* of the table that is being read */
    bool failed;         /* while it waited for input: *e is set */
    struct err *e;
    uint64_t due; /* with --rate: the moment of the next message */
};

static bool on_describe(void *context, const struct message *m, struct err *e)
{
    const struct run *const r = context;

    return sink_describe(r->sink, m, e);
}

static bool on_data(void *context, const struct message *m, struct err *e)
{
    struct run *const r = context;

    if (r->o->rate > 0) {
        const uint64_t now = moment_now();
        while (moment_now() < r->due)
            sink_wait(r->sink, -1, r->due);
        r->due = (r->due > now ? r->due : now) +
                 (uint64_t)((double)m->rows / r->o->rate * (double)MOMENT_S);
    }
    return sink_data(r->sink, m, e);
}

static bool is_readable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return poll(&p, 1, 0) > 0;
}

/* Called before more input is read: when that has to be waited for, rows go out first. */
static void on_read(void *context)
{
    struct run *const r = context;

    if (r->failed || is_readable(r->input))
        return;
    r->failed = !exporter_flush(r->exporter, r->e);
    while (!r->failed && !is_readable(r->input))
        sink_wait(r->sink, r->input, MOMENT_NEVER);
}

/* Opens an input; *fd is where it reads from. */
static struct table *open_input(const char *path, int *fd, struct err *e)
{
    const bool is_stdin = file_is_standard(path);

    *fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (*fd >= 0)
        return table_open_fd(*fd, is_stdin ? "standard input" : path, e);
    err_sys(e, "%s", path);
    return NULL;
}

static bool same_columns(const struct table *a, const struct table *b, struct err *e)
{
    const size_t n = table_width(a) < table_width(b) ? table_width(a) : table_width(b);

    for (size_t i = 0; i < n; i++)
        if (strcmp(table_name(a, i), table_name(b, i)) != 0)
            return err_set(e, "%s:1: column '%s' stands where %s has '%s'", table_path(b),
                           table_name(b, i), table_path(a), table_name(a, i));
    return table_width(a) == table_width(b) ||
           err_set(e, "%s:1: %zu columns, where %s has %zu", table_path(b), table_width(b),
                   table_path(a), table_width(a));
}

static bool run_table(struct run *r, struct table *t, struct err *e)
{
    enum table_status status;

    if (r->o->collector)
        table_before_read(t, on_read, r);
    r->e = e;
    while ((status = table_next(t, e)) == TABLE_ROW)
        if (!exporter_row(r->exporter, t, e) || r->failed)
            return false;
    return status == TABLE_END && !r->failed;
}

static struct sink *open_sink(const struct options *o, struct err *e)
{
    if (!o->collector)
        return sink_file(&o->sink, e);
    if (!collector_resolve(o->collector, e))
        return NULL;
    return o->collector->tcp ? sink_tcp(&o->sink, o->collector)
                             : sink_udp(&o->sink, o->collector, e);
}

static bool begin(struct run *r, struct err *e)
{
    const struct exporter_sink to = {on_describe, on_data, r};

    r->first = open_input(r->o->n_files ? r->o->files[0] : NULL, &r->input, e);
    r->plan = r->first ? plan_new(r->first, r->o->pen, e) : NULL;
    if (!r->plan || (r->o->collector && !stop_watch(e)))
        return false;
    r->sink = open_sink(r->o, e);
    if (!r->sink)
        return false;
    r->exporter = exporter_new(r->plan, &r->o->exporter, &to);
    return true;
}

static bool run_others(struct run *r, struct err *e)
{
    bool ok = true;

    for (size_t i = 1; i < r->o->n_files && ok; i++) {
        struct table *const t = open_input(r->o->files[i], &r->input, e);
        ok = t && same_columns(r->first, t, e) && run_table(r, t, e);
        table_close(t);
    }
    return ok;
}

bool run(const struct options *o, struct run_counts *counts, struct err *e)
{
    struct run r = {.o = o};
    struct err other;
    bool ok = begin(&r, e) && run_table(&r, r.first, e) && run_others(&r, e);
    /* Rows before one that is wrong go to a collector all the same. */
    const bool send = ok || (o->collector && r.exporter && !r.failed);
    struct err *const why = ok ? e : &other;

    const bool sent = send && exporter_flush(r.exporter, why);
    if (r.exporter)
        counts->exporter = exporter_counts(r.exporter);
    if (sent)
        ok = sink_finish(r.sink, &counts->sink, why) && ok;
    else if (r.sink)
        sink_abandon(r.sink);
    ok = ok && sent;
    exporter_free(r.exporter);
    plan_free(r.plan);
    table_close(r.first);
    return ok;
}

bool run_list(const struct options *o, struct err *e)
{
    int fd;
    struct table *const t = open_input(o->n_files ? o->files[0] : NULL, &fd, e);
    struct plan *const p = t ? plan_new(t, o->pen, e) : NULL;
    struct out *const out = p ? out_open(o->shared->output, e) : NULL;

    if (out)
        plan_list(p, t, out);
    plan_free(p);
    table_close(t);
    return out && out_close(out, e);
}
