#include "work.h"

#include "mem.h"
#include "stop.h"

#include <stdlib.h>

#define NS_PER_MS 1000000

static uint64_t idle_ms(const struct work *w)
{
    return (time_now() - w->last) / NS_PER_MS;
}

bool work_done(const struct work *w)
{
    return stop_asked() || rows_counts(w->rows)->written >= w->o->count ||
           (w->o->idle > 0 && (double)idle_ms(w) >= w->o->idle * 1000);
}

int work_wait(const struct work *w)
{
    enum { LONGEST = 1000 };

    if (w->o->idle <= 0)
        return LONGEST;
    const double left = w->o->idle * 1000 - (double)idle_ms(w);
    return left < 1 ? 1 : left < LONGEST ? (int)left : LONGEST;
}

size_t work_room(const struct work *w)
{
    const uint64_t left = w->o->count - rows_counts(w->rows)->written;

    return left < w->o->batch ? (size_t)left : w->o->batch;
}

bool work_flush(struct work *w, struct err *e)
{
    w->last = time_now();
    progress_at(w->progress, rows_counts(w->rows)->written);
    return rows_flush(w->rows, e);
}

bool work_come_back(struct work *w, struct redis *r, struct err *e)
{
    if (w->patience.until == 0 && w->o->shared->redis.retry > 0)
        cli_note(w->o->shared, "%s; trying again for %g s", e->text, w->o->shared->redis.retry);
    return redis_come_back(r, &w->patience, stop_asked, e);
}

struct span reply_text(const redisReply *reply)
{
    if (reply->type != REDIS_REPLY_STRING && reply->type != REDIS_REPLY_STATUS)
        return (struct span){NULL, 0};
    return (struct span){reply->str, reply->len};
}

static redisReply *ask(struct redis *r, const char *const *words, size_t n, struct err *e)
{
    struct textbuf command = {0};

    resp_command(&command, words, n);
    redisReply *const reply = redis_ask(r, &command, e);
    free(command.p);
    return reply;
}

static bool describe_by_list(struct work *w, struct redis *r, const char *key, struct err *e)
{
    redisReply *const list = ask(r, (const char *[]){"LRANGE", key, "0", "-1"}, 4, e);

    if (!list)
        return false;
    struct span *const names = mem_zero(list->elements, sizeof *names);
    for (size_t i = 0; i < list->elements; i++)
        names[i] = reply_text(list->element[i]);
    const bool ok = list->elements == 0 || rows_set_names(w->rows, names, list->elements, e);
    free(names);
    freeReplyObject(list);
    return ok;
}

bool work_describe(struct work *w, struct redis *r, const char *base, struct err *e)
{
    struct textbuf header = {0}, columns = {0};
    bool ok = false;

    textbuf_printf(&header, "%sheader", base);
    textbuf_printf(&columns, "%scolumns", base);
    redisReply *const text = ask(r, (const char *[]){"GET", header.p}, 2, e);
    if (text && reply_text(text).p)
        ok = rows_set_header(w->rows, reply_text(text), e);
    else if (text)
        ok = describe_by_list(w, r, columns.p, e);
    freeReplyObject(text);
    free(header.p);
    free(columns.p);
    return ok;
}
