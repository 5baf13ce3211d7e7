/* Captures, packet by packet: classic pcap and pcapng files, plain or compressed, and live
 * interfaces. Every packet comes with its own link type, so that a pcapng file may mix them. */
#ifndef WEIR_CAPTURE_H
#define WEIR_CAPTURE_H

#include "err.h"
#include "tap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One captured frame. data stays valid until the next capture_next(). */
struct frame {
    const uint8_t *data;
    uint64_t ts;     /* ns since the epoch; 0 in pcapng's simple packet blocks, which have none;
                        stops at what 64 bits hold, in the year 2554 */
    uint64_t number; /* 1-based place in its file */
    uint32_t caplen; /* bytes at data */
    uint32_t len;    /* bytes on the wire */
    int link;        /* DLT_… of libpcap; unknown ones are the decoder's business */
    uint32_t origin; /* whose it is, where several captures are read: set by who reads those */
};

enum capture_status {
    CAPTURE_FRAME,
    CAPTURE_END,  /* end of the file, or after capture_stop() */
    CAPTURE_IDLE, /* live only: nothing arrived for a while (TAP_TIMEOUT_MS) */
    CAPTURE_BAD,  /* *e is set: what came before is good, nothing more can be read */
};

struct capture;

/* Opens a file (NULL or "-": standard input). gzip and zstd are recognised by content, pcapng by
 * its first block; all else is libpcap's. NULL with *e. Freed with capture_close(). */
struct capture *capture_open(const char *path, struct err *e);

/* The same over memory, which must outlive the capture; the name is for messages. */
struct capture *capture_open_memory(const void *p, size_t n, const char *name, struct err *e);

/* Opens an interface. */
struct capture *capture_open_live(const char *interface, const struct tap_options *o,
                                  struct err *e);
void capture_close(struct capture *c);

const char *capture_path(const struct capture *c); /* "standard input" where it is that */
enum capture_status capture_next(struct capture *c, struct frame *f, struct err *e);

/* The same, but does not wait: CAPTURE_IDLE where a live capture has nothing at the moment. Its
 * capture_fd() can be given to poll(); a packet may take capture_delay() ms until it is seen. */
enum capture_status capture_try(struct capture *c, struct frame *f, struct err *e);
int capture_fd(const struct capture *c);
int capture_delay(const struct capture *c);

/* Safe in a signal handler: CAPTURE_END comes soon after, unless capture_next() waits for a silent
 * pipe. A live capture still gives what arrived before. */
void capture_stop(struct capture *c);

/* Live: what the kernel has counted so far. False where not known. */
bool capture_counts(struct capture *c, struct tap_counts *counts);

#endif
