/* Reports: what a classifier in the network says of a packet. A P4 switch sends them as frames of
 * EtherType REPORT_TYPE, an XDP program puts them into a ring buffer without the Ethernet header.
 *
 * Layout, big endian: version 1 (8 bits), number of features (8), class (16), sequence number (32),
 * time in ns (64), model (32), flags (8), IP version (8), protocol (8), zero (8), VLAN (16), source
 * port (16), destination port (16), zero (16), source and destination address (128 each, IPv4 in
 * the first 32 bits); then each feature (64), in the model's order. */
#ifndef WEIR_REPORT_H
#define WEIR_REPORT_H

#include "err.h"
#include "model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    REPORT_TYPE = 0x88b6, /* IEEE 802: local experimental EtherType 2 */
    REPORT_VERSION = 1,
    REPORT_FIXED = 64, /* bytes before the features */
    REPORT_MAX_FEATURES = 255,
};

enum report_flag {
    REPORT_FIRST = 1,     /* a feature wants a previous packet and there is none: no verdict */
    REPORT_COLLISION = 2, /* the flow's slot belongs to another flow: no verdict */
    REPORT_DROPPED = 4,
    REPORT_SHIM = 8, /* time and sequence number are those of the packet's shim */
};

struct report {
    uint64_t ts; /* ns, by the classifier's clock */
    uint32_t sequence;
    uint32_t model; /* report_fingerprint() of the model that spoke */
    uint16_t class; /* 1-based place in the model's classes; 0: no verdict */
    uint16_t vlan;  /* VLAN_NONE without a tag */
    uint16_t src_port, dst_port;
    uint8_t flags, ip_version, proto;
    uint8_t n_features;
    uint8_t src[16], dst[16];
    const uint8_t *features; /* n_features big-endian 64-bit numbers, where the report was read */
};

/* The number by which a report names its model: a hash of its features, classes and trees. */
uint32_t report_fingerprint(const struct model *m);

/* Reads n bytes. False with *e: too short, another version, more features than bytes. */
bool report_get(const uint8_t *p, size_t n, struct report *r, struct err *e);

/* Feature i of a report that was read. */
uint64_t report_feature(const struct report *r, size_t i);

#endif
