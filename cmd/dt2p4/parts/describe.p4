// What the headers say of the packet, as pcap2feat(1) reads them: sets meta.packet and meta.wire, the
// bytes that the IP packet has left behind the headers read. Without an IP packet is_ip stays false.
control Describe(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard) {
    apply {
        const bit<32> most = 65535;
        bit<32> captured = standard.packet_length - meta.ip_at;
        bit<32> header_length = 0;

        meta.packet.is_ip = meta.whole;
        if (hdr.ipv4.isValid()) {
            header_length = (bit<32>)hdr.ipv4.ihl * 4;
            meta.wire = (bit<32>)hdr.ipv4.length;
            if (hdr.ipv4.length == 0) {
                // Left to the network card, which had to cut the packet yet when it was captured.
                meta.wire = captured > most ? most : captured;
            }
            meta.packet.ip_version = 4;
            meta.packet.dscp = hdr.ipv4.dscp;
            meta.packet.ttl = hdr.ipv4.ttl;
            meta.packet.src = hdr.ipv4.src ++ 96w0;
            meta.packet.dst = hdr.ipv4.dst ++ 96w0;
        } else if (hdr.ipv6.isValid()) {
            header_length = 40;
            meta.wire = (bit<32>)hdr.ipv6.length + 40;
            if (hdr.ipv6.length == 0 && hdr.ipv6.next != PROTO_NONE) {
                meta.wire = captured;
            }
            meta.packet.ip_version = 6;
            meta.packet.dscp = hdr.ipv6.dscp;
            meta.packet.ttl = hdr.ipv6.hop_limit;
            meta.packet.src = hdr.ipv6.src;
            meta.packet.dst = hdr.ipv6.dst;
        }
        meta.packet.proto = meta.proto;
        meta.packet.len = meta.wire > most ? 16w0xffff : (bit<16>)meta.wire;
        meta.packet.vlan = hdr.tags[0].isValid() ? 4w0 ++ hdr.tags[0].id : VLAN_NONE;
        if (hdr.ports.isValid()) {
            meta.packet.src_port = hdr.ports.src;
            meta.packet.dst_port = hdr.ports.dst;
        }

        // The lengths must agree.
        header_length = header_length + meta.extensions;
        if (meta.wire < header_length) {
            meta.packet.is_ip = false;
        }
        meta.wire = meta.wire - header_length;
        if (hdr.ports.isValid() && meta.wire < 4) {
            meta.packet.is_ip = false;
        }

        // By the switch's clock, which counts microseconds.
        meta.packet.ts = (bit<64>)standard.ingress_global_timestamp * 1000;
#ifdef TEST_TS
        if (hdr.shim.isValid()) {
            meta.packet.ts = hdr.shim.ts;
            meta.packet.sequence = hdr.shim.sequence;
        }
#endif
    }
}
