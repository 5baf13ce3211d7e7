#include "http_head.h"

#include <string.h>
#include <strings.h>

enum { METHOD_MOST = 24 };

/* Takes a line with its end off *rest; false where it has none. */
static bool take_line(struct span *rest, struct span *line)
{
    const char *const end = memchr(rest->p, '\n', rest->n);

    if (!end)
        return false;
    const size_t n = (size_t)(end - rest->p);
    *line = (struct span){rest->p, n > 0 && end[-1] == '\r' ? n - 1 : n};
    rest->p += n + 1;
    rest->n -= n + 1;
    return true;
}

static struct span trimmed(struct span s)
{
    while (s.n > 0 && (*s.p == ' ' || *s.p == '\t')) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

static bool begins(struct span s, const char *with)
{
    const size_t n = strlen(with);

    return s.n >= n && memcmp(s.p, with, n) == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* HTTP/1.1 200 and what follows a blank. */
static bool parse_status(struct span line, struct http_head *h)
{
    if (!begins(line, "HTTP/1.") || line.n < 12 || line.p[8] != ' ')
        return false;
    for (int i = 9; i < 12; i++)
        if (!is_digit(line.p[i]))
            return false;
    h->response = true;
    h->status = (uint16_t)((line.p[9] - '0') * 100 + (line.p[10] - '0') * 10 + line.p[11] - '0');
    return line.n == 12 || line.p[12] == ' ';
}

/* Capitals and dashes, as methods in use have them; n is 0 where no blank follows. */
static struct span method_of(struct span line, bool *maybe)
{
    size_t n = 0;

    while (n < line.n && n < METHOD_MOST &&
           ((line.p[n] >= 'A' && line.p[n] <= 'Z') || line.p[n] == '-'))
        n++;
    *maybe = n == line.n && n < METHOD_MOST; /* it may go on behind the end */
    return (struct span){line.p, n < line.n && line.p[n] == ' ' ? n : 0};
}

static bool parse_request(struct span line, struct http_head *h)
{
    enum { VERSION = 9 }; /* " HTTP/1.1" */
    bool maybe;

    h->method = method_of(line, &maybe);
    if (h->method.n == 0 || line.n < h->method.n + 1 + VERSION)
        return false;
    const struct span version = {line.p + line.n - VERSION, VERSION};
    if (!begins(version, " HTTP/1.") || !is_digit(version.p[VERSION - 1]))
        return false;
    h->target = (struct span){line.p + h->method.n + 1, line.n - h->method.n - 1 - VERSION};
    return h->target.n > 0;
}

static void parse_field(struct span line, struct http_head *h)
{
    const struct {
        const char *name;
        struct span *value;
    } all[] = {{"host", &h->host},
               {"referer", &h->referer},
               {"user-agent", &h->user_agent},
               {"content-type", &h->content_type}};
    const char *const colon = memchr(line.p, ':', line.n);

    if (!colon)
        return;
    const size_t n = (size_t)(colon - line.p);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strlen(all[i].name) == n && strncasecmp(line.p, all[i].name, n) == 0 &&
            all[i].value->n == 0)
            *all[i].value = trimmed((struct span){colon + 1, line.n - n - 1});
}

/* Whether a first line that is not whole yet may be one of HTTP. */
static bool may_be(struct span line)
{
    static const char status[] = "HTTP/1.";
    const size_t n = line.n < sizeof status - 1 ? line.n : sizeof status - 1;
    bool maybe;

    if (memcmp(line.p, status, n) == 0)
        return true;
    return method_of(line, &maybe).n > 0 || maybe;
}

enum http_status http_head_parse(const uint8_t *p, uint32_t n, bool final, struct http_head *h)
{
    struct span rest = {(const char *)p, n}, line;

    *h = (struct http_head){0};
    if (!may_be(rest))
        return HTTP_NOT;
    if (!take_line(&rest, &line))
        return final ? HTTP_NOT : HTTP_MORE;
    if (!parse_status(line, h) && !parse_request(line, h))
        return HTTP_NOT;
    while (take_line(&rest, &line)) {
        if (line.n == 0)
            return HTTP_HEAD;
        parse_field(line, h);
    }
    return final ? HTTP_HEAD : HTTP_MORE;
}
