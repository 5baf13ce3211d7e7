/* IP addresses as text. */
#ifndef WEIR_ADDRESS_H
#define WEIR_ADDRESS_H

#include <stdint.h>

/* Writes an address (IPv4: the first 4 bytes of ip) at p and returns the place after it. Needs up
 * to ADDRESS_MAX bytes. */
enum { ADDRESS_MAX = 46 };
char *address_put(char *p, const uint8_t ip[16], uint8_t version);

#endif
