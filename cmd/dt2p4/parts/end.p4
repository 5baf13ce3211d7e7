control NoChecksum(inout headers_t hdr, inout metadata_t meta) {
    apply {
    }
}

control Writer(packet_out packet, in headers_t hdr) {
    apply {
        packet.emit(hdr);
    }
}

V1Switch(Reader(), NoChecksum(), Incoming(), Outgoing(), NoChecksum(), Writer()) main;
