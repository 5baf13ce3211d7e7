/* Frames into a pcap file with nanoseconds. */
#ifndef WEIR_SAVE_H
#define WEIR_SAVE_H

#include "capture.h"
#include "err.h"

#include <stdbool.h>

struct save;

/* Like out_open(): the file appears whole, under its name, in save_close(). NULL with *e. */
struct save *save_open(const char *path, struct err *e);

/* Writes a frame. False with *e when its link type is not that of the first: a pcap file has one;
 * or when its seconds pass 32 bits. Failed writes are kept for save_close(). */
bool save_frame(struct save *s, const struct frame *f, struct err *e);

/* Frames that were cut to the 262144 bytes that programs take from a pcap file. */
uint64_t save_cut(const struct save *s);

/* Whether a write has failed: long work ends early with save_close(). */
bool save_failed(const struct save *s);

/* Passes what is buffered on to the system. */
void save_flush(struct save *s);

/* Ends the file (an empty Ethernet capture when there was no frame) and frees s. False with *e. */
bool save_close(struct save *s, struct err *e);

/* Drops what was written and frees s. NULL is allowed. */
void save_abandon(struct save *s);

#endif
