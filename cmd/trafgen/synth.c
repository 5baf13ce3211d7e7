#include "synth.h"

#include "headers.h"
#include "heap.h"
#include "mem.h"
#include "payload.h"
#include "rng.h"

#include <pcap/dlt.h>
#include <stdlib.h>

enum {
    LONGEST = HEADERS_MAX + SERIES_MAX_LEN + PAYLOAD_SLACK,
    GAP = 1000000, /* ns between the packets that open or close a connection */
    WINDOW = 65535,
};

/* Steps of a connection: what comes next. */
enum step {
    STEP_SYN,
    STEP_SYN_ACK,
    STEP_ACK,
    STEP_FIN, /* while it is open, and nothing is due */
    STEP_FIN_BACK,
    STEP_LAST_ACK,
    STEP_CLOSED,
};

struct connection {
    struct headers headers[2]; /* by direction */
    uint32_t seq[2];           /* the next byte that a direction sends */
    uint32_t acked[2];         /* the last acknowledgment that it sent */
    uint32_t stamp[2];         /* the last timestamp that it sent */
    uint16_t window[2], id[2];
    enum step step;
    bool closing; /* its last packet was sent */
};

struct synth {
    struct packets *packets;
    const struct plan *plan;
    uint64_t seed;
    struct synth_counts *counts;
    struct connection *flows;
    size_t n_flows;
    struct rng rng;    /* of payloads and of first sequence numbers */
    struct heap due;   /* flows whose connection has its next step */
    struct made ahead; /* the next packet of the series */
    bool has_ahead;
    bool ended;   /* the series has, and the open connections are closing */
    uint64_t now; /* time of the last frame */
    uint8_t bytes[LONGEST];
};

/* The generator of payloads: streams of flows and directions count up from 0. */
static const uint64_t PAYLOAD_STREAM = UINT64_MAX;

/* When a connection of this flow takes a step that opens it: so that the last comes before the
 * flow's start, or all at once where the epoch leaves no room. */
static uint64_t opening_time(const struct synth *s, size_t flow, enum step step)
{
    const uint64_t start = packets_start(s->packets, flow);
    const uint64_t before = (uint64_t)(STEP_FIN - step) * GAP;

    return start > before ? start - before : 0;
}

static void start_flow(struct synth *s, size_t i)
{
    const struct plan_flow ends = plan_flow(s->plan, i);
    struct connection *const c = &s->flows[i];

    *c = (struct connection){.window = {WINDOW, WINDOW}};
    c->headers[SERIES_FORWARD] = headers_new(s->plan, &ends, SERIES_FORWARD);
    c->headers[SERIES_BACKWARD] = headers_new(s->plan, &ends, SERIES_BACKWARD);
    if (!s->plan->tcp)
        return;
    c->seq[SERIES_FORWARD] = (uint32_t)rng_u64(&s->rng);
    c->seq[SERIES_BACKWARD] = (uint32_t)rng_u64(&s->rng);
    heap_push(&s->due, (struct heap_item){opening_time(s, i, STEP_SYN), (uint32_t)i});
}

static void begin(struct synth *s)
{
    s->rng = rng_new(s->seed, PAYLOAD_STREAM);
    heap_clear(&s->due);
    for (size_t i = 0; i < s->n_flows; i++)
        start_flow(s, i);
    s->has_ahead = packets_next(s->packets, &s->ahead);
    s->ended = false;
    s->now = 0;
}

static void give(struct synth *s, uint64_t ts, uint32_t length, struct frame *f)
{
    s->now = ts > s->now ? ts : s->now;
    s->counts->frames++;
    if (length > s->counts->longest)
        s->counts->longest = length;
    *f = (struct frame){
        .data = s->bytes,
        .ts = s->now,
        .number = s->counts->frames,
        .caplen = length,
        .len = length,
        .link = DLT_EN10MB,
    };
}

/* Sends a packet of a connection at a time: `payload` bytes that begin after the headers, plus
 * flags. Returns the length of the frame. */
static uint32_t send_tcp(struct connection *c, enum series_dir dir, uint64_t ts,
                         struct headers_packet *p, uint32_t payload, uint8_t *to)
{
    const struct headers *const h = &c->headers[dir];
    const uint32_t options = p->flags & TCP_SYN ? HEADERS_SYN_OPTIONS : 0;

    p->id = c->id[dir]++;
    p->seq = c->seq[dir];
    p->ack = p->flags & TCP_ACK ? c->seq[!dir] : 0;
    /* An acknowledgment that says nothing new would count as a sign of loss (RFC 5681) unless it
     * changes the window. */
    if (payload == 0 && p->flags == TCP_ACK && p->ack == c->acked[dir])
        c->window[dir] ^= 1;
    p->window = c->window[dir];
    p->stamp = (uint32_t)(ts / 1000000); /* in ms, as Linux has it */
    p->echo = c->stamp[!dir];
    p->ip_length = headers_ip_length(h) + options + payload;
    headers_put_tcp(h, p, to);
    if (p->flags & TCP_ACK)
        c->acked[dir] = p->ack;
    c->stamp[dir] = p->stamp;
    c->seq[dir] += payload + (p->flags & (TCP_SYN | TCP_FIN) ? 1 : 0);
    return h->n + options + payload;
}

