/* The time of the flow's last packet. */
static __always_inline __u64 latest(const struct flow_state *s)
{
    return s->last_ts[0] > s->last_ts[1] ? s->last_ts[0] : s->last_ts[1];
}
