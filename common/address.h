/* Addresses as text and back. */
#ifndef WEIR_ADDRESS_H
#define WEIR_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Writes an address (IPv4: the first 4 bytes of ip) at p and returns the place after it. Needs up
 * to ADDRESS_MAX bytes. */
enum { ADDRESS_MAX = 46 };
char *address_put(char *p, const uint8_t ip[16], uint8_t version);

/* An IP address, whose version (4, 6) goes to *version; IPv4 sets the first 4 bytes. False when the
 * text is none. */
bool address_parse(const char *text, uint8_t ip[16], uint8_t *version);

/* A MAC address: six bytes as two hex digits each, with colons between. */
bool address_parse_mac(const char *text, uint8_t mac[6]);

/* A hex digit's value, or -1. */
int address_hex_digit(char c);

#endif
