/* The shim: a packet's recorded time and place, carried in the frame itself, so that a switch or an
 * XDP program under test sees the times of the capture.
 *
 * It stands in an Ethernet frame after the two MAC addresses, as a VLAN tag would: the EtherType
 * SHIM_TYPE, the time in ns since the epoch (64 bits), the sequence number (32 bits), both big
 * endian; then what stood there before. */
#ifndef WEIR_SHIM_H
#define WEIR_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SHIM_TYPE = 0x88b5, /* IEEE 802: local experimental EtherType 1 */
    SHIM_AT = 12,       /* where it stands in a frame */
    SHIM_LENGTH = 14,
};

struct shim {
    uint64_t ts; /* ns since the epoch */
    uint32_t sequence;
};

/* Writes the SHIM_LENGTH bytes of a shim at p. */
void shim_put(uint8_t *p, struct shim s);

/* Whether a frame of n bytes carries a shim; sets *s if so. */
bool shim_get(const uint8_t *frame, size_t n, struct shim *s);

#endif
