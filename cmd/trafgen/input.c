#include "input.h"

#include "file.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 12 }; /* "weir-markov " */

/* The beginning of the input, which its descriptor is past. */
struct input {
    int fd;
    char head[HEAD];
    size_t n;
    const char *name;
};

static bool read_head(struct input *in, struct err *e)
{
    while (in->n < HEAD) {
        const ssize_t n = read(in->fd, in->head + in->n, HEAD - in->n);
        if (n < 0 && errno != EINTR)
            return err_sys(e, "reading %s", in->name);
        if (n == 0)
            break;
        if (n > 0)
            in->n += (size_t)n;
    }
    return true;
}

static bool open_input(struct input *in, const char *path, struct err *e)
{
    const bool standard = !path || strcmp(path, "-") == 0;

    *in = (struct input){.name = file_name(path)};
    in->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0)
        return err_sys(e, "%s", path);
    return read_head(in, e);
}

static struct packets *open_table(const struct input *in, const struct options *o,
                                  struct packets_table_facts *facts, struct err *e)
{
    struct table *const t = table_open_fd_after(in->fd, in->head, in->n, in->name, e);

    return t ? packets_table_read(t, o, facts, e) : NULL;
}

struct packets *input_open(const struct options *o, bool endless, struct packets_table_facts *facts,
                           struct err *e)
{
    struct input in;
    struct packets *p;

    (void)endless;
    if (!open_input(&in, o->file, e))
        return NULL;
    p = open_table(&in, o, facts, e);
    if (p)
        packets_limit(p, o->count, o->duration);
    return p;
}
