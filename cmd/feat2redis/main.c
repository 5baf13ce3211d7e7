/* feat2redis: the rows of a table to Redis. */
#include "err.h"
#include "file.h"
#include "options.h"
#include "progress.h"
#include "sender.h"
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct run {
    const struct options *o;
    int fd; /* of the table */
    struct redis *redis;
    struct table *table;
    struct commands *commands;
    struct sender *sender;
    struct progress *progress;
};

static void run_free(struct run *r)
{
    progress_end(r->progress);
    sender_free(r->sender);
    commands_free(r->commands);
    table_close(r->table);
    redis_free(r->redis);
}

static void remark(const struct run *r)
{
    const struct cli_shared_values *const v = r->o->shared;
    const uint64_t again = sender_again(r->sender), unheard = sender_unheard(r->sender);

    if (again > 0)
        cli_note(v, "%llu row%s sent again: the connection was lost before they were answered",
                 (unsigned long long)again, again == 1 ? "" : "s");
    if (unheard > 0)
        cli_note(v, "%llu message%s lost: nobody had subscribed to '%s'",
                 (unsigned long long)unheard, unheard == 1 ? "" : "s", r->o->channel);
    if (v->verbose > 0)
        cli_note(v, "%llu rows", (unsigned long long)sender_rows(r->sender));
}

/* Ends the program where rows can't be sent. */
static noreturn void fail(const struct run *r, const struct err *e)
{
    const uint64_t lost = sender_unanswered(r->sender);

    progress_end(r->progress);
    remark(r);
    if (lost > 0)
        die("%s (%llu rows are there, %llu may not be)", e->text,
            (unsigned long long)sender_rows(r->sender), (unsigned long long)lost);
    die_err(e);
}

/* Whether there is something to read, or the end, within so many ms. */
static bool readable(int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return poll(&p, 1, ms) > 0;
}

/* The table is about to read, and it may take long until something comes: what has been read goes
 * to the server now. After SIGTERM it is the end. */
static void on_pause(void *context)
{
    enum { PING_MS = 10000 };
    struct run *const r = context;
    struct err e;

    if (!stop_asked() && readable(r->fd, 0))
        return;
    if (r->sender && !sender_flush(r->sender, &e))
        fail(r, &e);
    while (!stop_asked() && !readable(r->fd, PING_MS))
        if (r->sender)
            sender_ping(r->sender);
    if (!stop_asked())
        return;
    if (r->sender)
        remark(r);
    exit(EXIT_DONE);
}

static void pass_over(int number)
{
    (void)number;
}

/* An interrupt from the terminal goes to the whole pipeline: what feeds us ends by it, and its last
 * rows are still wanted. A second one ends us, too. */
static bool watch_signals(int fd, struct err *e)
{
    const struct sigaction action = {.sa_handler = pass_over, .sa_flags = (int)SA_RESETHAND};
    struct stat st;

    if (!stop_watch(e))
        return false;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        return true;
    return sigaction(SIGINT, &action, NULL) == 0 || err_sys(e, "sigaction");
}

static bool open_table(struct run *r, struct err *e)
{
    const char *const path = r->o->file;
    const bool standard = file_is_standard(path);

    r->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (r->fd < 0)
        return err_sys(e, "%s", path);
    r->table = table_open_fd(r->fd, file_name(path), e);
    if (!r->table)
        return false;
    table_before_read(r->table, on_pause, r);
    r->commands = commands_new(r->o, r->table, e);
    return r->commands && watch_signals(r->fd, e);
}

/* Rows before one that is wrong are sent. */
static bool send_rows(struct run *r, struct err *e)
{
    enum table_status status;
    struct err lost;

    if (!sender_add_other(r->sender, commands_describe(r->commands, sender_room(r->sender)), &lost))
        fail(r, &lost);
    while ((status = table_next(r->table, e)) == TABLE_ROW) {
        if (!commands_row(r->commands, sender_room(r->sender), e)) {
            status = TABLE_BAD;
            break;
        }
        if (!sender_added(r->sender, &lost))
            fail(r, &lost);
        if ((table_rows(r->table) & 1023) == 0)
            progress_at(r->progress, table_rows(r->table));
        if (stop_asked())
            break;
    }
    if (!sender_flush(r->sender, &lost))
        fail(r, &lost);
    return status != TABLE_BAD;
}

int main(int argc, char **argv)
{
    struct options o;
    struct run r = {.o = &o};
    struct err e;

    options_parse(&o, argc, argv);
    if (!(r.redis = redis_new(o.shared->redis.url, o.shared->redis.timeout, &e)))
        die_usage("--redis: %s", e.text);
    if (!open_table(&r, &e) || !redis_connect(r.redis, &e))
        die_err(&e);
    r.sender = sender_new(r.redis, &o, commands_shape(r.commands));
    r.progress = progress_new(o.shared->progress, "rows", 0);
    const bool done = send_rows(&r, &e);
    remark(&r);
    if (!done)
        die_err(&e);
    run_free(&r);
    options_free(&o);
    return EXIT_DONE;
}
