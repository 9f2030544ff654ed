/* Sockets of watched cgroups, by cookie: who made them, and how many bytes went through. */
#ifndef HOLDFAST_FLOW_H
#define HOLDFAST_FLOW_H

#include "maps.h"

/* SPEC S1, fields 6 and 7; `zero` is not sent. */
struct end {
	__u16 family;
	__u16 port;
	__u8 address[16];
	__u32 zero;
} __attribute__((aligned(8)));

struct flow {
	/* The fixed part of a record about it: the process that made or accepted the socket; pid 0 where that is not known. */
	struct record owner;
	struct end local;
	struct end remote;
	__u64 sent;
	__u64 received;
	__u64 told_ns;
	__u64 protocol;
};

/* Not the least recently used kind: a flow that was forgotten would lose its bytes without a word. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__type(key, __u64);
	__type(value, struct flow);
} flows SEC(".maps");

/* Begins to count a socket for the process that runs, or names this process as its owner. */
static __always_inline void own_flow(__u64 cookie, __u64 cgroup)
{
	struct flow fresh = {0};
	struct flow *known = bpf_map_lookup_elem(&flows, &cookie);

	if (!cookie)
		return;
	fill_head(&fresh.owner, RECORD_FLOW, 0, (void *)bpf_get_current_task(), cgroup);
	if (known) {
		known->owner = fresh.owner;
		return;
	}
	fresh.told_ns = fresh.owner.boot_ns;
	if (bpf_map_update_elem(&flows, &cookie, &fresh, BPF_NOEXIST))
		count_lost(cgroup, RECORD_FLOW);
}

#endif
