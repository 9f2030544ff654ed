/*
 * Holds cgroups: refuses what a held one, or one below it, sends and receives. The programs stand at the root of the
 * cgroups for as long as a sensor runs or anything is held; programs, links and maps are pinned, so that a rung outlives
 * all processes of the product. Nothing here writes into the rings, which end with the loader: refusals are counted in a
 * map that whichever loader runs reads.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "hold.h"

char LICENSE[] SEC("license") = "GPL";

#define PASS 1
#define REFUSE 0
#define FAMILY_UNIX 1
#define FAMILY_INET 2
#define FAMILY_INET6 10
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17

/* Held cgroups by cgroup v2 id. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct hold);
} holds SEC(".maps");

/* How many are in `holds`: while it is 0, every packet of the machine pays one look at an array. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
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

struct peer {
	struct refused_end end;
	__u32 protocol;
};

static __always_inline int is_anything_held(void)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&hold_count, &zero);

	return count && *count;
}

/* The hold of this very cgroup; none where its time is over. */
static __always_inline struct hold *hold_of(__u64 cgroup)
{
	struct hold *hold = bpf_map_lookup_elem(&holds, &cgroup);

	if (hold && hold->expires_ns && hold->expires_ns <= bpf_ktime_get_boot_ns())
		return 0;
	return hold;
}

