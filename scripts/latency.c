/* Times on the wire, for scripts/latency: an echo, who calls it, and a clock for rows of a table.
 *
 * Usage: latency echo PORT                     send each datagram back, until a signal
 *        latency call ADDRESS PORT N GAP_US    N round trips, one a line, in ns; lost ones are 0
 *        latency rows                          ns from a row's ts to its arrival here, one a line
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 1000, LINE = 4096 };

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "latency: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Other programs shall not come between; where we may not say so, they do. */
static void go_first(void)
{
    const struct sched_param p = {.sched_priority = 50};

    (void)sched_setscheduler(0, SCHED_FIFO, &p);
}

static struct sockaddr_in address(const char *ip, const char *port)
{
    struct sockaddr_in a = {.sin_family = AF_INET};

    a.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    if (inet_pton(AF_INET, ip, &a.sin_addr) != 1)
        fail(ip);
    return a;
}

static int echo(const char *port)
{
    const int s = socket(AF_INET, SOCK_DGRAM, 0);
    const struct sockaddr_in own = address("0.0.0.0", port);
    uint8_t datagram[2048];

    if (s < 0 || bind(s, (const struct sockaddr *)&own, sizeof own) != 0)
        fail("bind");
    for (;;) {
        struct sockaddr_in from;
        socklen_t n_from = sizeof from;
        const ssize_t n =
            recvfrom(s, datagram, sizeof datagram, 0, (struct sockaddr *)&from, &n_from);
        if (n < 0)
            fail("recvfrom");
        (void)sendto(s, datagram, (size_t)n, 0, (const struct sockaddr *)&from, n_from);
    }
}

/* One round trip; 0 where it never ends. */
static uint64_t round_trip(int s, uint64_t number)
{
    uint64_t datagram[16] = {number}, answer[16];
    struct pollfd fd = {.fd = s, .events = POLLIN};
    const uint64_t from = now(CLOCK_MONOTONIC);

    if (send(s, datagram, sizeof datagram, 0) < 0)
        fail("send");
    while (poll(&fd, 1, WAIT_MS) > 0) {
        if (recv(s, answer, sizeof answer, 0) < 0)
            fail("recv");
        if (answer[0] == number)
            return now(CLOCK_MONOTONIC) - from;
    }
    return 0;
}

static int call(char **argv)
{
    const int s = socket(AF_INET, SOCK_DGRAM, 0);
    const struct sockaddr_in far = address(argv[0], argv[1]);
    const uint64_t n = strtoull(argv[2], NULL, 10), gap = strtoull(argv[3], NULL, 10) * 1000;
    const struct timespec pause = {.tv_nsec = (long)gap};

    if (s < 0 || connect(s, (const struct sockaddr *)&far, sizeof far) != 0)
        fail("connect");
    for (uint64_t i = 0; i < n; i++) {
        printf("%llu\n", (unsigned long long)round_trip(s, i + 1));
        if (gap)
            nanosleep(&pause, NULL);
    }
    return 0;
}

/* The time in a row's first field, seconds with nine decimals; 0 where it has none. */
static uint64_t time_of(const char *line)
{
    char *end;
    const uint64_t seconds = strtoull(line, &end, 10);

    return *end == '.' ? seconds * 1000000000 + strtoull(end + 1, NULL, 10) : 0;
}

static int rows(void)
{
    char line[LINE];

    while (fgets(line, sizeof line, stdin)) {
        const uint64_t at = now(CLOCK_REALTIME), ts = time_of(line);
        if (ts)
            printf("%lld\n", (long long)(at - ts));
    }
    return 0;
}

int main(int argc, char **argv)
{
    go_first();
    if (argc == 3 && strcmp(argv[1], "echo") == 0)
        return echo(argv[2]);
    if (argc == 6 && strcmp(argv[1], "call") == 0)
        return call(argv + 2);
    if (argc == 2 && strcmp(argv[1], "rows") == 0)
        return rows();
    fputs("usage: latency echo PORT | call ADDRESS PORT N GAP_US | rows\n", stderr);
    return 2;
}
