/*
 * Holds cgroups: refuses what a held one, or one below it, sends and receives. The programs stand at the root of the
 * cgroups for as long as a sensor runs or anything is held; programs, links and maps are pinned, so that a rung outlives
 * all processes of the product. Nothing here writes into the rings, which end with the loader: refusals are counted in a
 * map that whichever loader runs reads. What no hold decides the standing egress list of a cgroup does (policy.h).
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "hold.h"

char LICENSE[] SEC("license") = "GPL";

#include "hold-judge.h"
#include "policy-judge.h"

/* net/packet and AF_XDP, as linux/if_packet.h, linux/if_xdp.h and linux/socket.h have them. */
#define LEVEL_PACKET 263
#define LEVEL_XDP 283
#define PACKET_QDISC_BYPASS 20
#define OPTION_BUFFER_BYTES 4096
/* TCX_NEXT and TCX_DROP of linux/bpf.h, Linux 6.6. */
#define TC_NEXT -1
#define TC_DROP 2

static __always_inline int check_address(struct bpf_sock_addr *ctx, __u32 what, struct peer *peer)
{
	switch (ask_holds(what, peer, bpf_get_socket_cookie(ctx))) {
	case HELD_REFUSES:
		return REFUSE;
	case HELD_PASSES:
		return PASS;
	default:
		return ask_policies(ctx, what, peer);
	}
}

static __always_inline int check_address4(struct bpf_sock_addr *ctx, __u32 what)
{
	struct peer peer = {.end = {.family = FAMILY_INET, .port = bpf_ntohs(ctx->user_port)}, .protocol = ctx->protocol};
	__u32 address = ctx->user_ip4;

	__builtin_memcpy(peer.end.address, &address, 4);
	return check_address(ctx, what, &peer);
}

static __always_inline int check_address6(struct bpf_sock_addr *ctx, __u32 what)
{
	struct peer peer = {.end = {.family = FAMILY_INET6, .port = bpf_ntohs(ctx->user_port)}, .protocol = ctx->protocol};
	__u32 words[4] = {ctx->user_ip6[0], ctx->user_ip6[1], ctx->user_ip6[2], ctx->user_ip6[3]};

	__builtin_memcpy(peer.end.address, words, 16);
	return check_address(ctx, what, &peer);
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

	return ask_holds(HOLD_REFUSED_UNIX, &peer, bpf_get_socket_cookie(ctx)) != HELD_REFUSES;
}

SEC("cgroup/connect4")
int hold_sendmsg_unix(struct bpf_sock_addr *ctx)
{
	struct peer peer = {.end = {.family = FAMILY_UNIX}};

	return ask_holds(HOLD_REFUSED_UNIX, &peer, bpf_get_socket_cookie(ctx)) != HELD_REFUSES;
}

/* Who left its governed cgroup makes no socket, whose packets would be of another one. */
static __always_inline int may_make_governed(struct bpf_sock *socket)
{
	struct peer peer = {.end = {.family = socket->family}, .protocol = socket->protocol};
	__u64 carried = is_any(COUNT_OF_POLICIES) ? governed_as() : 0;
	struct policy *policy = carried && is_outside(carried) ? policy_of(carried) : 0;

	if (!policy)
		return PASS;
	count_unlisted(carried, policy, HOLD_REFUSED_SOCKET, &peer, 0, 1);
	return mode_of(policy) == POLICY_ENFORCE ? REFUSE : PASS;
}

/*
 * Sockets keep the cgroup that they were made in: one that is made outside would not be held. A raw socket forges the
 * sender of an allowed answer. The kernel asks here for IPv4 and IPv6 alone.
 */
SEC("cgroup/sock_create")
int hold_socket(struct bpf_sock *socket)
{
	struct refused_end end = {.family = socket->family};
	__u64 held = is_anything_held() ? held_cgroup_of_current() : 0;
	__u64 left;

	if (!held)
		return may_make_governed(socket);
	left = left_cgroup();
	if (socket->type != SOCKET_RAW && (!left || !is_outside(left)))
		return PASS;
	count_refused(held, HOLD_REFUSED_SOCKET, &end, 0, 1);
	return REFUSE;
}

/* What would let a packet socket past the hook of outgoing packets: set by whoever makes one during a hold. */
SEC("cgroup/setsockopt")
int hold_option(struct bpf_sockopt *option)
{
	struct refused_end end = {.family = FAMILY_PACKET};
	__u64 held;

	/* Longer ones than a page are refused by the kernel unless their buffer is declared untouched. */
	if (option->optlen > OPTION_BUFFER_BYTES)
		option->optlen = 0;
	if (option->level != LEVEL_XDP && (option->level != LEVEL_PACKET || option->optname != PACKET_QDISC_BYPASS))
		return PASS;
	held = is_anything_held() ? held_cgroup_of_current() : 0;
	if (!held)
		return PASS;
	count_refused(held, HOLD_REFUSED_SOCKET, &end, 0, 1);
	return REFUSE;
}

