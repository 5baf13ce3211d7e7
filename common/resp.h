/* Commands for Redis as bytes of its protocol (RESP): any number, one behind the other. What is
 * such bytes already goes between them with textbuf_bytes(). */
#ifndef WEIR_RESP_H
#define WEIR_RESP_H

#include "table.h"
#include "textbuf.h"

#include <stddef.h>
#include <stdint.h>

/* Begins a command of so many words, its name among them; they follow, one call each. */
void resp_begin(struct textbuf *r, size_t words);
void resp_span(struct textbuf *r, struct span word);
void resp_text(struct textbuf *r, const char *word);
void resp_u64(struct textbuf *r, uint64_t word);

/* A whole command of words that end in NUL. */
void resp_command(struct textbuf *r, const char *const *words, size_t n);
#define RESP_COMMAND(r, ...)                                                                       \
    resp_command((r), (const char *const[]){__VA_ARGS__},                                          \
                 sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

#endif
