// The flow's place: both directions of a 5-tuple and VLAN have one slot and one fingerprint.
control FindSlot(inout metadata_t meta) {
    apply {
        bit<128> low = meta.packet.src;
        bit<128> high = meta.packet.dst;
        bit<16> low_port = meta.packet.src_port;
        bit<16> high_port = meta.packet.dst_port;
        bit<32> second = 0;
        bit<16> third = 0;

        meta.from_high = 0;
        if (low > high || (low == high && low_port > high_port)) {
            meta.from_high = 1;
            low = meta.packet.dst;
            high = meta.packet.src;
            low_port = meta.packet.dst_port;
            high_port = meta.packet.src_port;
        }
        hash(meta.slot, HashAlgorithm.crc32, 32w0,
             { low, high, low_port, high_port, meta.packet.vlan, meta.packet.proto,
               4w0 ++ meta.packet.ip_version },
             SLOTS);
        hash(second, HashAlgorithm.crc32, 32w0,
             { meta.packet.vlan, high_port, high, meta.packet.proto, low_port, low },
             33w0x100000000);
        hash(third, HashAlgorithm.crc16, 16w0,
             { low, high, low_port, high_port, meta.packet.vlan, meta.packet.proto,
               4w0 ++ meta.packet.ip_version },
             17w0x10000);
        meta.fingerprint = second ++ third;
    }
}
