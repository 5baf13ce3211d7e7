#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* The text as a file that can be read from its start; -1 with errno. */
static int text_file(const char *text, size_t n)
{
    const int fd = memfd_create("rules", MFD_CLOEXEC);

    if (fd < 0)
        return -1;
    for (size_t done = 0; done < n;) {
        const ssize_t put = write(fd, text + done, n - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            (void)close(fd);
            return -1;
        }
        done += (size_t)put;
    }
    if (lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

/* In the child. PATH of who is no administrator often lacks /usr/sbin. */
static noreturn void become(const char *const *argv, int input, bool silent)
{
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    char other[64];

    if (dup2(input < 0 ? nowhere : input, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, 1) < 0 ||
        (silent && (dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0)))
        _exit(126);
    (void)execvp(argv[0], (char *const *)(uintptr_t)argv);
    (void)snprintf(other, sizeof other, "/usr/sbin/%s", argv[0]);
    (void)execv(other, (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* The child's exit code; -1 with errno, or where a signal ended it. */
static int run(const char *const *argv, int input, bool silent)
{
    int status;
    const pid_t child = fork();

    if (child < 0)
        return -1;
    if (child == 0)
        become(argv, input, silent);
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    errno = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool command_run(const char *const *argv, const char *text, size_t n, struct err *e)
{
    const int input = text_file(text, n);

    if (input < 0)
        return err_sys(e, "a file in memory");
    const int code = run(argv, input, false);
    const int cause = errno;
    (void)close(input);
    if (code == 0)
        return true;
    if (code == 127)
        return err_set(e,
                       "%s can't be run: is it installed? (Debian's packages are nftables and "
                       "iproute2)",
                       argv[0]);
    errno = cause;
    if (code < 0 && cause)
        return err_sys(e, "%s", argv[0]);
    return err_set(e, "%s refused the rules (exit status %d)", argv[0], code);
}

void command_try(const char *const *argv)
{
    (void)run(argv, -1, true);
}
