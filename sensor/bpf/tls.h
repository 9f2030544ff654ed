/* What the TLS programs and their module in the loader agree on. */
#ifndef HOLDFAST_TLS_H
#define HOLDFAST_TLS_H

/* Bytes of the fields of a tls-data record (SPEC S1, tags 15, 6 and 7) with their heads and padding. */
#define TLS_CONNECTION_FIELD 32
#define TLS_END_FIELD 24

/* Data of one record at its largest: RECORD_MAX_BYTES less the fixed part, the fields and the head of the data. */
#define TLS_DATA_MAX (32768 - 128 - 32 - 2 * 24 - 4)
/* More of one call is not sent; the offsets show it as a hole. */
#define TLS_CALL_MAX (16 * 1024 * 1024)

#define TLS_NO_FD 0xffffffff
/* Value of `direction` in the last record of a connection. */
#define TLS_ENDED 2

/* What an attachment says of its function: number of the library (SPEC S2), and which of the four it is. */
#define TLS_COOKIE_LIBRARY 0xff
#define TLS_COOKIE_READ 0x100
#define TLS_COOKIE_EX 0x200

#endif
