/* Facts of protocols in plain text: HTTP/1 and SSH. */
#include "facts_parts.h"
#include "http_head.h"

#include <stdio.h>
#include <string.h>

static void put_span(struct part_facts *f, const struct given *g, enum feature_id id, struct span s)
{
    facts_put_bytes(f, g, id, (const uint8_t *)s.p, s.n);
}

static void put_request(struct part_facts *f, const struct given *g, const struct http_head *h)
{
    put_span(f, g, F_HTTP_METHOD, h->method);
    put_span(f, g, F_HTTP_HOST, h->host);
    put_span(f, g, F_HTTP_PATH, h->target);
    put_span(f, g, F_HTTP_REFERER, h->referer);
    put_span(f, g, F_HTTP_USER_AGENT, h->user_agent);
}

enum look look_http(struct part_facts *f, const struct given *g)
{
    struct http_head h;
    const bool final = g->final || g->n >= ASSEMBLY_BYTES;
    const enum http_status status = http_head_parse(g->p, g->n, final, &h);
    char code[8];

    if (status != HTTP_HEAD)
        return status == HTTP_MORE ? LOOK_MORE : LOOK_NOTHING;
    facts_put(f, g, F_APP_PROTOCOL, "http");
    if (!h.response) {
        put_request(f, g, &h);
        return span_is(h.method, "CONNECT") ? LOOK_ON : LOOK_FOUND;
    }
    (void)snprintf(code, sizeof code, "%u", (unsigned)h.status);
    facts_put(f, g, F_HTTP_STATUS, code);
    put_span(f, g, F_HTTP_CONTENT_TYPE, h.content_type);
    /* What follows a tunnel's answer, or a mere "go on", may be something else. */
    return h.status < 300 && h.content_type.n == 0 ? LOOK_ON : LOOK_FOUND;
}

enum look look_ssh(struct part_facts *f, const struct given *g)
{
    enum { LINE_MOST = 255 };
    static const char begin[] = "SSH-";
    const uint32_t known = g->n < sizeof begin - 1 ? g->n : (uint32_t)sizeof begin - 1;

    if (memcmp(g->p, begin, known) != 0)
        return LOOK_NOTHING;
    const uint8_t *const end = memchr(g->p, '\n', g->n < LINE_MOST ? g->n : LINE_MOST);
    if (!end)
        return g->n < LINE_MOST && !g->final ? LOOK_MORE : LOOK_NOTHING;
    const size_t n = (size_t)(end - g->p);
    facts_put(f, g, F_APP_PROTOCOL, "ssh");
    facts_put_bytes(f, g, g->way == facts_server(f) ? F_SSH_SERVER : F_SSH_CLIENT, g->p,
                    n > 0 && end[-1] == '\r' ? n - 1 : n);
    return LOOK_FOUND;
}
