// Sets what is behind the IP header; transport_unknown where a TCP or UDP header contradicts itself
// or is not there.
control DescribeTransport(inout headers_t hdr, inout metadata_t meta) {
    apply {
        bit<32> header_length = 0;
        bit<32> least = 0;

        if (meta.fragment_offset != 0) {
            header_length = 0;
        } else if (meta.proto == PROTO_UDP) {
            header_length = 8;
            least = 8;
        } else if (meta.proto == PROTO_TCP) {
            least = 20;
            if (hdr.tcp.isValid() && meta.wire >= 16) {
                header_length = (bit<32>)hdr.tcp.offset * 4;
                meta.packet.tcp_flags = hdr.tcp.flags;
                meta.packet.tcp_window = hdr.tcp.window;
                meta.packet.tcp_hdr_len = hdr.tcp.offset ++ 2w0;
            }
        }
        meta.packet.payload_len = 0;
        meta.packet.transport_unknown = header_length < least || header_length > meta.wire;
        meta.packet.tcp_unknown = meta.packet.transport_unknown && meta.proto == PROTO_TCP;
        if (!meta.packet.transport_unknown) {
            meta.wire = meta.wire - header_length;
            meta.packet.payload_len = meta.wire > 65535 ? 16w0xffff : (bit<16>)meta.wire;
        }
    }
}