/* A packet that opens or closes a connection, and the one after it. */
static void give_step(struct synth *s, struct frame *f)
{
    static const struct {
        enum series_dir dir;
        uint8_t flags;
    } steps[] = {
        [STEP_SYN] = {SERIES_FORWARD, TCP_SYN},
        [STEP_SYN_ACK] = {SERIES_BACKWARD, TCP_SYN | TCP_ACK},
        [STEP_ACK] = {SERIES_FORWARD, TCP_ACK},
        [STEP_FIN] = {SERIES_FORWARD, TCP_FIN | TCP_ACK},
        [STEP_FIN_BACK] = {SERIES_BACKWARD, TCP_FIN | TCP_ACK},
        [STEP_LAST_ACK] = {SERIES_FORWARD, TCP_ACK},
    };
    const struct heap_item item = heap_pop(&s->due);
    struct connection *const c = &s->flows[item.who];
    struct headers_packet p = {.ttl = SYNTH_CONTROL_TTL, .flags = steps[c->step].flags};

    const uint32_t length = send_tcp(c, steps[c->step].dir, item.time, &p, 0, s->bytes);
    give(s, item.time, length, f);
    c->step++;
    if (c->step < STEP_FIN)
        heap_push(&s->due, (struct heap_item){opening_time(s, item.who, c->step), item.who});
    else if (c->step != STEP_CLOSED && (c->step != STEP_FIN || s->ended))
        heap_push(&s->due, (struct heap_item){item.time + GAP, item.who});
}

static void give_packet(struct synth *s, struct frame *f)
{
    const struct made m = s->ahead;
    struct connection *const c = &s->flows[m.flow];
    const struct headers *const h = &c->headers[m.dir];
    const uint32_t least = headers_ip_length(h);
    const uint32_t payload = m.len > least ? m.len - least : 0;
    struct headers_packet p = {
        .ip_length = least + payload,
        .ttl = SYNTH_TTL,
        .flags = payload > 0 ? TCP_ACK | TCP_PSH : TCP_ACK,
    };

    s->counts->raised += m.len < least;
    p.payload_sum = payload_put(s->plan, &s->rng, s->bytes + h->n, payload);
    if (s->plan->tcp) {
        (void)send_tcp(c, m.dir, m.ts, &p, payload, s->bytes);
    } else {
        p.id = c->id[m.dir]++;
        headers_put_udp(h, &p, s->bytes);
    }
    give(s, m.ts, h->n + payload, f);
    c->closing = m.last;
    if (s->plan->tcp && m.last)
        heap_push(&s->due, (struct heap_item){m.ts + GAP, m.flow});
    s->has_ahead = packets_next(s->packets, &s->ahead);
    if (s->has_ahead)
        __builtin_prefetch(&s->flows[s->ahead.flow].headers[s->ahead.dir]);
}

/* The series is over: connections that never began stay away, those that are open close. */
static void end_series(struct synth *s)
{
    struct heap going = {0};

    s->ended = true;
    while (s->due.n > 0) {
        const struct heap_item item = heap_pop(&s->due);
        if (s->flows[item.who].step != STEP_SYN)
            heap_push(&going, item);
    }
    heap_free(&s->due);
    s->due = going;
    for (size_t i = 0; i < s->n_flows; i++)
        if (s->flows[i].step == STEP_FIN && !s->flows[i].closing)
            heap_push(&s->due, (struct heap_item){s->now + GAP, (uint32_t)i});
}

static enum capture_status next(void *self, struct frame *f, struct err *e)
{
    struct synth *const s = self;

    if (!s->has_ahead && !s->ended) {
        if (!packets_done(s->packets, e))
            return CAPTURE_BAD;
        end_series(s);
    }
    if (s->due.n > 0 && (!s->has_ahead || s->due.items[0].time <= s->ahead.ts))
        give_step(s, f);
    else if (s->has_ahead)
        give_packet(s, f);
    else
        return CAPTURE_END;
    return CAPTURE_FRAME;
}

static bool rewind_synth(void *self, struct err *e)
{
    struct synth *const s = self;

    (void)e;
    packets_rewind(s->packets);
    begin(s);
    return true;
}

static void free_synth(void *self)
{
    struct synth *const s = self;

    packets_free(s->packets);
    heap_free(&s->due);
    free(s->flows);
    free(s);
}

static const struct frames_kind kind = {next, rewind_synth, free_synth};

static bool check_plan(const struct plan *plan, size_t n_flows, struct err *e)
{
    uint64_t flow;

    if (n_flows > plan_flows(plan))
        return err_set(e,
                       "%zu flows need a pair of addresses and ports each, and --src, --sport, "
                       "--dst and --dport make %llu",
                       n_flows, (unsigned long long)plan_flows(plan));
    return !plan_turns_back(plan, n_flows, &flow) ||
           err_set(e,
                   "flow %llu would have the same address and port at both ends: let --src and "
                   "--dst, or --sport and --dport, have none in common",
                   (unsigned long long)flow + 1);
}

struct frames *synth_new(struct packets *p, const struct plan *plan, uint64_t seed,
                         struct synth_counts *counts, struct err *e)
{
    const size_t n_flows = packets_flows(p);

    if (!check_plan(plan, n_flows, e)) {
        packets_free(p);
        return NULL;
    }
    struct synth *const s = mem_zero(1, sizeof *s);
    s->packets = p;
    s->plan = plan;
    s->seed = seed;
    s->counts = counts;
    s->n_flows = n_flows;
    s->flows = mem_zero(n_flows, sizeof *s->flows);
    begin(s);
    return frames_new(&kind, s);
}
