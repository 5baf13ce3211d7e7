/* The records of a classic pcap file, fast: whole and sane ones, straight from a buffer. libpcap
 * opens such a file, and takes over at the first record that is neither, so that what it makes of
 * that stays what it is. */
#ifndef WEIR_PCAP_RECORDS_H
#define WEIR_PCAP_RECORDS_H

#include "capture.h"
#include "source.h"

struct pcap_records;

/* Whether a file that begins so (as source_head() has it) can be read this way: its version is 2.4,
 * and libpcap changes nothing in records of its link type. */
bool pcap_records_can(const uint8_t *head, size_t n);

/* The source of such a file, behind its header; it must outlive the records. A record longer than
 * snaplen is not sane. Freed with pcap_records_free(). */
struct pcap_records *pcap_records_new(struct source *s, uint32_t snaplen);
void pcap_records_free(struct pcap_records *r);

/* The next record: sets its data, lengths and time. False: it is not
 * whole or not sane, or there is none; the source gives its bytes, and all after them, once more.
 * Not called again then. */
bool pcap_records_next(struct pcap_records *r, struct frame *f);

#endif
