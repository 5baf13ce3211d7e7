/* DNS messages (RFC 1035), as they stand in a datagram or behind a length in a stream. Pure
 * functions on hostile bytes: nothing past the end is read, and a compressed name ends because each
 * of its pointers goes back further than the one before. */
#ifndef WEIR_DNS_MESSAGE_H
#define WEIR_DNS_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

enum { DNS_NAME_MOST = 255 };

/* Labels, each behind its length, without the empty last one: n is 0 for the root. */
struct dns_name {
    uint8_t labels[DNS_NAME_MOST];
    uint32_t n;
};

struct dns_message {
    const uint8_t *p;
    uint32_t n; /* bytes that are there */
    uint16_t id;
    bool response;
    uint8_t rcode;
    uint16_t questions, answers; /* as the header says */
    bool has_question;           /* the first one is there as a whole: */
    struct dns_name name;
    uint16_t type;
    uint32_t records; /* where the answers begin; 0: not known */
};

struct dns_record {
    uint16_t type;
    uint32_t data, n; /* place in the message and bytes of its data */
};

/* n bytes of a message of `wire`. False where it is none: an unknown operation, more records than
 * fit, or, if all of it is there, a first question or record that is malformed. */
bool dns_parse(const uint8_t *p, uint32_t n, uint32_t wire, struct dns_message *m);

/* The name at *at, which moves behind it. False where it is malformed or cut. */
bool dns_name_at(const struct dns_message *m, uint32_t *at, struct dns_name *name);

/* The record at *at, which moves behind it. */
bool dns_record_at(const struct dns_message *m, uint32_t *at, struct dns_record *r);

/* Of types and codes of answers, or NULL: "AAAA", "NXDOMAIN". */
const char *dns_type_name(uint16_t type);
const char *dns_rcode_name(uint8_t rcode);

#endif
