/* Where a Redis server is, and as whom to speak to it:
 *
 *     redis://[[USER][:PASSWORD]@]HOST[:PORT][/DATABASE]     port 6379, database 0
 *     unix://[[USER][:PASSWORD]@]/PATH[?db=DATABASE]
 *
 * An IPv6 address stands in [brackets]; %XX is a byte in user, password and path. */
#ifndef WEIR_REDIS_URL_H
#define WEIR_REDIS_URL_H

#include "err.h"

#include <stdbool.h>

struct redis_url {
    char *user, *password; /* NULL: none */
    char *host;            /* NULL: path */
    char *path;
    unsigned port, database;
};

/* False with *e, which never shows a password; *u is then empty. Freed with redis_url_free(). */
bool redis_url_parse(const char *text, struct redis_url *u, struct err *e);
void redis_url_free(struct redis_url *u);

/* The server without user and password, for messages. Freed by the caller. */
char *redis_url_name(const struct redis_url *u);

#endif
