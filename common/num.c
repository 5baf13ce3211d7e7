#include "num.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char two_digits[201] = "00010203040506070809101112131415161718192021222324252627282930"
                                    "31323334353637383940414243444546474849505152535455565758596061"
                                    "62636465666768697071727374757677787980818283848586878889909192"
                                    "93949596979899";

enum num_status num_u64(const char *s, size_t n, uint64_t *out)
{
    uint64_t v = 0;

    if (n == 0)
        return NUM_EMPTY;
    /* 19 digits always fit; only longer texts need the overflow checks. */
    const size_t safe = n < 19 ? n : 19;
    size_t i = 0;
    for (; i < safe; i++) {
        const unsigned digit = (unsigned)(unsigned char)s[i] - '0';
        if (digit > 9)
            return NUM_SYNTAX;
        v = v * 10 + digit;
    }
    enum num_status status = NUM_OK;
    for (; i < n; i++) {
        const unsigned digit = (unsigned)(unsigned char)s[i] - '0';
        if (digit > 9)
            return NUM_SYNTAX;
        if (__builtin_mul_overflow(v, 10u, &v) || __builtin_add_overflow(v, digit, &v))
            status = NUM_RANGE;
    }
    if (status == NUM_OK)
        *out = v;
    return status;
}

enum num_status num_f64(const char *s, size_t n, double *out)
{
    char text[64];

    if (n == 0)
        return NUM_EMPTY;
    if (n >= sizeof text || memchr(s, '\0', n))
        return NUM_SYNTAX;
    for (size_t i = 0; i < n; i++)
        if (!strchr("+-.0123456789eE", s[i]))
            return NUM_SYNTAX;
    memcpy(text, s, n);
    text[n] = '\0';
    char *end;
    errno = 0;
    const double v = strtod(text, &end);
    if (end == text || *end)
        return NUM_SYNTAX;
    if (errno == ERANGE && isinf(v))
        return NUM_RANGE;
    *out = v;
    return NUM_OK;
}

enum num_status num_time(const char *s, size_t n, uint64_t *ns)
{
    const char *const point = n ? memchr(s, '.', n) : NULL;
    const size_t whole = point ? (size_t)(point - s) : n, decimals = point ? n - whole - 1 : 0;
    uint64_t seconds, fraction = 0;

    const enum num_status status = num_u64(s, whole, &seconds);
    if (n > 0 && status == NUM_EMPTY)
        return NUM_SYNTAX;
    if (status != NUM_OK)
        return status;
    if (decimals > 9 || (point && num_u64(point + 1, decimals, &fraction) != NUM_OK))
        return NUM_SYNTAX;
    for (size_t i = decimals; i < 9; i++)
        fraction *= 10;
    if (__builtin_mul_overflow(seconds, UINT64_C(1000000000), &seconds) ||
        __builtin_add_overflow(seconds, fraction, &seconds))
        return NUM_RANGE;
    *ns = seconds;
    return NUM_OK;
}

/* "-05" of "9.5e-05", at most 999 either way. */
static bool exponent(const char *s, size_t n, int *power)
{
    const bool minus = n > 0 && *s == '-', sign = minus || (n > 0 && *s == '+');
    uint64_t v;

    if (num_u64(s + sign, n - sign, &v) != NUM_OK || v > 999)
        return false;
    *power = minus ? -(int)v : (int)v;
    return true;
}

enum num_status num_scaled(const char *s, size_t n, unsigned decimals, uint64_t *v, bool *cut)
{
    size_t digits = 0, end = 0, whole = SIZE_MAX;
    int power = 0;

    if (n == 0)
        return NUM_EMPTY;
    for (; end < n && s[end] != 'e' && s[end] != 'E'; end++) {
        if (s[end] == '.' && whole == SIZE_MAX)
            whole = digits;
        else if (s[end] >= '0' && s[end] <= '9')
            digits++;
        else
            return NUM_SYNTAX;
    }
    if (digits == 0 || digits > INT_MAX / 2 ||
        (end < n && !exponent(s + end + 1, n - end - 1, &power)))
        return NUM_SYNTAX;
    /* The place of the first digit: 0 is that of the ones. */
    int place = (int)(whole == SIZE_MAX ? digits : whole) - 1 + power + (int)decimals;
    uint64_t sum = 0;
    *cut = false;
    for (size_t i = 0; i < end; i++) {
        const unsigned digit = (unsigned)(unsigned char)s[i] - '0';
        if (digit > 9)
            continue;
        if (place-- < 0)
            *cut |= digit > 0;
        else if (__builtin_mul_overflow(sum, 10u, &sum) || __builtin_add_overflow(sum, digit, &sum))
            return NUM_RANGE;
    }
    for (; place >= 0 && sum > 0; place--)
        if (__builtin_mul_overflow(sum, 10u, &sum))
            return NUM_RANGE;
    *v = sum;
    return NUM_OK;
}

const char *num_reason_u64(enum num_status status)
{
    switch (status) {
    case NUM_EMPTY:
        return "is empty";
    case NUM_RANGE:
        return "is too large";
    case NUM_OK:
    case NUM_SYNTAX:
        break;
    }
    return "is not an integer";
}

char *num_put_u64(char *p, uint64_t v)
{
    char text[NUM_U64_MAX];
    char *q = text + sizeof text;

    while (v >= 100) {
        q -= 2;
        memcpy(q, two_digits + v % 100 * 2, 2);
        v /= 100;
    }
    if (v >= 10) {
        q -= 2;
        memcpy(q, two_digits + v * 2, 2);
    } else {
        *--q = (char)('0' + v);
    }
    const size_t n = (size_t)(text + sizeof text - q);
    memcpy(p, q, n);
    return p + n;
}

char *num_put_hex16(char *p, uint64_t v)
{
    for (int i = 15; i >= 0; i--, v >>= 4)
        p[i] = "0123456789abcdef"[v & 15];
    return p + 16;
}

char *num_put_time(char *p, uint64_t ns)
{
    uint64_t fraction = ns % 1000000000;

    p = num_put_u64(p, ns / 1000000000);
    *p++ = '.';
    p[8] = (char)('0' + fraction % 10);
    fraction /= 10;
    for (int i = 6; i >= 0; i -= 2, fraction /= 100)
        memcpy(p + i, two_digits + fraction % 100 * 2, 2);
    return p + 9;
}
