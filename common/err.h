/* Errors and messages.
 *
 * Modules in common/ never end the program: they fill a struct err and return false (or NULL), so
 * that fuzzers and tests can call them. main() turns an err into an exit code with die_err().
 * Messages go to standard error as "tool: TEXT". */
#ifndef WEIR_ERR_H
#define WEIR_ERR_H

#include <stdbool.h>
#include <stdnoreturn.h>

/* The exit codes of every tool; each man page repeats them under EXIT STATUS. */
enum exit_code {
    EXIT_DONE = 0,  /* success */
    EXIT_DATA = 1,  /* bad data, or a read, write or library call that failed */
    EXIT_USAGE = 2, /* the command line is wrong */
};

struct err {
    char text[1024]; /* one line, no tool name in front, no newline at the end */
};

/* Sets e->text (cut to its size). Always false, so that a function can `return err_set(e, …)`. */
bool err_set(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The same, with ": " and the text of errno after it. */
bool err_sys(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Prints "tool: TEXT" and exits with EXIT_DATA. */
noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
noreturn void die_err(const struct err *e);

/* The same with ": " and the text of errno after it. */
noreturn void die_sys(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints "tool: TEXT", then where to find help, and exits with EXIT_USAGE. */
noreturn void die_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints "tool: TEXT" and goes on: for what is wrong with the data and does not stop the work. */
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
