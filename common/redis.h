/* A connection to a Redis server that can be lost and made again, over hiredis. What waits, waits
 * in poll(), so that signals are seen and nothing waits for ever; writing to a server that is gone
 * raises no SIGPIPE.
 *
 * Replies are hiredis's: freed with freeReplyObject(). */
#ifndef WEIR_REDIS_H
#define WEIR_REDIS_H

#include "err.h"
#include "patience.h"
#include "resp.h"

#include <hiredis/hiredis.h>
#include <stdbool.h>

struct redis;

/* A server by its URL (redis_url.h); timeout in s: a server that is silent for so long while it
 * owes an answer is taken for gone. A password that the URL leaves out is that of the environment
 * variable REDISCLI_AUTH, if there is one. Does not connect yet. NULL with *e when the URL is
 * wrong. Freed with redis_free(). */
struct redis *redis_new(const char *url, double timeout, struct err *e);
void redis_free(struct redis *r);

/* The server, without user and password; messages begin with it. */
const char *redis_name(const struct redis *r);

/* One attempt to connect, log in, choose the database and get an answer. False with *e. */
bool redis_connect(struct redis *r, struct err *e);
/* The server is connected: further attempts go to the address that it has now, so that nothing has
 * to be looked up. False with *e. */
bool redis_pin(struct redis *r, struct err *e);
void redis_disconnect(struct redis *r);
bool redis_connected(const struct redis *r);

/* Whether the last redis_connect() met a server that is there and does not want us: it makes no
 * sense to try again. */
bool redis_refused(const struct redis *r);

/* Attempts until one succeeds, the patience is at its end, give_up() says so (NULL: never), or the
 * server refuses. False with *e: why the last one failed. */
bool redis_come_back(struct redis *r, struct patience *p, bool (*give_up)(void), struct err *e);

/* For poll(); -1 without a connection. */
int redis_fd(const struct redis *r);

/* Sends all of the commands. False with *e when the connection is lost, here and below: it is
 * closed then. */
bool redis_send(struct redis *r, const struct textbuf *commands, struct err *e);

enum answer {
    ANSWER_HERE,
    ANSWER_NONE, /* none within the time, or a signal came */
    ANSWER_LOST, /* *e is set */
};

/* The next answer, waited for at most so many ms. */
enum answer redis_answer(struct redis *r, int ms, redisReply **reply, struct err *e);

/* The next answer, which is owed: waited for as long as the timeout. NULL with *e when the
 * connection is lost. */
redisReply *redis_owed(struct redis *r, struct err *e);

/* Sends a command and waits for its answer. NULL with *e when the connection is lost, or when the
 * answer is an error. */
redisReply *redis_ask(struct redis *r, const struct textbuf *command, struct err *e);

/* Sets *e to the server's name and an error that it answered; false. */
bool redis_fail(const struct redis *r, const char *answer, struct err *e);

/* Whether an error is of a kind that passes: no memory or disk left, still loading, read-only… */
bool redis_passing(const char *answer);

#endif
