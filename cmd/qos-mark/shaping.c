#include "shaping.h"

#include <ctype.h>
#include <net/if.h>
#include <string.h>

static bool name_valid(const char *name, size_t n)
{
    if (n == 0 || n >= IF_NAMESIZE || *name == '-')
        return false;
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)name[i]) && !strchr("._-", name[i]))
            return false;
    return true;
}

bool shaping_devices_valid(const char *list)
{
    for (const char *p = list;; p++) {
        const size_t n = strcspn(p, ",");
        if (!name_valid(p, n))
            return false;
        p += n;
        if (!*p)
            return true;
    }
}

bool shaping_devices_there(const char *list, struct err *e)
{
    char name[IF_NAMESIZE];

    for (const char *p = list; *p;) {
        const size_t n = strcspn(p, ",");
        memcpy(name, p, n);
        name[n] = '\0';
        if (if_nametoindex(name) == 0)
            return err_set(e, "--dev: there is no interface '%s'", name);
        p += n + (p[n] == ',');
    }
    return true;
}

enum { MINOR_REST = 1, MINOR_FIRST = 0x10 };

unsigned shaping_minor(size_t class)
{
    return MINOR_FIRST + (unsigned)class;
}

/* Without a limit: more than any link has, with the bytes that such a rate lets through in a
 * millisecond. */
static void put_unlimited(struct textbuf *t, const char *dev, int n, unsigned minor,
                          unsigned priority)
{
    textbuf_printf(t,
                   "class add dev %.*s parent 1: classid 1:%x htb rate 100gbit burst 12mb cburst "
                   "12mb quantum 60000 prio %u\n",
                   n, dev, minor, priority);
}

/* A burst of 20 ms and a packet; a queue of 200 ms and some packets. */
static void put_limited(struct textbuf *t, const char *dev, int n, unsigned minor,
                        const struct treatment *x)
{
    const unsigned long long rate = x->rate, bytes = rate / 8;
    const unsigned long long burst = bytes / 50 + 3000, queue = bytes / 5 + 30000;

    textbuf_printf(t,
                   "class add dev %.*s parent 1: classid 1:%x htb rate %llubit burst %llu cburst "
                   "%llu quantum 3000 prio %u\n"
                   "qdisc add dev %.*s parent 1:%x bfifo limit %llu\n",
                   n, dev, minor, rate, burst, burst, x->priority, n, dev, minor,
                   queue < UINT32_MAX ? queue : UINT32_MAX);
}

void shaping_write(const struct policy *p, const char *devices, struct textbuf *t)
{
    for (const char *dev = devices; *dev;) {
        const int n = (int)strcspn(dev, ",");
        textbuf_printf(t, "qdisc add dev %.*s root handle 1: htb default %x\n", n, dev, MINOR_REST);
        put_unlimited(t, dev, n, MINOR_REST, PRIORITY_USUAL);
        for (size_t i = 0; i < p->n; i++) {
            if (p->all[i].rate > 0)
                put_limited(t, dev, n, shaping_minor(i), &p->all[i]);
            else
                put_unlimited(t, dev, n, shaping_minor(i), p->all[i].priority);
        }
        dev += n + (dev[n] == ',');
    }
}
