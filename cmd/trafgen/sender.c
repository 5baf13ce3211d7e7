#include "sender.h"

#include "mem.h"
#include "stop.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct sender {
    int fd;
    uint32_t mtu;
    char name[IFNAMSIZ];
};

static bool open_socket(struct sender *s, struct err *e)
{
    /* Protocol 0: nothing is received. */
    s->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (s->fd >= 0)
        return true;
    if (errno == EPERM || errno == EACCES)
        return err_set(e, "%s: sending frames needs root or the capability cap_net_raw", s->name);
    return err_sys(e, "%s: socket", s->name);
}

/* Asks the kernel for something about the interface. */
static bool ask(const struct sender *s, unsigned long what, struct ifreq *r, struct err *e)
{
    memset(r, 0, sizeof *r);
    memcpy(r->ifr_name, s->name, sizeof s->name);
    if (ioctl(s->fd, what, r) == 0)
        return true;
    if (errno == ENODEV)
        return err_set(e, "%s: no such interface (ip link lists them)", s->name);
    return err_sys(e, "%s", s->name);
}

static bool check_kind(const struct sender *s, struct err *e)
{
    struct ifreq r;

    if (!ask(s, SIOCGIFHWADDR, &r, e))
        return false;
    if (r.ifr_hwaddr.sa_family == ARPHRD_ETHER || r.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK)
        return true;
    return err_set(e, "%s: not an Ethernet interface", s->name);
}

static bool check_state(const struct sender *s, struct err *e)
{
    struct ifreq r;

    if (!ask(s, SIOCGIFFLAGS, &r, e))
        return false;
    if (!(r.ifr_flags & IFF_UP))
        return err_set(e, "%s: is down (ip link set %s up)", s->name, s->name);
    if (!(r.ifr_flags & IFF_RUNNING))
        return err_set(e, "%s: has no carrier: is the other end plugged in and up?", s->name);
    return true;
}

static bool learn_mtu(struct sender *s, struct err *e)
{
    struct ifreq r;

    if (!ask(s, SIOCGIFMTU, &r, e))
        return false;
    s->mtu = (uint32_t)r.ifr_mtu;
    return true;
}

static bool bind_to(const struct sender *s, struct err *e)
{
    struct ifreq r;

    if (!ask(s, SIOCGIFINDEX, &r, e))
        return false;
    const struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = r.ifr_ifindex};
    return bind(s->fd, (const struct sockaddr *)&to, sizeof to) == 0 ||
           err_sys(e, "%s: bind", s->name);
}

struct sender *sender_open(const char *interface, struct err *e)
{
    struct sender *const s = mem_zero(1, sizeof *s);

    s->fd = -1;
    if (strlen(interface) >= sizeof s->name) {
        err_set(e, "%s: no such interface (ip link lists them)", interface);
    } else {
        memcpy(s->name, interface, strlen(interface));
        if (open_socket(s, e) && check_kind(s, e) && check_state(s, e) && learn_mtu(s, e) &&
            bind_to(s, e))
            return s;
    }
    sender_close(s);
    return NULL;
}

void sender_close(struct sender *s)
{
    if (!s)
        return;
    if (s->fd >= 0)
        (void)close(s->fd);
    free(s);
}

uint32_t sender_mtu(const struct sender *s)
{
    return s->mtu;
}

enum sender_status sender_send(struct sender *s, const void *frame, size_t n, struct err *e)
{
    ssize_t sent;

    do
        sent = send(s->fd, frame, n, 0);
    while (sent < 0 && errno == EINTR && !stop_asked());
    if (sent >= 0)
        return SENDER_SENT;
    if (errno == ENOBUFS || errno == EINTR)
        return SENDER_FULL;
    if (errno == ENETDOWN)
        err_set(e, "%s: went down while packets were sent", s->name);
    else
        err_sys(e, "%s: send", s->name);
    return SENDER_BAD;
}

/* The kernel takes the empty frame as far as its buffer, and then finds it too short. */
void sender_warm(void *sender)
{
    const struct sender *const s = sender;

    (void)send(s->fd, "", 0, MSG_DONTWAIT);
}
