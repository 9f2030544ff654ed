/* Connections of a TLS library, by process and address of its `SSL`. */
#ifndef HOLDFAST_TLS_CONNECTION_H
#define HOLDFAST_TLS_CONNECTION_H

#include "maps.h"
#include <bpf/bpf_endian.h>
#include "tls.h"

struct tls_key {
	__u64 ssl;
	__u32 pid;
	__u32 zero;
};

struct tls_connection {
	__u64 offset[2];
	__u64 calls[2];
	__u64 cookie;
	__u32 fd;
	/* Tells apart the connections that use one address one after the other. */
	__u32 number;
	/* As the fields `local` and `remote` of SPEC S1 have them. */
	__u8 has_ends;
	__u8 end_bytes;
	__u8 local[20];
	__u8 remote[20];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct tls_key);
	__type(value, struct tls_connection);
} tls_connections SEC(".maps");

static __always_inline struct tls_key key_of(__u64 ssl)
{
	struct tls_key key = {.ssl = ssl, .pid = bpf_get_current_pid_tgid() >> 32};

	return key;
}

static __always_inline struct tls_connection *connection_of(__u64 ssl)
{
	struct tls_key key = key_of(ssl);
	struct tls_connection *known = bpf_map_lookup_elem(&tls_connections, &key);
	struct tls_connection fresh = {.fd = TLS_NO_FD};

	if (known)
		return known;
	fresh.number = bpf_get_prandom_u32() | 1;
	bpf_map_update_elem(&tls_connections, &key, &fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(&tls_connections, &key);
}

static __always_inline void put_end(__u8 *at, __u16 family, __u16 port)
{
	*(__u16 *)at = family;
	*(__u16 *)(at + 2) = port;
}

static __always_inline void take_ends(struct tls_connection *connection, struct sock *sk, __u16 family)
{
	put_end(connection->local, family, BPF_CORE_READ(sk, __sk_common.skc_num));
	put_end(connection->remote, family, bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)));
	if (family == FAMILY_INET) {
		connection->end_bytes = 8;
		BPF_CORE_READ_INTO((__u32 *)(connection->local + 4), sk, __sk_common.skc_rcv_saddr);
		BPF_CORE_READ_INTO((__u32 *)(connection->remote + 4), sk, __sk_common.skc_daddr);
	} else {
		connection->end_bytes = 20;
		BPF_CORE_READ_INTO((struct in6_addr *)(connection->local + 4), sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO((struct in6_addr *)(connection->remote + 4), sk, __sk_common.skc_v6_daddr);
	}
	connection->has_ends = 1;
}

#endif
