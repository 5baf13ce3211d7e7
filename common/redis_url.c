#include "redis_url.h"

#include "mem.h"
#include "num.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_PORT = 6379, MOST_DATABASES = 1000000 };

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *const at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* The text with %XX resolved; NULL where one is wrong, or is a NUL. */
static char *decoded(const char *s, size_t n)
{
    char *const text = mem_alloc(n + 1, 1);
    char *to = text;

    for (const char *p = s; p < s + n; p++) {
        if (*p != '%') {
            *to++ = *p;
            continue;
        }
        const int high = s + n - p > 2 ? hex_digit(p[1]) : -1;
        const int low = high >= 0 ? hex_digit(p[2]) : -1;
        if (low < 0 || high + low == 0) {
            free(text);
            return NULL;
        }
        *to++ = (char)(high * 16 + low);
        p += 2;
    }
    *to = '\0';
    return text;
}

static bool take_number(const char *s, size_t n, uint64_t min, uint64_t max, const char *what,
                        unsigned *number, struct err *e)
{
    uint64_t v;

    if (num_u64(s, n, &v) != NUM_OK || v < min || v > max)
        return err_set(e, "the %s '%.*s' is not in %llu..%llu", what, (int)n, s,
                       (unsigned long long)min, (unsigned long long)max);
    *number = (unsigned)v;
    return true;
}

/* USER:PASSWORD, of which either may be left out. */
static bool take_login(struct redis_url *u, const char *s, size_t n, struct err *e)
{
    const char *const colon = memchr(s, ':', n);
    const size_t user = colon ? (size_t)(colon - s) : n;

    if (user > 0 && !(u->user = decoded(s, user)))
        return err_set(e, "a %% in the user's name is not followed by two hex digits");
    if (colon && !(u->password = decoded(colon + 1, n - user - 1)))
        return err_set(e, "a %% in the password is not followed by two hex digits");
    return true;
}

static bool take_host(struct redis_url *u, const char *s, struct err *e)
{
    const char *const slash = strchr(s, '/');
    const char *const end = slash ? slash : s + strlen(s);
    const bool bracket = *s == '[';
    const char *const host = s + bracket;
    const char *const stop =
        bracket ? memchr(s, ']', (size_t)(end - s)) : memchr(s, ':', (size_t)(end - s));
    const char *const host_end = stop ? stop : end;
    const char *const rest = host_end + (bracket && stop);

    if ((bracket && !stop) || host_end == host)
        return err_set(e, "has no host (redis://HOST:PORT/DATABASE)");
    u->host = mem_string(host, (size_t)(host_end - host));
    if (rest < end && *rest != ':')
        return err_set(e, "'%.*s' stands behind the host", (int)(end - rest), rest);
    if (rest < end &&
        !take_number(rest + 1, (size_t)(end - rest) - 1, 1, 65535, "port", &u->port, e))
        return false;
    return !slash || !slash[1] ||
           take_number(slash + 1, strlen(slash + 1), 0, MOST_DATABASES, "database", &u->database,
                       e);
}

static bool take_path(struct redis_url *u, const char *s, struct err *e)
{
    const char *const query = strchr(s, '?');
    const size_t n = query ? (size_t)(query - s) : strlen(s);

    if (*s != '/' || n < 2)
        return err_set(e, "has no path from the root (unix:///PATH)");
    if (!(u->path = decoded(s, n)))
        return err_set(e, "a %% in the path is not followed by two hex digits");
    if (!query)
        return true;
    if (strncmp(query, "?db=", 4) != 0)
        return err_set(e, "'%s' is not ?db=DATABASE", query);
    return take_number(query + 4, strlen(query + 4), 0, MOST_DATABASES, "database", &u->database,
                       e);
}

/* What follows "redis://" or "unix://". The login ends at the last @ before the host or path. */
static bool take_rest(struct redis_url *u, const char *s, bool tcp, struct err *e)
{
    const char *const limit = s + strcspn(s, "/");
    const char *const at = memrchr(s, '@', (size_t)(limit - s));

    if (at && !take_login(u, s, (size_t)(at - s), e))
        return false;
    return tcp ? take_host(u, at ? at + 1 : s, e) : take_path(u, at ? at + 1 : s, e);
}

bool redis_url_parse(const char *text, struct redis_url *u, struct err *e)
{
    const bool tcp = strncmp(text, "redis://", 8) == 0;

    *u = (struct redis_url){.port = DEFAULT_PORT};
    if (strncmp(text, "rediss://", 9) == 0)
        return err_set(e, "rediss:// (TLS) is not spoken here; a tunnel such as stunnel speaks it");
    if (!tcp && strncmp(text, "unix://", 7) != 0)
        return err_set(e, "is not redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE] or unix:///PATH");
    if (take_rest(u, text + (tcp ? 8 : 7), tcp, e))
        return true;
    redis_url_free(u);
    return false;
}

void redis_url_free(struct redis_url *u)
{
    free(u->user);
    free(u->password);
    free(u->host);
    free(u->path);
    *u = (struct redis_url){0};
}

char *redis_url_name(const struct redis_url *u)
{
    char *name;
    const bool colons = u->host && strchr(u->host, ':');
    const int n = u->host ? asprintf(&name, "redis://%s%s%s:%u/%u", colons ? "[" : "", u->host,
                                     colons ? "]" : "", u->port, u->database)
                          : asprintf(&name, u->database ? "unix://%s?db=%u" : "unix://%s", u->path,
                                     u->database);

    if (n < 0)
        die("out of memory");
    return name;
}
