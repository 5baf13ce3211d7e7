#include "collect.h"

#include "mem.h"
#include "textbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct collect {
    char *path;
    int fd;
    char delimiter;
    size_t hidden;
    uint64_t rows;
    struct textbuf text; /* that is not written yet */
};

static void put_header(const struct collect *c, const struct table *t, struct textbuf *to)
{
    const struct span names = table_raw(t);

    textbuf_bytes(to, names.p, names.n);
    for (size_t i = 1; i <= c->hidden; i++)
        textbuf_printf(to, "%cemb_%zu", c->delimiter, i);
    textbuf_char(to, '\n');
}

/* Whether the file begins with this text. */
static bool begins(int fd, const struct textbuf *text)
{
    char *const there = mem_alloc(text->n, 1);
    const bool same =
        pread(fd, there, text->n, 0) == (ssize_t)text->n && memcmp(there, text->p, text->n) == 0;

    free(there);
    return same;
}

/* Whether its last row is whole: a program that was killed may have left a part of one. */
static bool is_whole(int fd, off_t size)
{
    char last;

    return pread(fd, &last, 1, size - 1) == 1 && last == '\n';
}

static bool begin(struct collect *c, const struct table *t, struct err *e)
{
    struct textbuf header = {0};
    struct stat st;
    bool ok = true;

    c->fd = open(c->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (c->fd < 0 || fstat(c->fd, &st) != 0)
        return err_sys(e, "%s", c->path);
    put_header(c, t, &header);
    if (!S_ISREG(st.st_mode) || st.st_size == 0)
        textbuf_bytes(&c->text, header.p, header.n);
    else if (!begins(c->fd, &header))
        ok = err_set(e, "%s:1: has other columns than the rows that would be appended", c->path);
    else if (!is_whole(c->fd, st.st_size))
        ok = err_set(e, "%s: ends in the middle of a row, behind which none can be appended",
                     c->path);
    free(header.p);
    return ok;
}

static void free_collect(struct collect *c)
{
    free(c->path);
    free(c->text.p);
    free(c);
}

struct collect *collect_open(const char *path, const struct table *t, size_t hidden, struct err *e)
{
    struct collect *const c = mem_zero(1, sizeof *c);

    c->path = mem_string(path, strlen(path));
    c->delimiter = table_format(t) == TABLE_TSV ? '\t' : ',';
    c->hidden = hidden;
    c->fd = -1;
    if (table_find(t, "emb_1") != TABLE_NONE)
        (void)err_set(e, "%s:1: there is a column 'emb_1' already", table_path(t));
    else if (begin(c, t, e))
        return c;
    if (c->fd >= 0)
        (void)close(c->fd);
    free_collect(c);
    return NULL;
}

void collect_row(struct collect *c, struct span raw, const float *hidden)
{
    textbuf_bytes(&c->text, raw.p, raw.n);
    for (size_t i = 0; i < c->hidden; i++)
        textbuf_printf(&c->text, "%c%.6g", c->delimiter, (double)hidden[i]);
    textbuf_char(&c->text, '\n');
    c->rows++;
}

uint64_t collect_rows(const struct collect *c)
{
    return c->rows;
}

bool collect_flush(struct collect *c, struct err *e)
{
    for (size_t done = 0; done < c->text.n;) {
        const ssize_t n = write(c->fd, c->text.p + done, c->text.n - done);
        if (n < 0 && errno != EINTR)
            return err_sys(e, "writing %s", c->path);
        done += n > 0 ? (size_t)n : 0;
    }
    c->text.n = 0;
    return true;
}

bool collect_close(struct collect *c, struct err *e)
{
    if (!c)
        return true;
    bool ok = collect_flush(c, e);
    if (close(c->fd) != 0 && ok)
        ok = err_sys(e, "closing %s", c->path);
    free_collect(c);
    return ok;
}
