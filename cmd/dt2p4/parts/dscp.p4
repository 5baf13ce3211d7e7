// Sets the DSCP. The IPv4 checksum is updated from the change alone (RFC 1624), so that a wrong one
// stays wrong.
control SetDscp(inout headers_t hdr, in bit<6> dscp) {
    apply {
        bit<16> before = hdr.ipv4.version ++ hdr.ipv4.ihl ++ hdr.ipv4.dscp ++ hdr.ipv4.ecn;
        bit<32> sum = 0;

        if (hdr.ipv4.isValid()) {
            hdr.ipv4.dscp = dscp;
            sum = (bit<32>)(~hdr.ipv4.checksum) + (bit<32>)(~before) +
                  (bit<32>)(hdr.ipv4.version ++ hdr.ipv4.ihl ++ dscp ++ hdr.ipv4.ecn);
            sum = (sum & 0xffff) + (sum >> 16);
            sum = (sum & 0xffff) + (sum >> 16);
            hdr.ipv4.checksum = ~(bit<16>)sum;
        } else if (hdr.ipv6.isValid()) {
            hdr.ipv6.dscp = dscp;
        }
    }
}
