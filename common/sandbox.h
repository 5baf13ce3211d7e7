/* What a tool that reads captures can still do once all is open: read and write what is open, take
 * memory, wait, run threads. Captures come from strangers, and a fault in reading them shall not
 * become a way to more.
 *
 * No new privileges, no capabilities but those that the needs say, and a filter of system calls
 * (libseccomp): one that is not on the list ends the process with SIGSYS, without a message. Files
 * can't be opened: to read gives EACCES, since the C library tries to at times; to write is the
 * end. A program that was built with a sanitizer, whose reports take many system calls, or without
 * libseccomp has no filter; the rest holds for it too. */
#ifndef WEIR_SANDBOX_H
#define WEIR_SANDBOX_H

#include "cli.h"
#include "err.h"

#include <stdbool.h>

enum sandbox_need {
    SANDBOX_FILES = 1 << 0,    /* opens more files to read */
    SANDBOX_NAMES = 1 << 1,    /* gives a file that it wrote its name, or removes it */
    SANDBOX_SOCKETS = 1 << 2,  /* sends and receives on sockets that are open */
    SANDBOX_PRIORITY = 1 << 3, /* changes its scheduling, in locked memory */
    SANDBOX_BPF = 1 << 4,      /* calls bpf(), for which the capabilities stay */
    SANDBOX_CONNECT = 1 << 5,  /* connects to a server by its address, over TCP or a Unix socket */
};

/* Does nothing with --no-sandbox. Before other threads are started, or these keep their
 * capabilities. False with *e. */
bool sandbox_enter(const struct cli_shared_values *v, unsigned needs, struct err *e);

/* SANDBOX_FILES is over, for all threads, and for the calling one what it kept of capabilities; a
 * sandbox that was entered with it. False with *e. */
bool sandbox_close_files(const struct cli_shared_values *v, unsigned needs, struct err *e);

/* SANDBOX_NAMES where the output has a name. */
unsigned sandbox_for_output(const char *path);

#endif
