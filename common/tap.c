#include "tap.h"

#include "mem.h"
#include "num.h"
#include "wall.h"

#include <fcntl.h>
#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INTERFACE_COUNTERS = 2 };

struct tap {
    pcap_t *pcap;
    bool immediate;
    uint64_t since;
    int counters[INTERFACE_COUNTERS];    /* files of the interface's own counters; -1: none */
    uint64_t before[INTERFACE_COUNTERS]; /* what they said when the tap was opened */
    struct tap_counts counts;
};

static bool activate(const struct tap *t, const char *interface, const struct tap_options *o,
                     struct err *e)
{
    char reason[PCAP_ERRBUF_SIZE] = "";

    if (pcap_set_snaplen(t->pcap, o->snaplen) != 0 || pcap_set_promisc(t->pcap, 1) != 0 ||
        pcap_set_timeout(t->pcap, TAP_TIMEOUT_MS) != 0 ||
        pcap_set_buffer_size(t->pcap, o->buffer) != 0 ||
        pcap_set_immediate_mode(t->pcap, o->immediate) != 0)
        return err_set(e, "%s: libpcap does not take the settings", interface);
    /* Where the interface has only microseconds, libpcap leaves it at those. */
    (void)pcap_set_tstamp_precision(t->pcap, PCAP_TSTAMP_PRECISION_NANO);
    const int status = pcap_activate(t->pcap);
    /* Waiting is ours: libpcap's own ignores the timeout where the kernel wakes it up. */
    if (status >= 0 && pcap_setnonblock(t->pcap, 1, reason) != 0)
        return err_set(e, "%s: %s", interface, reason);
    if (status >= 0)
        return true;
    const char *const what = pcap_statustostr(status), *const more = pcap_geterr(t->pcap);
    if (*more == '\0' || strcmp(what, more) == 0)
        return err_set(e, "%s: %s", interface, what);
    return err_set(e, "%s: %s (%s)", interface, what, more);
}

/* The kernel gives a flow to one member of the group, whichever way its packets go. */
static bool join(struct tap *t, const char *interface, int group, struct err *e)
{
    const int how = group | PACKET_FANOUT_HASH << 16;

    t->since = wall_now();
    return setsockopt(pcap_fileno(t->pcap), SOL_PACKET, PACKET_FANOUT, &how, sizeof how) == 0 ||
           err_sys(e, "%s: can't join group %d of those that share it", interface, group);
}

/* What a counter of the interface says; 0 where there is none. */
static uint64_t read_counter(int fd)
{
    char text[32];
    uint64_t v;
    const ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof text, 0);

    return n > 1 && num_u64(text, (size_t)n - 1, &v) == NUM_OK ? v : 0;
}

/* Files that are open can be read when no other can be any more. */
static void open_counters(struct tap *t, const char *interface)
{
    static const char *const names[INTERFACE_COUNTERS] = {"rx_missed_errors", "rx_fifo_errors"};
    char path[128];

    for (int i = 0; i < INTERFACE_COUNTERS; i++) {
        const int n =
            snprintf(path, sizeof path, "/sys/class/net/%s/statistics/%s", interface, names[i]);
        if (n > 0 && (size_t)n < sizeof path)
            t->counters[i] = open(path, O_RDONLY | O_CLOEXEC);
        t->before[i] = read_counter(t->counters[i]);
    }
}

struct tap *tap_open(const char *interface, const struct tap_options *o, struct err *e)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    struct tap *const t = mem_zero(1, sizeof *t);

    memset(t->counters, -1, sizeof t->counters);
    t->immediate = o->immediate;
    t->pcap = pcap_create(interface, reason);
    if (!t->pcap)
        err_set(e, "%s: %s", interface, reason);
    else if (activate(t, interface, o, e) &&
             (o->group == TAP_NO_GROUP || join(t, interface, o->group, e))) {
        open_counters(t, interface);
        return t;
    }
    tap_close(t);
    return NULL;
}

void tap_close(struct tap *t)
{
    if (!t)
        return;
    if (t->pcap)
        pcap_close(t->pcap);
    for (int i = 0; i < INTERFACE_COUNTERS; i++)
        if (t->counters[i] >= 0)
            (void)close(t->counters[i]);
    free(t);
}

struct pcap *tap_pcap(const struct tap *t)
{
    return t->pcap;
}

uint64_t tap_since(const struct tap *t)
{
    return t->since;
}

int tap_delay(const struct tap *t)
{
    return t->immediate ? 0 : TAP_TIMEOUT_MS;
}

int tap_fd(const struct tap *t)
{
    return pcap_get_selectable_fd(t->pcap);
}

/* The kernel's counters begin anew each time they are read; libpcap's way to them opens files. */
bool tap_counts(struct tap *t, struct tap_counts *counts)
{
    struct tpacket_stats_v3 now;
    socklen_t n = sizeof now;

    if (getsockopt(pcap_fileno(t->pcap), SOL_PACKET, PACKET_STATISTICS, &now, &n) != 0)
        return false;
    t->counts.received += now.tp_packets;
    t->counts.dropped += now.tp_drops;
    t->counts.lost = 0;
    for (int i = 0; i < INTERFACE_COUNTERS; i++)
        t->counts.lost += read_counter(t->counters[i]) - t->before[i];
    *counts = t->counts;
    return true;
}
