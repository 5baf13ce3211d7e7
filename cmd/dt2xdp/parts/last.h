/* What is kept of a flow: its last packets. */
struct flow_state {
    __u64 last_ts[2]; /* of each direction, 1 forward; the later time where time runs backwards */
    __u16 last_len[2];
    __u8 seen[2];
    __u8 last_forward; /* direction of the last packet */
    __u8 begun_high;   /* the flow's first packet came from the high end */
    __u32 verdict;     /* the last one, + 1; 0: none yet */
};

static __always_inline void remember_in_flow(struct flow_state *s, const struct packet *p,
                                             bool forward)
{
    if (p->ts > s->last_ts[forward])
        s->last_ts[forward] = p->ts;
    s->last_len[forward] = p->len;
    s->seen[forward] = 1;
    s->last_forward = forward;
}
