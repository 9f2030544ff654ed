/* The standing egress lists, and what they say of an act: below holds, in hold.bpf.c, which alone includes this. */
#ifndef HOLDFAST_POLICY_JUDGE_H
#define HOLDFAST_POLICY_JUDGE_H

#include "policy.h"

#define TCP_FLAGS_AT 13
#define TCP_SYN 2
#define TCP_ACK 16

/* Governed cgroups by cgroup v2 id. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct policy);
} policies SEC(".maps");

/* Processes of governed cgroups, by pid: who moves to another cgroup stays governed as of the one that it left. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, __u64);
} governed SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct policy_key);
	__type(value, struct policy_refused);
} policy_refusals SEC(".maps");

/* How many of `policy_refusals` have been told, by any loader. Written by loaders alone. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct policy_key);
	__type(value, __u64);
} policy_told SEC(".maps");

static __always_inline struct policy *policy_of(__u64 cgroup)
{
	return bpf_map_lookup_elem(&policies, &cgroup);
}

/* What is over its time monitors: an old list must not cut what has rightly changed since. */
static __always_inline __u16 mode_of(const struct policy *policy)
{
	if (policy->expires_ns && policy->expires_ns <= bpf_ktime_get_boot_ns())
		return POLICY_MONITOR;
	return policy->mode;
}

/* Whose policy the running process carries along, wherever it went. */
static __always_inline __u64 governed_as(void)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 *cgroup = bpf_map_lookup_elem(&governed, &pid);

	return cgroup && policy_of(*cgroup) ? *cgroup : 0;
}

/* Off the stack, which a program and what it calls share. */
static const struct policy_refused NO_ROW = {0};

static __always_inline struct policy_refused *row_of(const struct policy_key *key)
{
	struct policy_refused *known = bpf_map_lookup_elem(&policy_refusals, key);

	if (known)
		return known;
	bpf_map_update_elem(&policy_refusals, key, &NO_ROW, BPF_NOEXIST);
	return bpf_map_lookup_elem(&policy_refusals, key);
}

/* Counts one refusal, or what would be one. Where there is no room for its row it is counted without process and other end. */
static __always_inline void count_unlisted(__u64 cgroup, const struct policy *policy, __u32 what,
					   const struct peer *peer, __u64 cookie, int is_of_task)
{
	struct policy_key key = {.cgroup = cgroup, .what = what, .mode = mode_of(policy), .protocol = peer->protocol,
				 .remote = peer->end, .pid = is_of_task ? bpf_get_current_pid_tgid() >> 32 : 0};
	struct policy_refused *row = row_of(&key);

	if (!row) {
		key.pid = 0;
		key.protocol = 0;
		__builtin_memset(&key.remote, 0, sizeof(key.remote));
		row = row_of(&key);
	}
	if (!row)
		return;
	row->last.boot_ns = bpf_ktime_get_boot_ns();
	row->last.numbers[1] = cookie;
	row->last.result = key.mode == POLICY_ENFORCE ? -1 : 0;
	__builtin_memcpy(row->artifact, policy->artifact, sizeof(row->artifact));
	if (is_of_task)
		fill_task(&row->last);
	__sync_fetch_and_add(&row->count, 1);
}

static __always_inline struct cgroup *parent_of(struct cgroup *cgroup)
{
	struct cgroup_subsys_state *parent = BPF_CORE_READ(cgroup, self.parent);

	return parent ? (void *)parent - bpf_core_field_offset(struct cgroup, self) : 0;
}

/* Whether the socket, which the verifier lets nobody look into, was made in this cgroup or below it. */
static __always_inline int is_made_in(struct bpf_sock *socket, __u64 of)
{
	struct sock *made = 0;
	struct cgroup *cgroup;

	bpf_probe_read_kernel(&made, sizeof(made), &socket);
	cgroup = BPF_CORE_READ(made, sk_cgrp_data.cgroup);
	for (int level = 0; level <= HOLD_LEVELS && cgroup; level++) {
		if (BPF_CORE_READ(cgroup, kn, id) == of)
			return 1;
		cgroup = parent_of(cgroup);
	}
	return 0;
}

