/* Enters the sandbox with the needs and does what the second argument says: prints "lived" after
 * it, or what went wrong. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static void *nothing(void *p)
{
    return p;
}

static int failed(const char *what)
{
    printf("%s: %s\n", what, strerror(errno));
    return 0;
}

static int act(const char *what, int fd)
{
    static char *const arguments[] = {(char *)"true", NULL};
    char byte;
    pthread_t t;

    if (strcmp(what, "read") == 0)
        return read(fd, &byte, 1) == 1;
    if (strcmp(what, "thread") == 0)
        return pthread_create(&t, NULL, nothing, NULL) == 0 && pthread_join(t, NULL) == 0;
    if (strcmp(what, "memory") == 0)
        return malloc((size_t)1 << 26) != NULL;
    if (strcmp(what, "open") == 0)
        return open("/dev/null", O_RDONLY) >= 0 || failed("open");
    if (strcmp(what, "open-write") == 0)
        return open("/dev/null", O_WRONLY) >= 0 || failed("open");
    if (strcmp(what, "create") == 0)
        return open("created", O_RDONLY | O_CREAT, 0600) >= 0 || failed("open");
    if (strcmp(what, "rename") == 0)
        return rename("a", "b") == 0 || failed("rename");
    if (strcmp(what, "socket") == 0)
        return socket(AF_INET, SOCK_STREAM, 0) >= 0 || failed("socket");
    if (strcmp(what, "fork") == 0)
        return fork() >= 0 || failed("fork");
    if (strcmp(what, "exec") == 0)
        return execv("/bin/true", arguments) >= 0 || failed("execv");
    if (strcmp(what, "run") == 0)
        return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
               MAP_FAILED;
    return 0;
}

int main(int argc, char **argv)
{
    struct cli_shared_values v = {0};
    struct err e;

    if (argc != 3)
        return 2;
    const unsigned needs = (unsigned)strtoul(argv[1], NULL, 0);
    const int fd = open("/dev/zero", O_RDONLY);
    v.no_sandbox = getenv("NO_SANDBOX") != NULL;
    if (!sandbox_enter(&v, needs, &e)) {
        printf("%s\n", e.text);
        return 1;
    }
    if (strcmp(argv[2], "close-files") == 0) {
        if (!sandbox_close_files(&v, needs, &e) || act("open", fd))
            printf("%s\n", "still open");
        return act("open-write", fd);
    }
    if (act(argv[2], fd))
        printf("lived\n");
    return 0;
}
