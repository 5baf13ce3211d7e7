/* Rows to the server in batches, each of which it takes as a whole or not at all (MULTI), in order,
 * and none is forgotten before it was answered. While one is under way, the next is put together:
 * two at a time are all that is held.
 *
 * A connection that is lost is made again, and what was not answered is sent again; the server may
 * have taken it the first time already. A batch that the server refuses for a reason that passes
 * (no memory, no disk) is sent again, too. */
#ifndef FEAT2REDIS_SENDER_H
#define FEAT2REDIS_SENDER_H

#include "commands.h"
#include "redis.h"

struct sender;

/* The server is connected; it, and the options, must outlive the sender. Freed with sender_free().
 */
struct sender *sender_new(struct redis *r, const struct options *o, struct shape shape);
void sender_free(struct sender *s);

/* Where to append the commands of the next row; then sender_added() says so, and sends when there
 * are enough. False with *e when the server does not take them in time or at all. */
struct textbuf *sender_room(struct sender *s);
bool sender_added(struct sender *s, struct err *e);

/* The same for commands that are no row's: they go at once. */
bool sender_add_other(struct sender *s, size_t commands, struct err *e);

/* Sends what there is and waits until all of it is answered. */
bool sender_flush(struct sender *s, struct err *e);

/* Nothing to send for a while: finds out whether the server is still there. If not, the next batch
 * will. */
void sender_ping(struct sender *s);

/* Rows that are in Redis, or that were not answered, so that nobody knows. */
uint64_t sender_rows(const struct sender *s);
uint64_t sender_unanswered(const struct sender *s);

/* Rows sent again when it was not known whether they had arrived, and messages that reached no
 * subscriber. */
uint64_t sender_again(const struct sender *s);
uint64_t sender_unheard(const struct sender *s);

#endif
