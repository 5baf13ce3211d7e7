// Length change, moved up so that it is never negative.
bit<17> change(in bit<16> len, in bit<16> before) {
    return (bit<17>)len + 65535 - (bit<17>)before;
}
