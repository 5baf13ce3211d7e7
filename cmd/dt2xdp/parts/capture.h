static __always_inline void remember_in_capture(struct state *c, const struct packet *p)
{
    if (p->ts > c->last_ts)
        c->last_ts = p->ts;
    c->last_len = p->len;
    c->begun = 1;
}
