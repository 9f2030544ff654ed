/*
 * The standing egress list of a cgroup: what may be reached while nothing is held. Keys and values of its maps, shared by the
 * kernel programs and the loader; they are of the pinned set of hold.h, whose number changes with them.
 */
#ifndef HOLDFAST_POLICY_H
#define HOLDFAST_POLICY_H

#include "hold.h"

#define POLICY_ARTIFACT_BYTES 32

enum policy_mode {
	/* What is not listed passes and is counted. */
	POLICY_MONITOR = 1,
	/* What is not listed is refused and counted. */
	POLICY_ENFORCE = 2,
};

struct policy {
	hf_u32 mode;
	/* Number of its allow list; 0 lists nothing. */
	hf_u32 list;
	/* Boot clock: it only monitors from then on; 0 for never. */
	hf_u64 expires_ns;
	/* SHA-256 by which refusals cite it. */
	hf_u8 artifact[POLICY_ARTIFACT_BYTES];
};

/* Who was refused what: a row for each process and other end. */
struct policy_key {
	hf_u64 cgroup;
	/* 0 where a packet was refused, or where the map was full. */
	hf_u32 pid;
	hf_u16 mode;
	/* As `hold_refused` names it. */
	hf_u16 what;
	hf_u32 protocol;
	struct refused_end remote;
};

struct policy_refused {
	hf_u64 count;
	/* The last one. */
	struct record last;
	hf_u8 artifact[POLICY_ARTIFACT_BYTES];
};

#endif
