/* redis2feat: the rows that feat2redis sent, as a table. */
#include "err.h"
#include "stop.h"
#include "work.h"

static void remark(const struct work *w)
{
    const struct cli_shared_values *const v = w->o->shared;
    const struct rows_counts *const n = rows_counts(w->rows);
    const bool stream = w->o->stream != NULL;
    const struct {
        uint64_t n;
        const char *what;
    } causes[] = {
        {n->twice, "left out: they had come before"},
        {n->again, "taken over: another consumer may have written them, too"},
        {n->missing, stream ? "not here: other consumers have them, or they were cut off the stream"
                            : "lost: their messages did not come"},
        {n->gone, stream ? "lost: they were cut off the stream before they were read"
                         : "lost: there was no hash any more at their keys"},
    };

    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (causes[i].n > 0)
            cli_note(v, "%llu row%s %s", (unsigned long long)causes[i].n,
                     causes[i].n == 1 ? "" : "s", causes[i].what);
    if (v->verbose > 0)
        cli_note(v, "%llu rows", (unsigned long long)n->written);
}

int main(int argc, char **argv)
{
    struct options o;
    struct err e, closing;

    options_parse(&o, argc, argv);
    struct redis *const r = redis_new(o.shared->redis.url, o.shared->redis.timeout, &e);
    if (!r)
        die_usage("--redis: %s", e.text);
    if (!redis_connect(r, &e) || !stop_watch(&e))
        die_err(&e);
    struct work w = {
        .o = &o,
        .rows = rows_new(o.shared->format),
        .progress = progress_new(o.shared->progress, "rows", 0),
        .patience = {.most = o.shared->redis.retry},
        .last = time_now(),
    };
    const bool done = o.stream ? stream_run(&w, r, &e) : channel_run(&w, r, &e);
    progress_end(w.progress);
    remark(&w);
    if (!done)
        die_err(&e);
    if (!rows_close(w.rows, &closing))
        die_err(&closing);
    rows_free(w.rows);
    redis_free(r);
    options_free(&o);
    return EXIT_DONE;
}