static __always_inline int is_listed(struct hold *hold, const struct peer *peer)
{
	struct allow_key key = {.bits = ALLOW_FIXED_BITS + 128, .list = hold->list, .port = peer->end.port,
				.protocol = peer->protocol};

	if (!hold->list)
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
	return is_listed(hold, peer);
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

static __always_inline int check_task(__u32 what, const struct peer *peer, __u64 cookie)
{
	__u64 left;
	struct hold *hold;

	if (!is_anything_held())
		return PASS;
	for (int level = 1; level <= HOLD_LEVELS; level++) {
		__u64 cgroup = bpf_get_current_ancestor_cgroup_id(level);

		if (!cgroup)
			break;
		hold = hold_of(cgroup);
		if (!hold)
			continue;
		if (what == HOLD_REFUSED_UNIX ? hold->mode == HOLD_RESTRICT : may_reach(hold, peer))
			continue;
		count_refused(cgroup, what, &peer->end, cookie, 1);
		return REFUSE;
	}
	left = left_cgroup();
	hold = left ? hold_of(left) : 0;
	if (!hold || (what == HOLD_REFUSED_UNIX ? hold->mode == HOLD_RESTRICT : may_reach(hold, peer)))
		return PASS;
	count_refused(left, what, &peer->end, cookie, 1);
	return REFUSE;
}

static __always_inline int check_address4(struct bpf_sock_addr *ctx, __u32 what)
{
	struct peer peer = {.end = {.family = FAMILY_INET, .port = bpf_ntohs(ctx->user_port)}, .protocol = ctx->protocol};
	__u32 address = ctx->user_ip4;

	__builtin_memcpy(peer.end.address, &address, 4);
	return check_task(what, &peer, bpf_get_socket_cookie(ctx));
}

static __always_inline int check_address6(struct bpf_sock_addr *ctx, __u32 what)
{
	struct peer peer = {.end = {.family = FAMILY_INET6, .port = bpf_ntohs(ctx->user_port)}, .protocol = ctx->protocol};
	__u32 words[4] = {ctx->user_ip6[0], ctx->user_ip6[1], ctx->user_ip6[2], ctx->user_ip6[3]};

	__builtin_memcpy(peer.end.address, words, 16);
	return check_task(what, &peer, bpf_get_socket_cookie(ctx));
}

SEC("cgroup/connect4")
int hold_connect4(struct bpf_sock_addr *ctx)
{
	return check_address4(ctx, HOLD_REFUSED_CONNECT);
}

SEC("cgroup/connect6")
int hold_connect6(struct bpf_sock_addr *ctx)
{
	return check_address6(ctx, HOLD_REFUSED_CONNECT);
}

SEC("cgroup/sendmsg4")
int hold_sendmsg4(struct bpf_sock_addr *ctx)
{
	return check_address4(ctx, HOLD_REFUSED_SENDMSG);
}

SEC("cgroup/sendmsg6")
int hold_sendmsg6(struct bpf_sock_addr *ctx)
{
	return check_address6(ctx, HOLD_REFUSED_SENDMSG);
}

/* The numbers of these two hooks (Linux 6.7) are given by the loader: libbpf 1.1 does not know their names. */
SEC("cgroup/connect4")
int hold_connect_unix(struct bpf_sock_addr *ctx)
{
	struct peer peer = {.end = {.family = FAMILY_UNIX}};

	return check_task(HOLD_REFUSED_UNIX, &peer, bpf_get_socket_cookie(ctx));
}

SEC("cgroup/connect4")
int hold_sendmsg_unix(struct bpf_sock_addr *ctx)
{
	struct peer peer = {.end = {.family = FAMILY_UNIX}};

	return check_task(HOLD_REFUSED_UNIX, &peer, bpf_get_socket_cookie(ctx));
}

/* Sockets keep the cgroup that they were made in: one that is made outside would not be held. */
SEC("cgroup/sock_create")
int hold_socket(struct bpf_sock *socket)
{
	struct refused_end end = {.family = socket->family};
	__u64 left;

	if (!is_anything_held())
		return PASS;
	left = left_cgroup();
	if (!left)
		return PASS;
	for (int level = 1; level <= HOLD_LEVELS; level++) {
		__u64 cgroup = bpf_get_current_ancestor_cgroup_id(level);

		if (!cgroup)
			break;
		if (cgroup == left)
			return PASS;
	}
	count_refused(left, HOLD_REFUSED_SOCKET, &end, 0, 1);
	return REFUSE;
}

static __always_inline void read_ports(struct __sk_buff *skb, __u32 at, struct peer *peer, int is_received)
{
	__be16 ports[2];

	if ((peer->protocol == PROTOCOL_TCP || peer->protocol == PROTOCOL_UDP) &&
	    !bpf_skb_load_bytes(skb, at, ports, sizeof(ports)))
		peer->end.port = bpf_ntohs(ports[is_received ? 0 : 1]);
}

/* The other end of a packet. Extension headers of IPv6 hide the port: such a packet is on no list. */
static __always_inline int read_peer(struct __sk_buff *skb, struct peer *peer, int is_received)
{
	struct iphdr four;
	struct ipv6hdr six;

	if (skb->protocol == bpf_htons(0x0800)) {
		if (bpf_skb_load_bytes(skb, 0, &four, sizeof(four)))
			return 0;
		peer->end.family = FAMILY_INET;
		peer->protocol = four.protocol;
		__builtin_memcpy(peer->end.address, is_received ? &four.saddr : &four.daddr, 4);
		read_ports(skb, four.ihl * 4, peer, is_received);
		return 1;
	}
	if (bpf_skb_load_bytes(skb, 0, &six, sizeof(six)))
		return 0;
	peer->end.family = FAMILY_INET6;
	peer->protocol = six.nexthdr;
	__builtin_memcpy(peer->end.address, is_received ? &six.saddr : &six.daddr, 16);
	read_ports(skb, sizeof(six), peer, is_received);
	return 1;
}

static __always_inline int check_packet(struct __sk_buff *skb, int is_received)
{
	struct peer peer = {0};
	int is_read = 0;

	if (!is_anything_held())
		return PASS;
	for (int level = 1; level <= HOLD_LEVELS; level++) {
		__u64 cgroup = bpf_skb_ancestor_cgroup_id(skb, level);
		struct hold *hold;

		if (!cgroup)
			break;
		hold = hold_of(cgroup);
		if (!hold)
			continue;
		if (!is_read)
			is_read = read_peer(skb, &peer, is_received);
		if (is_read && may_reach(hold, &peer))
			continue;
		count_refused(cgroup, is_received ? HOLD_REFUSED_IN : HOLD_REFUSED_OUT, &peer.end,
			      bpf_get_socket_cookie(skb), 0);
		return REFUSE;
	}
	return PASS;
}

SEC("cgroup_skb/egress")
int hold_sent(struct __sk_buff *skb)
{
	return check_packet(skb, 0);
}

SEC("cgroup_skb/ingress")
int hold_received(struct __sk_buff *skb)
{
	return check_packet(skb, 1);
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

SEC("raw_tp/sched_process_fork")
int hold_fork(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *child = (void *)ctx->args[1];
	__u64 cgroup;
	__u32 pid;

	if (!is_anything_held())
		return 0;
	cgroup = held_cgroup_of_current();
	pid = BPF_CORE_READ(child, tgid);
	if (cgroup)
		bpf_map_update_elem(&members, &pid, &cgroup, BPF_ANY);
	return 0;
}

static __always_inline struct cgroup *parent_of(struct cgroup *cgroup)
{
	struct cgroup_subsys_state *parent = BPF_CORE_READ(cgroup, self.parent);

	return parent ? (void *)parent - bpf_core_field_offset(struct cgroup, self) : 0;
}

/* Who is moved into a held cgroup is of it from then on. */
SEC("raw_tp/cgroup_attach_task")
int hold_moved(struct bpf_raw_tracepoint_args *ctx)
{
	struct cgroup *cgroup = (void *)ctx->args[0];
	__u32 pid;

	if (!is_anything_held())
		return 0;
	pid = BPF_CORE_READ((struct task_struct *)ctx->args[2], tgid);
	for (int level = 1; level <= HOLD_LEVELS && cgroup; level++) {
		__u64 id = BPF_CORE_READ(cgroup, kn, id);

		if (hold_of(id)) {
			bpf_map_update_elem(&members, &pid, &id, BPF_ANY);
			break;
		}
		cgroup = parent_of(cgroup);
	}
	return 0;
}

SEC("raw_tp/sched_process_exit")
int hold_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	__u32 pid = BPF_CORE_READ(task, tgid);

	/* A thread that ends leaves its process where it was; the last one takes it along. */
	if (BPF_CORE_READ(task, signal, live.counter) == 0)
		bpf_map_delete_elem(&members, &pid);
	return 0;
}
