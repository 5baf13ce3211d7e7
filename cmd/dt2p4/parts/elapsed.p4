// Inter-arrival time: 0 where time runs backwards, 48 bits at most.
bit<48> elapsed(in bit<64> now, in bit<64> before) {
    const bit<64> most = (64w1 << 48) - 1;
    bit<64> ns = now > before ? now - before : 0;

    return (bit<48>)(ns > most ? most : ns);
}
