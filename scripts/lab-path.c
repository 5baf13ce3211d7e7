/* A network path between two interfaces: frames that arrive on one leave on the other later, as a
 * line of a given rate, queue, delay, jitter and loss would let them. Frames keep their order.
 *
 * Usage: lab-path INTERFACE INTERFACE DELAY_US JITTER_US RATE_KBIT QUEUE_BYTES LOSS_PPM SEED
 *
 * For scripts/lab only: Linux has netem for this, but not every kernel is built with it. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 2048, FRAME_MAX = 2048 };

struct waiting {
    uint64_t due; /* ns */
    size_t n;
    uint8_t bytes[FRAME_MAX];
};

struct line {
    int from, to;
    uint64_t free_at;  /* when the last bit of what was accepted has left the queue */
    uint64_t last_due; /* arrival of the last frame at the far end */
    size_t head, n;
    struct waiting *slots; /* a ring */
};

struct path {
    uint64_t delay, jitter; /* ns */
    uint64_t kbit;
    uint64_t queue; /* bytes */
    uint64_t loss;  /* frames in a million */
    uint64_t random;
};

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "lab-path: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static uint64_t random_below(struct path *p, uint64_t n)
{
    p->random = p->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return n == 0 ? 0 : (p->random >> 33) % n;
}

static int open_interface(const char *name)
{
    const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(ETH_P_ALL));
    if (fd < 0)
        fail("socket");
    const int one = 1;
    const struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                        .sll_protocol = htons(ETH_P_ALL),
                                        .sll_ifindex = (int)if_nametoindex(name)};
    if (address.sll_ifindex == 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one) != 0 ||
        bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        fail(name);
    return fd;
}

/* Takes what arrived: each frame is lost, finds the queue full, or gets its time of arrival. */
static void accept_frames(struct line *l, struct path *p)
{
    while (l->n < SLOTS) {
        struct waiting *w = &l->slots[(l->head + l->n) % SLOTS];
        const ssize_t got = recv(l->from, w->bytes, sizeof w->bytes, 0);
        if (got <= 0)
            return;
        const uint64_t now = now_ns();
        const uint64_t start = l->free_at > now ? l->free_at : now;
        const bool full = (start - now) * p->kbit / 8000000 > p->queue;
        if (full || random_below(p, 1000000) < p->loss)
            continue;
        w->n = (size_t)got;
        l->free_at = start + w->n * 8000000 / p->kbit;
        /* The sum of two uniform draws: most frames see half of the jitter. */
        const uint64_t jitter = random_below(p, p->jitter / 2) + random_below(p, p->jitter / 2);
        w->due = l->free_at + p->delay + jitter;
        if (w->due < l->last_due)
            w->due = l->last_due;
        l->last_due = w->due;
        l->n++;
    }
}

static void deliver_frames(struct line *l)
{
    const uint64_t now = now_ns();
    while (l->n > 0 && l->slots[l->head].due <= now) {
        const struct waiting *w = &l->slots[l->head];
        if (send(l->to, w->bytes, w->n, 0) < 0 && errno == ENETDOWN)
            exit(0);
        l->head = (l->head + 1) % SLOTS;
        l->n--;
    }
}

static void carry(struct line lines[2], struct path *p)
{
    for (;;) {
        uint64_t next = now_ns() + UINT64_C(1000000000);
        for (int i = 0; i < 2; i++)
            if (lines[i].n > 0 && lines[i].slots[lines[i].head].due < next)
                next = lines[i].slots[lines[i].head].due;
        const uint64_t now = now_ns();
        const uint64_t wait = next > now ? next - now : 0;
        const struct timespec timeout = {.tv_sec = (time_t)(wait / 1000000000),
                                         .tv_nsec = (long)(wait % 1000000000)};
        struct pollfd polls[2] = {{.fd = lines[0].from, .events = POLLIN},
                                  {.fd = lines[1].from, .events = POLLIN}};
        if (ppoll(polls, 2, &timeout, NULL) < 0 && errno != EINTR)
            fail("poll");
        for (int i = 0; i < 2; i++) {
            accept_frames(&lines[i], p);
            deliver_frames(&lines[i]);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 9) {
        fprintf(stderr, "usage: lab-path INTERFACE INTERFACE DELAY_US JITTER_US RATE_KBIT "
                        "QUEUE_BYTES LOSS_PPM SEED\n");
        return 2;
    }
    uint64_t n[6];
    for (int i = 0; i < 6; i++)
        n[i] = strtoull(argv[3 + i], NULL, 10);
    struct path p = {.delay = n[0] * 1000,
                     .jitter = n[1] * 1000,
                     .kbit = n[2] > 0 ? n[2] : 1,
                     .queue = n[3],
                     .loss = n[4],
                     .random = n[5]};
    const int a = open_interface(argv[1]);
    const int b = open_interface(argv[2]);
    struct line lines[2] = {{.from = a, .to = b}, {.from = b, .to = a}};
    for (int i = 0; i < 2; i++) {
        lines[i].slots = calloc(SLOTS, sizeof *lines[i].slots);
        if (lines[i].slots == NULL)
            fail("memory");
    }
    carry(lines, &p);
}
