/* pcapng (draft-ietf-opsawg-pcapng), block by block: libpcap refuses files whose interfaces differ
 * in link type or snap length, so this reader is our own. */
#ifndef WEIR_PCAPNG_H
#define WEIR_PCAPNG_H

#include "capture.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct pcapng;

/* Whether these first bytes of a file are those of a pcapng file. */
bool pcapng_is(const uint8_t *head, size_t n);

/* Reads from `in`, which it takes over and closes. Freed with pcapng_close(). */
struct pcapng *pcapng_new(FILE *in);
void pcapng_close(struct pcapng *r);

/* The next packet of the file, whatever its interface. Sets all of *f but the number; a packet
 * without a time (simple packet block) has ts 0. Messages in *e have no file name in front. */
enum capture_status pcapng_next(struct pcapng *r, struct frame *f, struct err *e);

#endif
