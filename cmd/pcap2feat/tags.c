#include "tags.h"

#include "mem.h"
#include "patience.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_HIREDIS
#include "redis.h"
#endif

enum { NONE = -1 };

/* In the order of the first tag's arrival, in a ring. */
struct tagged {
    uint64_t flow, since;
    char *text; /* NULL: taken */
    size_t n;
    int32_t next; /* of its slot; NONE: the last */
};

struct tags {
    pthread_mutex_t lock; /* of what follows */
    uint64_t keep;
    struct tagged *ring;
    size_t first, n;
    int32_t *slots; /* by the low bits of the flow, which is a hash */
    uint64_t bad, too_many, unused;

    pthread_t thread;
    bool listening;
    atomic_bool ending;
    uint64_t away; /* times that the connection was lost */
    struct redis *redis;
};

struct tags *tags_new(uint64_t keep)
{
    struct tags *const t = mem_zero(1, sizeof *t);

    (void)pthread_mutex_init(&t->lock, NULL);
    t->keep = keep;
    t->ring = mem_zero(TAGS_FLOWS, sizeof *t->ring);
    t->slots = mem_alloc(TAGS_FLOWS, sizeof *t->slots);
    for (size_t i = 0; i < TAGS_FLOWS; i++)
        t->slots[i] = NONE;
    return t;
}

static int32_t *slot_of(const struct tags *t, uint64_t flow)
{
    return &t->slots[flow % TAGS_FLOWS];
}

static struct tagged *find(const struct tags *t, uint64_t flow)
{
    for (int32_t i = *slot_of(t, flow); i != NONE; i = t->ring[i].next)
        if (t->ring[i].flow == flow)
            return &t->ring[i];
    return NULL;
}

/* Takes it out of its slot; its place in the ring stays empty until it is the first. */
static void forget(struct tags *t, struct tagged *f)
{
    const int32_t place = (int32_t)(f - t->ring);

    for (int32_t *i = slot_of(t, f->flow); *i != NONE; i = &t->ring[*i].next)
        if (*i == place) {
            *i = f->next;
            break;
        }
    free(f->text);
    f->text = NULL;
}

static void drop_first(struct tags *t)
{
    struct tagged *const f = &t->ring[t->first];

    if (f->text) {
        t->unused++;
        forget(t, f);
    }
    t->first = (t->first + 1) % TAGS_FLOWS;
    t->n--;
}

static struct tagged *add(struct tags *t, uint64_t flow, uint64_t now)
{
    if (t->n == TAGS_FLOWS)
        drop_first(t);
    const size_t place = (t->first + t->n++) % TAGS_FLOWS;
    int32_t *const slot = slot_of(t, flow);
    t->ring[place] = (struct tagged){.flow = flow, .since = now, .next = *slot};
    t->ring[place].text = mem_alloc(1, TAGS_BYTES);
    *slot = (int32_t)place;
    return &t->ring[place];
}

/* Whether the text has the tag among those between its ';'. */
static bool has_tag(const struct tagged *f, struct span tag)
{
    for (size_t at = 0; at < f->n;) {
        const char *const p = f->text + at;
        const char *const stop = memchr(p, ';', f->n - at);
        const size_t n = stop ? (size_t)(stop - p) : f->n - at;
        if (span_equal((struct span){p, n}, tag))
            return true;
        at += n + 1;
    }
    return false;
}

static bool is_tag(struct span s)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "_-.:/+";

    for (size_t i = 0; i < s.n; i++)
        if (!memchr(allowed, s.p[i], sizeof allowed - 1))
            return false;
    return s.n > 0 && s.n <= TAG_LONGEST;
}

/* 16 hex digits, a blank and a tag. */
static bool read_message(const char *text, size_t n, uint64_t *flow, struct span *tag)
{
    enum { DIGITS = 16 };
    static const char digits[] = "0123456789abcdef";

    if (n <= DIGITS + 1 || text[DIGITS] != ' ')
        return false;
    *flow = 0;
    for (size_t i = 0; i < DIGITS; i++) {
        const char *const at = memchr(digits, text[i], sizeof digits - 1);
        if (!at)
            return false;
        *flow = *flow << 4 | (uint64_t)(at - digits);
    }
    *tag = (struct span){text + DIGITS + 1, n - DIGITS - 1};
    return is_tag(*tag);
}