static __always_inline void read_ports(struct __sk_buff *skb, __u32 at, struct peer *peer, int is_received)
{
	__be16 ports[2];

	if ((peer->protocol == PROTOCOL_TCP || peer->protocol == PROTOCOL_UDP) &&
	    !bpf_skb_load_bytes(skb, at, ports, sizeof(ports)))
		peer->end.port = bpf_ntohs(ports[is_received ? 0 : 1]);
}

/* The other end of a packet, and where its ports are. Extension headers of IPv6 hide the port: such a packet is on no list. */
static __always_inline int read_peer(struct __sk_buff *skb, struct peer *peer, int is_received)
{
	struct iphdr four;
	struct ipv6hdr six;
	__u32 at;

	if (skb->protocol == bpf_htons(0x0800)) {
		if (bpf_skb_load_bytes(skb, 0, &four, sizeof(four)))
			return 0;
		peer->end.family = FAMILY_INET;
		peer->protocol = four.protocol;
		__builtin_memcpy(peer->end.address, is_received ? &four.saddr : &four.daddr, 4);
		at = four.ihl * 4;
	} else {
		if (bpf_skb_load_bytes(skb, 0, &six, sizeof(six)))
			return 0;
		peer->end.family = FAMILY_INET6;
		peer->protocol = six.nexthdr;
		__builtin_memcpy(peer->end.address, is_received ? &six.saddr : &six.daddr, 16);
		at = sizeof(six);
	}
	read_ports(skb, at, peer, is_received);
	return at;
}

/* The held cgroup that claims the socket of a packet, and whether it is a raw one. */
static __always_inline __u64 claim_of(struct __sk_buff *skb, int *is_raw)
{
	struct bpf_sock *socket = skb->sk;
	__u64 *cgroup;

	socket = socket ? bpf_sk_fullsock(socket) : 0;
	if (!socket)
		return 0;
	*is_raw = socket->type == SOCKET_RAW;
	cgroup = bpf_sk_storage_get(&claims, socket, 0, 0);
	return cgroup ? *cgroup : 0;
}

static __always_inline int ask_packet_holds(struct __sk_buff *skb, int is_received)
{
	struct peer peer = {0};
	int is_read = 0, is_raw = 0, word = NOT_HELD;
	__u64 claimed;

	if (!is_anything_held())
		return NOT_HELD;
	claimed = claim_of(skb, &is_raw);
	/* The claim first, then the cgroup of the socket and those above it. */
	for (int level = 0; level <= HOLD_LEVELS; level++) {
		__u64 cgroup = level ? bpf_skb_ancestor_cgroup_id(skb, level) : claimed;
		struct hold *hold;

		if (!cgroup && level)
			break;
		hold = cgroup ? hold_of(cgroup) : 0;
		if (!hold)
			continue;
		word = HELD_PASSES;
		if (!is_read)
			is_read = read_peer(skb, &peer, is_received);
		if (is_read && !is_raw && may_reach(hold, &peer))
			continue;
		count_refused(cgroup, is_received ? HOLD_REFUSED_IN : HOLD_REFUSED_OUT, &peer.end,
			      bpf_get_socket_cookie(skb), 0);
		return HELD_REFUSES;
	}
	return word;
}

/* Global, as `asks_leave` is. */
__noinline int may_leave(struct __sk_buff *skb, struct peer *peer, __u64 cgroup, int is_asked_before)
{
	struct policy *policy = policy_of(cgroup);

	/* Where it only monitors, the hooks of addresses have counted it. */
	if (!policy || !peer || is_listed(policy->list, peer) || (is_asked_before && mode_of(policy) == POLICY_MONITOR))
		return PASS;
	count_unlisted(cgroup, policy, HOLD_REFUSED_OUT, peer, bpf_get_socket_cookie(skb), 0);
	return mode_of(policy) == POLICY_ENFORCE ? REFUSE : PASS;
}

