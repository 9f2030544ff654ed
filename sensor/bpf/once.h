/* What is told once for each program that a process runs, and not again while it repeats it. */
#ifndef HOLDFAST_ONCE_H
#define HOLDFAST_ONCE_H

#include "maps.h"

struct once_key {
	__u32 pid;
	__u32 type;
	/* Grows with every exec: another program in the same process is told anew. */
	__u64 exec;
	__u64 what;
	__u64 more;
};

/* The least recently used are forgotten and then told again: never the other way round. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct once_key);
	__type(value, __u8);
} told SEC(".maps");

static __always_inline struct once_key once_key_of(struct task_struct *task, __u32 type, __u64 what, __u64 more)
{
	struct once_key key = {
		.pid = BPF_CORE_READ(task, tgid),
		.type = type,
		.exec = BPF_CORE_READ(task, self_exec_id),
		.what = what,
		.more = more,
	};

	return key;
}

static __always_inline int was_told(struct once_key *key)
{
	return bpf_map_lookup_elem(&told, key) != 0;
}

static __always_inline void set_told(struct once_key *key)
{
	__u8 one = 1;

	bpf_map_update_elem(&told, key, &one, BPF_ANY);
}

/* True the first time. */
static __always_inline int is_first(struct task_struct *task, __u32 type, __u64 what, __u64 more)
{
	struct once_key key = once_key_of(task, type, what, more);

	if (was_told(&key))
		return 0;
	set_told(&key);
	return 1;
}

#endif
