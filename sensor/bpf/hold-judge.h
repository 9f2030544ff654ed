/* What is held, in maps, and who may reach what: the judgement behind every hook of hold.bpf.c, which alone includes this. */
#ifndef HOLDFAST_HOLD_JUDGE_H
#define HOLDFAST_HOLD_JUDGE_H

#define PASS 1
#define REFUSE 0
#define FAMILY_UNIX 1
#define FAMILY_PACKET 17
#define SOCKET_RAW 3
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17

/* Held cgroups by cgroup v2 id. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct hold);
} holds SEC(".maps");

/* How many are in `holds`, and in `policies`: while both are 0, every packet of the machine pays two looks at an array. */
#define COUNT_OF_HOLDS 0
#define COUNT_OF_POLICIES 1
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} hold_count SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct allow_key);
	__type(value, __u32);
} allowed SEC(".maps");

/* Processes of held cgroups, by pid: who moves to another cgroup stays held as of the one that it left. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, __u64);
} members SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct refused_key);
	__type(value, struct refused);
} refusals SEC(".maps");

/* How many of `refusals` have been told, by any loader. Written by loaders alone. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct refused_key);
	__type(value, __u64);
} refusals_told SEC(".maps");

/*
 * Sockets that were made outside and that a process of a held cgroup has: held as of that cgroup. Written by the loader's
 * `hold claim`; what a claimed socket accepts is claimed too.
 */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, __u64);
} claims SEC(".maps");

struct peer {
	struct refused_end end;
	__u32 protocol;
};

static __always_inline int is_any(__u32 of)
{
	__u64 *count = bpf_map_lookup_elem(&hold_count, &of);

	return count && *count;
}

static __always_inline int is_anything_held(void)
{
	return is_any(COUNT_OF_HOLDS);
}

/* The hold of this very cgroup; none where its time is over. */
static __always_inline struct hold *hold_of(__u64 cgroup)
{
	struct hold *hold = bpf_map_lookup_elem(&holds, &cgroup);

	if (hold && hold->expires_ns && hold->expires_ns <= bpf_ktime_get_boot_ns())
		return 0;
	return hold;
}

static __always_inline int is_listed(__u32 list, const struct peer *peer)
{
	struct allow_key key = {.bits = ALLOW_FIXED_BITS + 128, .list = list, .port = peer->end.port,
				.protocol = peer->protocol};

	if (!list)
		return 0;
	if (peer->end.family == FAMILY_INET) {
		key.address[10] = key.address[11] = 0xff;
		__builtin_memcpy(key.address + 12, peer->end.address, 4);
	} else {
		__builtin_memcpy(key.address, peer->end.address, 16);
	}
	if (bpf_map_lookup_elem(&allowed, &key))
		return 1;
	key.port = 0;
	return bpf_map_lookup_elem(&allowed, &key) != 0;
}

static __always_inline int is_loopback(const struct refused_end *end)
{
	const __u8 *a = end->address;
	__u32 words[4];

	if (end->family == FAMILY_INET)
		return a[0] == 127;
	__builtin_memcpy(words, a, 16);
	if (words[0] || words[1])
		return 0;
	/* ::1, and 127.0.0.0/8 as an IPv6 socket names it. */
	return words[2] == 0 ? words[3] == bpf_htonl(1) : words[2] == bpf_htonl(0xffff) && a[12] == 127;
}

static __always_inline int may_reach(struct hold *hold, const struct peer *peer)
{
	if (hold->mode == HOLD_RESTRICT && is_loopback(&peer->end))
		return 1;
	return is_listed(hold->list, peer);
}

static __always_inline void fill_task(struct record *record)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	struct task_struct *parent = BPF_CORE_READ(leader, real_parent);

	record->pid = BPF_CORE_READ(task, tgid);
	record->tid = BPF_CORE_READ(task, pid);
	record->start_ns = BPF_CORE_READ(leader, start_boottime);
	record->ppid = BPF_CORE_READ(parent, tgid);
	record->uid = BPF_CORE_READ(task, cred, euid.val);
	record->parent_start_ns = BPF_CORE_READ(parent, group_leader, start_boottime);
	bpf_probe_read_kernel(record->comm, sizeof(record->comm), &task->comm);
}

/* Counts one refusal. The last one may be a mixture of two that came at once; the count is exact. */
static __always_inline void count_refused(__u64 cgroup, __u32 what, const struct refused_end *end, __u64 cookie,
					  int is_of_task)
{
	struct refused_key key = {.cgroup = cgroup, .what = what};
	struct refused *known = bpf_map_lookup_elem(&refusals, &key);

	if (!known) {
		struct refused fresh = {0};

		bpf_map_update_elem(&refusals, &key, &fresh, BPF_NOEXIST);
		known = bpf_map_lookup_elem(&refusals, &key);
	}
	if (!known)
		return;
	known->last.boot_ns = bpf_ktime_get_boot_ns();
	known->last.numbers[1] = cookie;
	known->last.result = -1;
	if (is_of_task)
		fill_task(&known->last);
	known->remote = *end;
	__sync_fetch_and_add(&known->count, 1);
}

/* Which held cgroup the running process may not leave: the one it is a member of, and not below any more. */
static __always_inline __u64 left_cgroup(void)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 *cgroup = bpf_map_lookup_elem(&members, &pid);

	return cgroup && hold_of(*cgroup) ? *cgroup : 0;
}

/* Whether the running task is not in this cgroup, nor below it. */
static __always_inline int is_outside(__u64 of)
{
	for (int level = 1; level <= HOLD_LEVELS; level++) {
		__u64 cgroup = bpf_get_current_ancestor_cgroup_id(level);

		if (!cgroup)
			break;
		if (cgroup == of)
			return 0;
	}
	return 1;
}

enum held_word { NOT_HELD, HELD_PASSES, HELD_REFUSES };

/* What the holds say of an act of the running task: while one stands it alone decides. */
static __always_inline int ask_holds(__u32 what, const struct peer *peer, __u64 cookie)
{
	int word = NOT_HELD;
	__u64 left;
	struct hold *hold;

	if (!is_anything_held())
		return NOT_HELD;
	for (int level = 1; level <= HOLD_LEVELS; level++) {
		__u64 cgroup = bpf_get_current_ancestor_cgroup_id(level);

		if (!cgroup)
			break;
		hold = hold_of(cgroup);
		if (!hold)
			continue;
		word = HELD_PASSES;
		if (what == HOLD_REFUSED_UNIX ? hold->mode == HOLD_RESTRICT : may_reach(hold, peer))
			continue;
		count_refused(cgroup, what, &peer->end, cookie, 1);
		return HELD_REFUSES;
	}
	left = left_cgroup();
	hold = left ? hold_of(left) : 0;
	if (!hold)
		return word;
	if (what == HOLD_REFUSED_UNIX ? hold->mode == HOLD_RESTRICT : may_reach(hold, peer))
		return HELD_PASSES;
	count_refused(left, what, &peer->end, cookie, 1);
	return HELD_REFUSES;
}

/* The held cgroup that a child is born into, or whose member its parent is. */
static __always_inline __u64 held_cgroup_of_current(void)
{
	for (int level = 1; level <= HOLD_LEVELS; level++) {
		__u64 cgroup = bpf_get_current_ancestor_cgroup_id(level);

		if (!cgroup)
			break;
		if (hold_of(cgroup))
			return cgroup;
	}
	return left_cgroup();
}

#endif
