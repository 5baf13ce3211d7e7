#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool err_set(struct err *e, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    return false;
}

bool err_sys(struct err *e, const char *fmt, ...)
{
    const char *const cause = strerror(errno);
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    const size_t used = strlen(e->text);
    (void)snprintf(e->text + used, sizeof e->text - used, ": %s", cause);
    return false;
}

static void message(const char *fmt, va_list ap)
{
    /* One write a message, so that the messages of several tools in a pipeline do not mix. */
    char text[2048];

    (void)vsnprintf(text, sizeof text, fmt, ap);
    /* Values come from strangers: none may drive the terminal. */
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 127)
            *p = '?';
    (void)fprintf(stderr, "%s: %s\n", program_invocation_short_name, text);
}

void die(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    message(fmt, ap);
    va_end(ap);
    exit(EXIT_DATA);
}

void die_sys(const char *fmt, ...)
{
    const char *const cause = strerror(errno);
    char text[1024];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    die("%s: %s", text, cause);
}

void die_err(const struct err *e)
{
    die("%s", e->text);
}

void die_usage(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    message(fmt, ap);
    va_end(ap);
    (void)fprintf(stderr, "Try '%s --help'.\n", program_invocation_short_name);
    exit(EXIT_USAGE);
}

void warn(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    message(fmt, ap);
    va_end(ap);
}