/* Whether who listens there, on the loopback interface, is of the same cgroup: an agent may speak to itself. */
static __always_inline int is_own(struct bpf_sock_addr *ctx, const struct peer *peer, __u64 cgroup)
{
	struct bpf_sock_tuple to = {0};
	struct bpf_sock *socket;
	__u32 bytes;
	int is;

	if (!is_loopback(&peer->end))
		return 0;
	/* Of the addresses of IPv6 that are loopback, all but ::1 are ones of IPv4. */
	if (peer->end.family == FAMILY_INET || peer->end.address[12] == 127) {
		__builtin_memcpy(&to.ipv4.daddr, peer->end.address + (peer->end.family == FAMILY_INET ? 0 : 12), 4);
		to.ipv4.dport = bpf_htons(peer->end.port);
		bytes = sizeof(to.ipv4);
	} else {
		__builtin_memcpy(to.ipv6.daddr, peer->end.address, 16);
		to.ipv6.dport = bpf_htons(peer->end.port);
		bytes = sizeof(to.ipv6);
	}
	if (peer->protocol == PROTOCOL_TCP)
		socket = bpf_sk_lookup_tcp(ctx, &to, bytes, BPF_F_CURRENT_NETNS, 0);
	else
		socket = bpf_sk_lookup_udp(ctx, &to, bytes, BPF_F_CURRENT_NETNS, 0);
	if (!socket)
		return 0;
	is = is_made_in(socket, cgroup);
	bpf_sk_release(socket);
	return is;
}

/* The address 0 leads to the loopback interface. */
static __always_inline void name_loopback(struct refused_end *end)
{
	__u32 words[4];

	__builtin_memcpy(words, end->address, 16);
	if (words[0] || words[1] || words[2] || words[3])
		return;
	if (end->family == FAMILY_INET)
		end->address[0] = 127;
	end->address[end->family == FAMILY_INET ? 3 : 15] = 1;
}

/* Global, so that the verifier looks at it once and not once for each level of the tree. */
__noinline int asks_leave(struct bpf_sock_addr *ctx, __u32 what, struct peer *peer, __u64 cgroup)
{
	struct policy *policy = policy_of(cgroup);

	if (!policy || !peer || is_listed(policy->list, peer) || is_own(ctx, peer, cgroup))
		return PASS;
	count_unlisted(cgroup, policy, what, peer, bpf_get_socket_cookie(ctx), 1);
	return mode_of(policy) == POLICY_ENFORCE ? REFUSE : PASS;
}

/* What the policies of the running task's cgroup, of those above it and of the one that it left say; each must let it. */
static __always_inline int ask_policies(struct bpf_sock_addr *ctx, __u32 what, struct peer *peer)
{
	__u64 carried;

	if (!is_any(COUNT_OF_POLICIES))
		return PASS;
	name_loopback(&peer->end);
	carried = governed_as();
	for (int level = 1; level <= HOLD_LEVELS; level++) {
		__u64 cgroup = bpf_get_current_ancestor_cgroup_id(level);

		if (!cgroup)
			break;
		if (cgroup == carried)
			carried = 0;
		if (!asks_leave(ctx, what, peer, cgroup))
			return REFUSE;
	}
	if (carried && !asks_leave(ctx, what, peer, carried))
		return REFUSE;
	return PASS;
}

/* Packets of connections that stand pass: that they were opened was asked. So do answers to who connected to the agent. */
static __always_inline int opens(struct __sk_buff *skb, const struct peer *peer, __u32 ports_at)
{
	__u8 flags = TCP_SYN;

	if (peer->protocol == PROTOCOL_TCP)
		bpf_skb_load_bytes(skb, ports_at + TCP_FLAGS_AT, &flags, sizeof(flags));
	return (flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

#endif