void tags_message(struct tags *t, const char *text, size_t n, uint64_t now)
{
    struct span tag;
    uint64_t flow;

    (void)pthread_mutex_lock(&t->lock);
    while (t->n > 0 && (!t->ring[t->first].text || now - t->ring[t->first].since > t->keep))
        drop_first(t);
    if (!read_message(text, n, &flow, &tag)) {
        t->bad++;
    } else {
        struct tagged *f = find(t, flow);
        if (!f)
            f = add(t, flow, now);
        const size_t comma = f->n > 0;
        if (!has_tag(f, tag) && f->n + comma + tag.n > TAGS_BYTES) {
            t->too_many++;
        } else if (!has_tag(f, tag)) {
            if (comma)
                f->text[f->n++] = ';';
            memcpy(f->text + f->n, tag.p, tag.n);
            f->n += tag.n;
        }
    }
    (void)pthread_mutex_unlock(&t->lock);
}

size_t tags_take(struct tags *t, uint64_t flow, char text[TAGS_BYTES])
{
    size_t n = 0;

    (void)pthread_mutex_lock(&t->lock);
    struct tagged *const f = find(t, flow);
    if (f) {
        n = f->n;
        memcpy(text, f->text, n);
        forget(t, f);
    }
    (void)pthread_mutex_unlock(&t->lock);
    return n;
}

#ifdef HAVE_HIREDIS

static bool subscribe(struct tags *t, struct err *e)
{
    struct textbuf command = {0};

    RESP_COMMAND(&command, "SUBSCRIBE", TAGS_CHANNEL);
    redisReply *const reply = redis_connect(t->redis, e) ? redis_ask(t->redis, &command, e) : NULL;
    free(command.p);
    if (!reply)
        redis_disconnect(t->redis);
    freeReplyObject(reply);
    return reply != NULL;
}

bool tags_connect(struct tags *t, const char *url, struct err *e)
{
    enum { TIMEOUT_S = 5 };

    t->redis = redis_new(url, TIMEOUT_S, e);
    return t->redis && subscribe(t, e) && redis_pin(t->redis, e);
}

/* Waits for the next message. */
static void hear(struct tags *t)
{
    enum { WAIT_MS = 200 };
    redisReply *m;
    struct err e;

    const enum answer a = redis_answer(t->redis, WAIT_MS, &m, &e);
    t->away += a == ANSWER_LOST;
    if (a != ANSWER_HERE)
        return;
    if (m->type == REDIS_REPLY_ARRAY && m->elements == 3 &&
        m->element[2]->type == REDIS_REPLY_STRING)
        tags_message(t, m->element[2]->str, m->element[2]->len, time_now());
    freeReplyObject(m);
}

static void *listen_on(void *context)
{
    struct tags *const t = context;
    struct patience patience = {.most = 1e9};
    struct err e;

    while (!atomic_load(&t->ending))
        if (redis_connected(t->redis)) {
            patience_renew(&patience);
            hear(t);
        } else if (patience_wait(&patience, NULL)) {
            (void)subscribe(t, &e);
        }
    return NULL;
}

#else

bool tags_connect(struct tags *t, const char *url, struct err *e)
{
    (void)t;
    return err_set(e, "%s: this pcap2feat was built without hiredis", url);
}

static void *listen_on(void *context)
{
    return context;
}

#endif

/* Signals are for those who read packets. */
bool tags_listen(struct tags *t, struct err *e)
{
    sigset_t all, before;

    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    const int error = pthread_create(&t->thread, NULL, listen_on, t);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    t->listening = error == 0;
    return t->listening || err_set(e, "a thread for --tags: %s", strerror(error));
}

static void end_thread(struct tags *t)
{
    if (!t->listening)
        return;
    atomic_store(&t->ending, true);
    (void)pthread_join(t->thread, NULL);
    t->listening = false;
}

void tags_report(struct tags *t, const struct cli_shared_values *v)
{
    end_thread(t);
    while (t->n > 0)
        drop_first(t);
    const struct {
        uint64_t n;
        const char *what;
    } causes[] = {
        {t->unused, "flows were tagged and had no row any more, or none in time"},
        {t->too_many, "tags were too many of one flow (255 bytes)"},
        {t->bad, "messages on " TAGS_CHANNEL " were not 'FLOW TAG'"},
        {t->away, "times the server of --tags went away: what was sent meanwhile is lost"},
    };
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (causes[i].n > 0)
            cli_note(v, "%llu %s", (unsigned long long)causes[i].n, causes[i].what);
}

void tags_free(struct tags *t)
{
    if (!t)
        return;
    end_thread(t);
    while (t->n > 0)
        drop_first(t);
#ifdef HAVE_HIREDIS
    redis_free(t->redis);
#endif
    (void)pthread_mutex_destroy(&t->lock);
    free(t->ring);
    free(t->slots);
    free(t);
}
