// The flow in the packet's slot. It ends as pcap2feat(1) says without options; then the next packet
// begins another one. The clock is the flow's own: the latest time of its packets.
const bit<64> QUIET = 30000000000;   // ns: the longest gap
const bit<64> ACTIVE = 300000000000; // the latest packet after the start
const bit<64> LINGER = 5000000000;   // late packets of a closed connection

const bit<8> TCP_FIN = 1;
const bit<8> TCP_SYN = 2;
const bit<8> TCP_RST = 4;
const bit<8> TCP_ACK = 16;

bit<64> span(in bit<64> last, in bit<64> first) {
    return last > first ? last - first : 0;
}

// Sets meta.first where the packet begins its flow, meta.forward, meta.last_ts: the flow's latest time
// before the packet. meta.collision: another flow has the slot, or had it while this one began, so
// that its first packets were not counted.
control FollowFlow(inout metadata_t meta) {
    register<bit<1>>(SLOTS) slot_used;
    register<bit<48>>(SLOTS) slot_owner; // the flow's fingerprint
    register<bit<1>>(SLOTS) slot_opener; // from_high of its first packet
    register<bit<1>>(SLOTS) slot_missed; // it may have begun before it had the slot
    register<bit<64>>(SLOTS) slot_start; // least and greatest packet time
    register<bit<64>>(SLOTS) slot_ts;
    register<bit<2>>(SLOTS) slot_fins;     // of each direction
    register<bit<64>>(SLOTS) slot_closed;  // when FINs or an RST closed it, + 1; 0: they did not
    register<bit<64>>(SLOTS) slot_refused; // when a packet last found the slot taken, + 1; 0: never
    counter(1, CounterType.packets) collisions;

    apply {
        bit<1> used = 0;
        bit<48> owner = 0;
        bit<1> opener = 0;
        bit<1> missed = 0;
        bit<64> start = 0;
        bit<64> latest = 0;
        bit<2> fins = 0;
        bit<64> closed = 0;
        bit<64> refused = 0;
        bit<64> ts = meta.packet.ts;
        bit<8> flags = meta.packet.tcp_unknown ? 8w0 : meta.packet.tcp_flags;

        slot_used.read(used, meta.slot);
        slot_owner.read(owner, meta.slot);
        slot_opener.read(opener, meta.slot);
        slot_missed.read(missed, meta.slot);
        slot_start.read(start, meta.slot);
        slot_ts.read(latest, meta.slot);
        slot_fins.read(fins, meta.slot);
        slot_closed.read(closed, meta.slot);
        slot_refused.read(refused, meta.slot);

        bool owned = used == 1 && owner == meta.fingerprint;
        bit<64> gap = span(ts, latest);
        bool lingered = closed != 0 && gap + latest + 1 - closed > LINGER;
        bool ended = lingered || (closed == 0 && (gap > QUIET || span(ts, start) > ACTIVE));
        bool restarts = closed != 0 && (flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;

        if (owned) {
            meta.first = ended || restarts;
        } else {
            meta.first = used == 0 || gap > IDLE || lingered;
        }
        if (owned && meta.first) {
            missed = 0;
        }
        if (!owned && meta.first) {
            // Who was refused a moment ago may be who comes now.
            missed = refused != 0 && span(ts + 1, refused) <= QUIET ? 1w1 : 1w0;
        }
        if (!owned && (!meta.first || (used == 1 && !ended))) {
            slot_refused.write(meta.slot, ts + 1);
        }
        meta.collision = !owned && !meta.first;

        if (meta.first) {
            opener = meta.from_high;
            start = ts;
            latest = ts;
            fins = 0;
            closed = 0;
        }
        meta.forward = meta.from_high ^ opener ^ 1;
        meta.last_ts = latest;
        if (!meta.collision) {
            start = ts < start ? ts : start;
            latest = ts > latest ? ts : latest;
            if (closed == 0) {
                if ((flags & TCP_FIN) != 0) {
                    fins = fins | (meta.forward == 1 ? 2w2 : 2w1);
                }
                if ((flags & TCP_RST) != 0 || ((flags & TCP_FIN) != 0 && fins == 3)) {
                    closed = latest + 1;
                }
            }
            slot_used.write(meta.slot, 1);
            slot_owner.write(meta.slot, meta.fingerprint);
            slot_opener.write(meta.slot, opener);
            slot_missed.write(meta.slot, missed);
            slot_start.write(meta.slot, start);
            slot_ts.write(meta.slot, latest);
            slot_fins.write(meta.slot, fins);
            slot_closed.write(meta.slot, closed);
            meta.collision = missed == 1;
        }
        if (meta.collision) {
            collisions.count(0);
        }
    }
}
