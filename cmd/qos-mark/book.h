/* Which flows have a rule, of which class, and since when: what the kernel holds, known here, so
 * that a rule can be renewed or changed without asking. Rules end by themselves; a flow stays in
 * the book a little longer.
 *
 * Rows change the book; what they changed goes to the kernel once in a while, each flow once: a
 * batch that changes the rule of a flow some dozens of times is refused by nft. */
#ifndef QOS_MARK_BOOK_H
#define QOS_MARK_BOOK_H

#include "flow_key.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct book;

/* Room for `most` flows, each for `stay` ns after it was put in last. Freed with book_free(). */
struct book *book_new(size_t most, uint64_t stay);
void book_free(struct book *b);

#define BOOK_NONE SIZE_MAX

/* From now on the flow has a rule of the class, or none (BOOK_NONE). False where there is no room.
 * Times never go back. */
bool book_set(struct book *b, const struct flow_key *k, size_t class, uint64_t now);

/* Flows that were set since the last book_tell(). */
size_t book_changes(const struct book *b);

/* Tells of them, in the order in which they were set first: the class whose rule was told last, and
 * the one to be, which may be the same (its time begins anew), each may be BOOK_NONE. */
void book_tell(struct book *b,
               void (*tell)(void *context, const struct flow_key *k, size_t was, size_t class),
               void *context);

#endif
