/* When a flow ends, and the next packet begins another one: as pcap2feat(1) says without options.
 * The clock is the flow's own: the latest time of its packets. */
#define SECOND 1000000000ull
#define IDLE (30 * SECOND)    /* the longest gap */
#define ACTIVE (300 * SECOND) /* the latest packet after the start */
#define LINGER (5 * SECOND)   /* late packets of a closed connection */

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

static __always_inline bool goes_on(const struct flow_state *s, const struct packet *p, __u8 flags)
{
    const __u64 now = p->ts > s->latest ? p->ts : s->latest;

    if (s->closing)
        return now - s->closed <= LINGER && (flags & (TCP_SYN | TCP_ACK)) != TCP_SYN;
    return now - s->latest <= IDLE && (p->ts <= s->start || p->ts - s->start <= ACTIVE);
}

/* FINs both ways or an RST close the connection. */
static __always_inline void look_for_end(struct flow_state *s, __u8 flags, bool forward)
{
    if (s->closing)
        return;
    if (flags & TCP_FIN)
        s->fins |= 1 << forward;
    if (flags & TCP_RST || (flags & TCP_FIN && s->fins == 3)) {
        s->closing = 1;
        s->closed = s->latest;
    }
}