/* What passed the hooks of addresses, or never came by one: raw and ping sockets, a list that was shortened since. */
static __always_inline int ask_packet_policies(struct __sk_buff *skb)
{
	int is_read = 0, is_raw = 0, is_asked_before = 0;
	struct peer peer = {0};

	if (!is_any(COUNT_OF_POLICIES))
		return PASS;
	claim_of(skb, &is_raw);
	for (int level = 1; level <= HOLD_LEVELS; level++) {
		__u64 cgroup = bpf_skb_ancestor_cgroup_id(skb, level);
		struct policy *policy;

		if (!cgroup)
			break;
		policy = policy_of(cgroup);
		if (!policy)
			continue;
		if (!is_read) {
			is_read = read_peer(skb, &peer, 0);
			if (!is_raw && (is_loopback(&peer.end) || !opens(skb, &peer, is_read)))
				return PASS;
			is_asked_before = !is_raw && (peer.protocol == PROTOCOL_TCP || peer.protocol == PROTOCOL_UDP);
		}
		if (!may_leave(skb, &peer, cgroup, is_asked_before))
			return REFUSE;
	}
	return PASS;
}

SEC("cgroup_skb/egress")
int hold_sent(struct __sk_buff *skb)
{
	switch (ask_packet_holds(skb, 0)) {
	case HELD_REFUSES:
		return REFUSE;
	case HELD_PASSES:
		return PASS;
	default:
		return ask_packet_policies(skb);
	}
}

SEC("cgroup_skb/ingress")
int hold_received(struct __sk_buff *skb)
{
	return ask_packet_holds(skb, 1) != HELD_REFUSES;
}

/*
 * Packet sockets pass below the two hooks above: their packets are seen where they leave an interface, on which the
 * loader's `hold claim` puts this.
 */
SEC("tc")
int hold_link(struct __sk_buff *skb)
{
	struct bpf_sock *socket = skb->sk;
	struct refused_end end = {.family = FAMILY_PACKET};

	if (!is_anything_held() || !socket || socket->family != FAMILY_PACKET)
		return TC_NEXT;
	for (int level = 1; level <= HOLD_LEVELS; level++) {
		__u64 cgroup = bpf_skb_ancestor_cgroup_id(skb, level);

		if (!cgroup)
			break;
		if (!hold_of(cgroup))
			continue;
		count_refused(cgroup, HOLD_REFUSED_OUT, &end, bpf_get_socket_cookie(skb), 0);
		return TC_DROP;
	}
	return TC_NEXT;
}

/* The governed cgroup that a child is born into, or whose policy its parent carries. */
static __always_inline __u64 governed_cgroup_of_current(void)
{
	__u64 carried = governed_as();

	for (int level = 1; level <= HOLD_LEVELS && !carried; level++) {
		__u64 cgroup = bpf_get_current_ancestor_cgroup_id(level);

		if (!cgroup)
			break;
		if (policy_of(cgroup))
			carried = cgroup;
	}
	return carried;
}

SEC("raw_tp/sched_process_fork")
int hold_fork(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *child = (void *)ctx->args[1];
	__u64 held = is_anything_held() ? held_cgroup_of_current() : 0;
	__u64 carried = is_any(COUNT_OF_POLICIES) ? governed_cgroup_of_current() : 0;
	__u32 pid = BPF_CORE_READ(child, tgid);

	if (held)
		bpf_map_update_elem(&members, &pid, &held, BPF_ANY);
	if (carried)
		bpf_map_update_elem(&governed, &pid, &carried, BPF_ANY);
	return 0;
}

static __always_inline int is_governed(__u32 pid)
{
	__u64 *cgroup = bpf_map_lookup_elem(&governed, &pid);

	return cgroup && policy_of(*cgroup);
}

/* Who is moved into a held or governed cgroup is of it from then on; what it carries from another governed one stays. */
SEC("raw_tp/cgroup_attach_task")
int hold_moved(struct bpf_raw_tracepoint_args *ctx)
{
	struct cgroup *cgroup = (void *)ctx->args[0];
	int is_held = !is_anything_held(), is_carrying = !is_any(COUNT_OF_POLICIES);
	__u32 pid;

	if (is_held && is_carrying)
		return 0;
	pid = BPF_CORE_READ((struct task_struct *)ctx->args[2], tgid);
	is_carrying |= is_governed(pid);
	for (int level = 1; level <= HOLD_LEVELS && cgroup && !(is_held && is_carrying); level++) {
		__u64 id = BPF_CORE_READ(cgroup, kn, id);

		if (!is_held && hold_of(id)) {
			bpf_map_update_elem(&members, &pid, &id, BPF_ANY);
			is_held = 1;
		}
		if (!is_carrying && policy_of(id)) {
			bpf_map_update_elem(&governed, &pid, &id, BPF_ANY);
			is_carrying = 1;
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
	if (BPF_CORE_READ(task, signal, live.counter) == 0) {
		bpf_map_delete_elem(&members, &pid);
		bpf_map_delete_elem(&governed, &pid);
	}
	return 0;
}
