/* Bytes of each flow, and what is asked of name servers. The programs stand at the root of the cgroups and let all pass. */
#include "flow.h"

char LICENSE[] SEC("license") = "GPL";

#define PASS 1
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define PORT_DNS 53
#define DNS_HEAD_BYTES 12
/* EDNS messages are at most this in practice (the DNS flag day of 2020); a longer one is cut. */
#define DNS_MAX_BYTES 1232
/* A flow that goes on is told this often, so that a long one is not first seen at its end. */
#define FLOW_TOLD_NS (10ULL * 1000 * 1000 * 1000)
#define STATE_CLOSE 7

struct packet {
	struct end source;
	struct end target;
	__u32 protocol;
	/* Where the payload begins, and its length. */
	__u32 payload;
	__u32 bytes;
};

struct ports {
	__be16 source;
	__be16 target;
};

static __always_inline int read_ipv4(struct __sk_buff *skb, struct packet *packet)
{
	struct iphdr head;

	if (bpf_skb_load_bytes(skb, 0, &head, sizeof(head)))
		return 0;
	packet->source.family = packet->target.family = FAMILY_INET;
	__builtin_memcpy(packet->source.address, &head.saddr, 4);
	__builtin_memcpy(packet->target.address, &head.daddr, 4);
	packet->protocol = head.protocol;
	packet->payload = head.ihl * 4;
	/* Later fragments have no head of their protocol: their bytes count, their ports are not known. */
	return !(head.frag_off & bpf_htons(0x1fff));
}

static __always_inline int read_ipv6(struct __sk_buff *skb, struct packet *packet)
{
	struct ipv6hdr head;

	if (bpf_skb_load_bytes(skb, 0, &head, sizeof(head)))
		return 0;
	packet->source.family = packet->target.family = FAMILY_INET6;
	__builtin_memcpy(packet->source.address, &head.saddr, 16);
	__builtin_memcpy(packet->target.address, &head.daddr, 16);
	packet->protocol = head.nexthdr;
	packet->payload = sizeof(head);
	return 1;
}

static __always_inline void read_packet(struct __sk_buff *skb, struct packet *packet)
{
	struct ports ports;
	__u8 offset;
	int is_first = skb->protocol == bpf_htons(0x0800) ? read_ipv4(skb, packet) : read_ipv6(skb, packet);
	__u32 head = packet->payload;

	if (is_first && (packet->protocol == PROTOCOL_TCP || packet->protocol == PROTOCOL_UDP) &&
	    !bpf_skb_load_bytes(skb, head, &ports, sizeof(ports))) {
		packet->source.port = bpf_ntohs(ports.source);
		packet->target.port = bpf_ntohs(ports.target);
		packet->payload += 8;
		if (packet->protocol == PROTOCOL_TCP && !bpf_skb_load_bytes(skb, head + 12, &offset, 1))
			packet->payload = head + (offset >> 4) * 4;
	}
	packet->bytes = skb->len > packet->payload ? skb->len - packet->payload : 0;
}

static __always_inline void put_end(void *to, __u16 tag, const struct end *end)
{
	struct field_head *head = to;

	head->tag = tag;
	head->bytes = end->family == FAMILY_INET ? 8 : 20;
	__builtin_memcpy(to + 4, end, 20);
}

/* Both addresses as fields into 48 bytes; how many they take. A short one leaves its rest to the next. */
static __always_inline __u32 put_ends(__u8 *to, const struct end *local, const struct end *remote)
{
	put_end(to, FIELD_LOCAL, local);
	if (local->family == FAMILY_INET) {
		put_end(to + 16, FIELD_REMOTE, remote);
		return 32;
	}
	put_end(to + 24, FIELD_REMOTE, remote);
	return 48;
}

struct flow_record {
	struct record head;
	__u8 fields[48];
};

static __always_inline void tell_flow(struct flow *flow, __u64 cookie, int is_closed)
{
	struct flow_record *told = reserve_low(sizeof(*told), flow->owner.cgroup, RECORD_FLOW);

	if (!told)
		return;
	told->head = flow->owner;
	told->head.type = RECORD_FLOW;
	told->head.boot_ns = bpf_ktime_get_boot_ns();
	told->head.numbers[0] = flow->sent;
	told->head.numbers[1] = flow->received;
	told->head.numbers[2] = cookie;
	told->head.numbers[3] = flow->protocol;
	told->head.numbers[4] = is_closed;
	told->head.bytes = sizeof(struct record) + put_ends(told->fields, &flow->local, &flow->remote);
	submit_low(&told->head);
}

struct dns_record {
	struct record head;
	__u8 fields[48 + 8 + DNS_MAX_BYTES];
};

