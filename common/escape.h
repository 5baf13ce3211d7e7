/* Bytes of a stranger as text that a table can hold and a terminal can show. */
#ifndef WEIR_ESCAPE_H
#define WEIR_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the UTF-8 character at p, where n > 0 are; 0 where it is none. */
size_t escape_character(const uint8_t *p, size_t n);

/* Writes n bytes at out, at most room of them and no NUL, and returns how many. UTF-8 stays as it
 * is; control characters (U+0000 to U+001F, U+007F to U+009F), backslashes, characters of the text
 * `also` (of ASCII) and bytes that are no UTF-8 become \xHH each, in lower case. What does not fit
 * is cut off behind a whole character. */
size_t escape_put(char *out, size_t room, const uint8_t *p, size_t n, const char *also);

#endif
