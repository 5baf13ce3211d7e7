/* Which flows have a rule, of which class, and since when: what the kernel holds, known here, so
 * that a rule can be renewed or changed without asking. Rules end by themselves; a flow stays in
 * the book a little longer. */
#ifndef QOS_MARK_BOOK_H
#define QOS_MARK_BOOK_H

#include "flow_key.h"

#include <stddef.h>
#include <stdint.h>

struct book;

/* Room for `most` flows, each for `stay` ns after it was put in last. Freed with book_free(). */
struct book *book_new(size_t most, uint64_t stay);
void book_free(struct book *b);

#define BOOK_NONE SIZE_MAX

/* The flow's class at the time, or BOOK_NONE. Times never go back. */
size_t book_class(struct book *b, const struct flow_key *k, uint64_t now);

/* Puts the flow in, or sets its class and time. False where there is no room. */
bool book_put(struct book *b, const struct flow_key *k, size_t class, uint64_t now);

/* Takes it out, if it is there. */
void book_remove(struct book *b, const struct flow_key *k);

#endif
