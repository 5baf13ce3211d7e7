/* What a file that is no capture looks like, by its first bytes, for a message that helps. */
#ifndef WEIR_FOREIGN_H
#define WEIR_FOREIGN_H

#include <stddef.h>
#include <stdint.h>

/* "a snoop capture", "text"…; NULL where nothing is known. */
const char *foreign_format(const uint8_t *head, size_t n);

#endif
