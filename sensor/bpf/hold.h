/*
 * What holds a cgroup: the maps' keys and values, shared by the kernel programs and the loader. They are pinned, and a
 * loader may find those of an older one: a change here is a new HOLD_SET.
 */
#ifndef HOLDFAST_HOLD_H
#define HOLDFAST_HOLD_H

#include "record.h"

/* Folder of one set of programs and maps below the product's bpffs. */
#define HOLD_SET "hold-3"

/* Levels of the cgroup tree that are looked at, the root not counted. A deeper cgroup is refused by `hold`. */
#define HOLD_LEVELS 24

enum hold_mode {
	/* Nothing passes but what the list allows; no unix sockets either. */
	HOLD_QUARANTINE = 1,
	/* Nothing passes but what the list allows and what stays on the loopback interface; unix sockets do. */
	HOLD_RESTRICT = 2,
};

struct hold {
	hf_u32 mode;
	/* Number of the allow list; 0 for none. */
	hf_u32 list;
	/* Boot clock; 0 for never. */
	hf_u64 expires_ns;
};

/* Key of the allow lists, a longest-prefix map: `bits` counts those after itself; IPv4 stands as ::ffff:a.b.c.d. */
struct allow_key {
	hf_u32 bits;
	hf_u32 list;
	/* Host order; 0 is any port. */
	hf_u16 port;
	hf_u8 protocol;
	hf_u8 zero;
	hf_u8 address[16];
};
#define ALLOW_FIXED_BITS 64

/* SPEC S2, type 31. */
enum hold_refused {
	HOLD_REFUSED_CONNECT = 1,
	HOLD_REFUSED_SENDMSG = 2,
	HOLD_REFUSED_OUT = 3,
	HOLD_REFUSED_IN = 4,
	HOLD_REFUSED_UNIX = 5,
	/* A socket that a process wanted which had left the held cgroup, or a raw one, or one past the hooks. */
	HOLD_REFUSED_SOCKET = 8,
};

struct refused_key {
	hf_u64 cgroup;
	hf_u32 what;
	hf_u32 zero;
};

/* Address and port of the other end: SPEC S1, field 7, four bytes of its head left out. */
struct refused_end {
	hf_u16 family;
	hf_u16 port;
	hf_u8 address[16];
	hf_u32 zero;
};

struct refused {
	hf_u64 count;
	/* The last one; its numbers are those of SPEC S2, pid 0 where a packet was refused. */
	struct record last;
	struct refused_end remote;
};

#endif
