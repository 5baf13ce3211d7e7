#include "sink.h"

bool sink_describe(struct sink *s, const struct message *m, struct err *e)
{
    return s->ops->describe(s, m, e);
}

bool sink_data(struct sink *s, const struct message *m, struct err *e)
{
    return s->ops->data(s, m, e);
}

void sink_wait(struct sink *s, int fd, uint64_t until)
{
    s->ops->wait(s, fd, until);
}

bool sink_finish(struct sink *s, struct sink_counts *c, struct err *e)
{
    *c = (struct sink_counts){0};
    return s->ops->finish(s, c, e);
}

void sink_abandon(struct sink *s)
{
    s->ops->abandon(s);
}