static __always_inline void tell_dns(struct __sk_buff *skb, struct flow *flow, __u64 cookie, struct packet *packet,
				     int is_answer)
{
	struct dns_record *told;
	struct field_head *head;
	__u32 bytes = packet->bytes, at, last;

	if (bytes < DNS_HEAD_BYTES)
		return;
	told = reserve_low(sizeof(*told), flow->owner.cgroup, RECORD_DNS);
	if (!told)
		return;
	told->head = flow->owner;
	told->head.type = RECORD_DNS;
	told->head.boot_ns = bpf_ktime_get_boot_ns();
	told->head.numbers[0] = is_answer;
	told->head.numbers[1] = PROTOCOL_UDP;
	told->head.numbers[2] = cookie;
	if (bytes > DNS_MAX_BYTES) {
		bytes = DNS_MAX_BYTES;
		told->head.flags |= RECORD_CUT;
	}
	at = put_ends(told->fields, is_answer ? &packet->target : &packet->source,
		      is_answer ? &packet->source : &packet->target);
	head = (void *)&told->fields[at];
	/* Room in a ring holds what was there before: the padding must not tell it. */
	last = (at + 3 + bytes) & ~7U;
	if (last <= sizeof(told->fields) - 8)
		__builtin_memset(&told->fields[last], 0, 8);
	head->tag = FIELD_DNS;
	head->bytes = bytes;
	if (bytes == 0 || bpf_skb_load_bytes(skb, packet->payload, &told->fields[at + 4], bytes)) {
		bpf_ringbuf_discard(told, 0);
		count_lost(flow->owner.cgroup, RECORD_DNS);
		return;
	}
	told->head.bytes = sizeof(struct record) + ((at + 4 + bytes + 7) & ~7U);
	submit_low(&told->head);
}

/* The flow of a packet; made here where its socket is older than the watching of its cgroup. */
static __always_inline struct flow *flow_of(struct __sk_buff *skb, __u64 cookie)
{
	struct flow *flow = bpf_map_lookup_elem(&flows, &cookie);
	struct flow fresh = {0};
	__u64 cgroup;

	if (flow || !cookie)
		return flow;
	cgroup = bpf_skb_cgroup_id(skb);
	if (!watched_cgroup(cgroup))
		return 0;
	fresh.owner.cgroup = cgroup;
	fresh.told_ns = bpf_ktime_get_boot_ns();
	if (bpf_map_update_elem(&flows, &cookie, &fresh, BPF_NOEXIST)) {
		count_lost(cgroup, RECORD_FLOW);
		return 0;
	}
	return bpf_map_lookup_elem(&flows, &cookie);
}

static __always_inline int count_packet(struct __sk_buff *skb, int is_received)
{
	__u64 cookie = bpf_get_socket_cookie(skb);
	struct flow *flow = flow_of(skb, cookie);
	struct packet packet = {0};
	__u64 now;

	if (!flow || !watched_cgroup(flow->owner.cgroup))
		return PASS;
	read_packet(skb, &packet);
	flow->protocol = packet.protocol;
	flow->local = is_received ? packet.target : packet.source;
	flow->remote = is_received ? packet.source : packet.target;
	__sync_fetch_and_add(is_received ? &flow->received : &flow->sent, packet.bytes);
	if (packet.protocol == PROTOCOL_UDP && (is_received ? packet.source.port : packet.target.port) == PORT_DNS)
		tell_dns(skb, flow, cookie, &packet, is_received);
	now = bpf_ktime_get_boot_ns();
	if (now - flow->told_ns < FLOW_TOLD_NS)
		return PASS;
	flow->told_ns = now;
	tell_flow(flow, cookie, 0);
	return PASS;
}

SEC("cgroup_skb/egress")
int observe_sent(struct __sk_buff *skb)
{
	return count_packet(skb, 0);
}

SEC("cgroup_skb/ingress")
int observe_received(struct __sk_buff *skb)
{
	return count_packet(skb, 1);
}

/* Asking for the cookie makes it: the hook on system calls can then read it. */
SEC("cgroup/sock_create")
int observe_socket(struct bpf_sock *socket)
{
	__u64 cgroup = bpf_get_current_cgroup_id();

	if (watched_cgroup(cgroup))
		own_flow(bpf_get_socket_cookie(socket), cgroup);
	return PASS;
}

static __always_inline void end_flow(__u64 cookie)
{
	struct flow *flow = bpf_map_lookup_elem(&flows, &cookie);

	if (!flow)
		return;
	/* A socket that nothing went through is no flow. */
	if ((flow->sent || flow->received) && watched_cgroup(flow->owner.cgroup))
		tell_flow(flow, cookie, 1);
	bpf_map_delete_elem(&flows, &cookie);
}

/* TCP may still send after the process let go of the socket: that ends with its state, below. */
SEC("cgroup/sock_release")
int observe_socket_end(struct bpf_sock *socket)
{
	if (socket->protocol != PROTOCOL_TCP || socket->state == STATE_CLOSE)
		end_flow(bpf_get_socket_cookie(socket));
	return PASS;
}

SEC("raw_tp/inet_sock_set_state")
int observe_state(struct bpf_raw_tracepoint_args *ctx)
{
	struct sock *sk = (void *)ctx->args[0];

	if (ctx->args[2] == STATE_CLOSE)
		end_flow(BPF_CORE_READ(sk, __sk_common.skc_cookie.counter));
	return 0;
}

/* The socket of an accepted connection has its cookie before the process has the socket. */
SEC("sockops")
int observe_established(struct bpf_sock_ops *operation)
{
	if (operation->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		bpf_get_socket_cookie(operation);
	return PASS;
}
