#include "collector.h"

#include "mem.h"
#include "num.h"

#include <stdlib.h>
#include <string.h>

static const char default_port[] = "4739"; /* RFC 7011, 10.3.4 */

static bool has_head(const char *url, const char *head)
{
    return strncmp(url, head, strlen(head)) == 0;
}

/* The host ends at `end`; what follows is nothing, or a colon and a port. */
static bool set_parts(struct collector *c, const char *host, const char *end, const char *rest)
{
    if (end == host || (*rest && (*rest != ':' || !rest[1])))
        return false;
    const char *const port = *rest ? rest + 1 : default_port;
    c->host = mem_string(host, (size_t)(end - host));
    c->port = mem_string(port, strlen(port));
    return true;
}

static bool split(struct collector *c, const char *at)
{
    if (*at == '[') {
        const char *const end = strchr(at, ']');
        return end && set_parts(c, at + 1, end, end + 1);
    }
    const char *const colon = strchr(at, ':');
    const char *const end = colon ? colon : at + strlen(at);
    return !(colon && strchr(colon + 1, ':')) && !strchr(at, '/') && set_parts(c, at, end, end);
}

/* Numbers beyond would be taken modulo 2^16; a name is looked up. */
static bool is_port(const char *port)
{
    uint64_t number;
    const enum num_status status = num_u64(port, strlen(port), &number);

    return status == NUM_SYNTAX || (status == NUM_OK && number >= 1 && number <= UINT16_MAX);
}

struct collector *collector_new(const char *url, struct err *e)
{
    struct collector *const c = mem_zero(1, sizeof *c);

    c->url = url;
    c->tcp = has_head(url, "tcp://");
    const bool ok = (c->tcp || has_head(url, "udp://")) && split(c, url + strlen("udp://"));
    if (ok && is_port(c->port))
        return c;
    err_set(e, ok ? "has a port that is not in 1..65535"
                  : "is no udp://HOST:PORT or tcp://HOST:PORT (IPv6: udp://[ADDRESS]:PORT)");
    collector_free(c);
    return NULL;
}

void collector_free(struct collector *c)
{
    if (!c)
        return;
    if (c->addresses)
        freeaddrinfo(c->addresses);
    free(c->host);
    free(c->port);
    free(c);
}

bool collector_resolve(struct collector *c, struct err *e)
{
    const struct addrinfo hints = {.ai_socktype = c->tcp ? SOCK_STREAM : SOCK_DGRAM,
                                   .ai_flags = AI_ADDRCONFIG};
    /* Without AI_ADDRCONFIG, too: it leaves out loopback addresses. */
    const struct addrinfo any = {.ai_socktype = hints.ai_socktype};
    int status = getaddrinfo(c->host, c->port, &hints, &c->addresses);

    if (status == EAI_NONAME || status == EAI_ADDRFAMILY || status == EAI_NODATA)
        status = getaddrinfo(c->host, c->port, &any, &c->addresses);
    return status == 0 || err_set(e, "%s: %s", c->url, gai_strerror(status));
}
