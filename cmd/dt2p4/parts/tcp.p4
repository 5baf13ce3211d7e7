// What follows the ports, up to the window.
header tcp_t {
    bit<32> sequence;
    bit<32> acknowledgement;
    bit<4> offset;
    bit<4> reserved;
    bit<8> flags;
    bit<16> window;
}
