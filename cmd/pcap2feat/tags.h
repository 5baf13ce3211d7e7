/* Tags that analysers give to flows while these last: messages "FLOW TAG" on a channel of Redis,
 * kept until the flow's row takes them. A thread of its own listens, so that nothing in Redis ever
 * holds up a packet; rows may be written by any thread.
 *
 * A tag is 1 to 64 letters, digits and characters of "_-.:/+". Of a flow's tags each different one
 * is kept once, in the order of arrival, with ';' between them, in up to TAGS_BYTES bytes. */
#ifndef PCAP2FEAT_TAGS_H
#define PCAP2FEAT_TAGS_H

#include "cli.h"
#include "err.h"
#include "table.h"

#include <stdint.h>

#define TAGS_CHANNEL "weir:tags"

enum {
    TAG_LONGEST = 64,
    TAGS_BYTES = 255,
    TAGS_FLOWS = 131072, /* whose tags are kept at a time; the first go first */
};

struct tags;

/* A place for tags, which are kept for so many ns (UINT64_MAX: for ever). Freed with tags_free(),
 * which ends the thread. */
struct tags *tags_new(uint64_t keep);
void tags_free(struct tags *t);

/* Connects and subscribes: before privileges are given up. Then, in the sandbox (SANDBOX_CONNECT),
 * the thread. False with *e. */
bool tags_connect(struct tags *t, const char *url, struct err *e);
bool tags_listen(struct tags *t, struct err *e);

/* A message of n bytes, from a stranger, at a time in ns. */
void tags_message(struct tags *t, const char *text, size_t n, uint64_t now);

/* Takes the tags of a flow out of it, into text; 0 bytes where there are none. Any thread. */
size_t tags_take(struct tags *t, uint64_t flow, char text[TAGS_BYTES]);

/* What went by: remarks. */
void tags_report(struct tags *t, const struct cli_shared_values *v);

#endif
