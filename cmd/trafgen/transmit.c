#include "transmit.h"

#include "clock.h"
#include "mem.h"
#include "realtime.h"
#include "schedule.h"
#include "sender.h"
#include "stop.h"

#include <stdlib.h>

enum {
    HEAD_START = 1000000, /* ns until the first packet */
    CACHE_LINE = 64,
    SMALL_DELAY = 30000, /* ns: what most interrupts take */
    LONG_GAP = 100000,   /* ns */
    ANY_MTU = 65535,
};

struct transmit {
    const struct transmit_options *o;
    struct sender *sender; /* NULL: dry run */
    struct clock *clock;
    struct ahead *ahead;
    struct schedule schedule;
    struct outgoing next;
    uint32_t mtu;
    uint64_t first_due, first_sent;
    uint64_t last_due; /* of the packet before, moved as the schedule was */
    uint64_t behind;   /* how late that one was then */
};

/* What sending the next frame touches. */
static void warm(void *transmit)
{
    const struct transmit *const t = transmit;
    const volatile uint8_t *const data = t->next.data;

    for (uint32_t i = 0; i < t->next.len; i += CACHE_LINE)
        (void)data[i];
    sender_warm(t->sender);
}

struct transmit *transmit_open(const struct transmit_options *o, struct err *e)
{
    struct transmit *const t = mem_zero(1, sizeof *t);

    t->o = o;
    realtime_timers();
    if (!o->dry_run && !(t->sender = sender_open(o->interface, e))) {
        transmit_close(t);
        return NULL;
    }
    t->mtu = t->sender ? sender_mtu(t->sender) : ANY_MTU;
    return t;
}

bool transmit_start(struct transmit *t, struct frames *f, struct err *e)
{
    const struct transmit_options *const o = t->o;

    /* First, so that the other thread is as it is: else nobody makes frames on a busy machine. */
    if (o->realtime && !realtime_begin(e))
        return false;
    t->ahead = ahead_new(f, o->rounds, t->mtu, e);
    if (!t->ahead)
        return false;
    t->clock = o->dry_run ? clock_simulated() : clock_real(o->realtime, warm, t);
    return true;
}

void transmit_close(struct transmit *t)
{
    if (!t)
        return;
    ahead_free(t->ahead);
    clock_free(t->clock);
    sender_close(t->sender);
    free(t);
}

static void note_scheduled(struct transmit *t, struct transmit_report *r, uint64_t due,
                           uint32_t bytes)
{
    if (r->scheduled++ == 0)
        t->first_due = due;
    r->scheduled_bytes += bytes;
    r->asked_ns = due - t->first_due - t->schedule.moved;
}

static void note_sent(struct transmit *t, struct transmit_report *r, uint64_t due, uint64_t now,
                      uint32_t bytes)
{
    if (r->packets++ == 0)
        t->first_sent = now;
    r->bytes += bytes;
    r->took_ns = now - t->first_sent;
    lateness_add(&r->lateness, now - due);
    lateness_add(&r->sending, clock_now(t->clock) - now);
}

/* When a packet is sent if nothing comes between. A delay is made up for little by little, so that
 * it spoils one gap instead of all those in which packets would be sent back to back; and a small
 * one not in the next long gap, which would be the second that it spoils. */
static uint64_t wanted(const struct transmit *t, uint64_t due)
{
    uint64_t gap = due > t->last_due ? due - t->last_due : 0;

    if (t->behind <= SMALL_DELAY && gap > LONG_GAP)
        gap = LONG_GAP;
    const uint64_t gain = (uint64_t)((double)gap * t->o->catch_up);
    if (t->behind > t->o->late_limit || t->behind <= gain)
        return due;
    return due + (t->behind - gain);
}

/* Whether a packet is sent at all. */
static bool judge(struct transmit *t, struct transmit_report *r, uint64_t due, uint64_t late)
{
    t->last_due = due;
    t->behind = late;
    if (late <= t->o->late_limit)
        return true;
    r->late++;
    if (t->o->late == LATE_DROP) {
        r->dropped_late++;
        return false;
    }
    if (t->o->late == LATE_SHIFT) {
        schedule_move(&t->schedule, late);
        r->moved += late;
        t->last_due = due + late;
        t->behind = 0;
    }
    return true;
}

static enum sender_status hand_over(struct transmit *t, const struct outgoing *o, struct err *e)
{
    if (t->sender)
        return sender_send(t->sender, o->data, o->len, e);
    clock_spend(t->clock, t->o->cost);
    return SENDER_SENT;
}

/* False with *e. */
static bool send_next(struct transmit *t, struct transmit_report *r, struct err *e)
{
    const struct outgoing *const o = &t->next;
    uint64_t due;

    if (!schedule_due(&t->schedule, o->ts, o->round, &due, e))
        return false;
    clock_wait(t->clock, wanted(t, due));
    const uint64_t now = clock_now(t->clock);
    if (now < due) /* stopped */
        return true;
    note_scheduled(t, r, due, o->len);
    if (!judge(t, r, due, now - due))
        return true;
    const enum sender_status status = hand_over(t, o, e);
    if (status == SENDER_SENT)
        note_sent(t, r, due, now, o->len);
    else if (status == SENDER_FULL)
        r->dropped_full++;
    return status != SENDER_BAD;
}

bool transmit_run(struct transmit *t, struct transmit_report *r, struct err *e)
{
    enum capture_status status = CAPTURE_FRAME;
    bool ok = true;

    *r = (struct transmit_report){.mtu = t->mtu};
    ahead_fill(t->ahead);
    t->schedule = schedule_new(clock_now(t->clock) + (t->sender ? HEAD_START : 0), t->o->speed,
                               t->o->has_gap, t->o->gap);
    while (ok && (status = ahead_next(t->ahead, &t->next, e)) == CAPTURE_FRAME)
        ok = send_next(t, r, e);
    r->not_sent = ahead_counts(t->ahead);
    return ok && status != CAPTURE_BAD;
}
