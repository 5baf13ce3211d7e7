/* Fingerprints of TLS hellos: JA4 (the client's; FoxIO's technical_details/JA4.md), and the older
 * JA3 and JA3S (Salesforce, 2017). A hello that is not whole has none. */
#ifndef WEIR_JA4_H
#define WEIR_JA4_H

#include "tls_hello.h"

/* "t13d1516h2_8daaf6152771_e5627efa2ab1" and NUL; 32 hex digits and NUL. */
enum { JA4_SIZE = 37, JA3_SIZE = 33 };

/* transport: 't' for TLS over TCP, 'q' for QUIC. False where the hello is no client's, or not
 * whole, or there is no libcrypto. */
bool ja4(const struct tls_hello *h, char transport, char text[JA4_SIZE]);

/* The MD5 of version, ciphers, extensions, groups and point formats (JA3), or of a server's
 * version, cipher and extensions (JA3S), in decimal, values of RFC 8701 left out. */
bool ja3(const struct tls_hello *h, char text[JA3_SIZE]);

#endif
