/* Numbers, strictly: a text is a number as a whole or not at all. No blanks, no sign where none is
 * allowed, no trailing text, no silent wrap. And the way back: numbers to text, fast. */
#ifndef WEIR_NUM_H
#define WEIR_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum num_status {
    NUM_OK,
    NUM_EMPTY,  /* no text at all */
    NUM_SYNTAX, /* not a number of this kind */
    NUM_RANGE,  /* a number, but outside what the type holds */
};

/* Decimal digits only: "0", "007" and "18446744073709551615" are taken; "", "+1", "-1", "1.0",
 * "0x1", " 1" are not. The text need not end in NUL. *out is set only with NUM_OK. */
enum num_status num_u64(const char *s, size_t n, uint64_t *out);

/* A decimal number as strtod takes it in the C locale, but no inf, nan, hexadecimal or blanks. */
enum num_status num_f64(const char *s, size_t n, double *out);

/* Seconds since the epoch with up to 9 decimals ("1444570631.722722", "12") as nanoseconds: the way
 * back of num_put_time(). No sign. */
enum num_status num_time(const char *s, size_t n, uint64_t *ns);

/* A decimal number without a sign, with decimals ("0.25") or a power of ten ("9.5e-05") if it
 * likes, in units of 10^-decimals: with 3, "0.25" is 250. What is below the unit is cut off, and
 * *cut says whether there was any. */
enum num_status num_scaled(const char *s, size_t n, unsigned decimals, uint64_t *v, bool *cut);

/* What is wrong, for a message: "'12x' " + "is not an integer". */
const char *num_reason_u64(enum num_status status);

/* Writes v in decimal at p and returns the place after the last digit. Needs up to NUM_U64_MAX
 * bytes; writes no NUL. */
enum { NUM_U64_MAX = 20 };
char *num_put_u64(char *p, uint64_t v);

/* Writes v as exactly 16 lower-case hex digits. */
char *num_put_hex16(char *p, uint64_t v);

/* Writes nanoseconds since the epoch as seconds with 9 decimals ("1444570631.722722000"); up to
 * NUM_TIME_MAX bytes. */
enum { NUM_TIME_MAX = 21 };
char *num_put_time(char *p, uint64_t ns);

#endif
