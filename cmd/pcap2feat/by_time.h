/* Several captures as one, by time: files, or interfaces. Frames of equal times come in the order
 * in which the captures were added; those of one capture stay in their order, whatever their times
 * are.
 *
 * An interface that is silent may still have an earlier packet on its way: the others wait for it,
 * but no longer than BY_TIME_WINDOW_MS and what its packets take to be seen (capture_delay()). */
#ifndef PCAP2FEAT_BY_TIME_H
#define PCAP2FEAT_BY_TIME_H

#include "capture.h"
#include "err.h"

enum { BY_TIME_WINDOW_MS = 20 };

struct by_time;

/* Freed with by_time_free(), which leaves the captures open. */
struct by_time *by_time_new(void);
void by_time_free(struct by_time *m);

/* Its frames will have that origin. It must outlive it. */
void by_time_add(struct by_time *m, struct capture *c, uint32_t origin);

/* As capture_next(), over all. After CAPTURE_BAD the capture that *e names has no more frames, and
 * the next call goes on with the others. The frame stays valid until the next call. */
enum capture_status by_time_next(struct by_time *m, struct frame *f, struct err *e);

#endif
