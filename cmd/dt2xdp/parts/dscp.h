/* Sets the DSCP: the top 6 bits of the IPv4 type of service or the IPv6 traffic class. The IPv4
 * checksum is updated from the change alone (RFC 1624). */
static __always_inline void set_dscp(struct xdp_md *ctx, const struct packet *p, __u8 dscp)
{
    __u8 *const h = bytes_at(ctx, p->ip_at, 20);

    if (!h)
        return;
    const __u16 before = be16(h);
    if (p->ip_version == 6) {
        const __u16 after = (before & 0xf03f) | (__u16)(dscp << 6);
        h[0] = (__u8)(after >> 8);
        h[1] = (__u8)after;
        return;
    }
    const __u16 after = (before & 0xff03) | (__u16)(dscp << 2);
    __u32 sum = (__u16)~be16(h + 10) + (__u16)~before + after;
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    h[1] = (__u8)after;
    h[10] = (__u8)(~sum >> 8);
    h[11] = (__u8)~sum;
}
