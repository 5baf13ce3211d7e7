/* Takes a packet into its flow, or begins the flow anew; whether its first packets are there. */
static __always_inline bool follow_flow(struct flow_state *s, const struct packet *p, bool *forward)
{
    const __u8 flags = p->tcp_unknown ? 0 : p->tcp_flags;
    const bool is_new = s->packets[0] + s->packets[1] == 0;

    if (is_new || !goes_on(s, p, flags)) {
        begin_flow(s, p, *forward ? s->begun_high : !s->begun_high);
        *forward = true;
    }
    add_packet(s, p, flags, *forward);
    s->start = least(s->start, p->ts);
    s->latest = greatest(s->latest, p->ts);
    look_for_end(s, flags, *forward);
    return s->packets[0] + s->packets[1] >= FIRST_PACKETS;
}
