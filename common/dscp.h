/* Code points of differentiated services and their names (RFC 2474, 2597, 3246, 5865, 8622). */
#ifndef WEIR_DSCP_H
#define WEIR_DSCP_H

#include <stdbool.h>
#include <stdint.h>

/* A name such as EF, AF41, CS1, LE, or a number up to 63. False when the text is neither. */
bool dscp_parse(const char *text, uint8_t *dscp);

/* The name of a code point, or NULL where it has none. */
const char *dscp_name(uint8_t dscp);

/* What dscp_parse() takes, to end a message with: "'x' is no DSCP: " and this. */
#define DSCP_HINT "a number up to 63, or a name such as EF, AF41, CS1"

#endif
