/* Sockets and their addresses (SPEC S1, fields 6 and 7). */
#ifndef HOLDFAST_SOCKET_H
#define HOLDFAST_SOCKET_H

#include "flow.h"
#include "path.h"

#define FAMILY_UNIX 1
#define FAMILY_NETLINK 16
#define MODE_TYPE 0170000
#define MODE_SOCKET 0140000
#define UNIX_PATH_BYTES 108

static __always_inline struct sock *sock_of(struct file *file)
{
	struct socket *socket;

	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & MODE_TYPE) != MODE_SOCKET)
		return 0;
	socket = BPF_CORE_READ(file, private_data);
	return BPF_CORE_READ(socket, sk);
}

static __always_inline __u64 cookie_of(struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
}

static __always_inline void read_ends(struct sock *sk, struct end *local, struct end *remote)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	local->family = family;
	remote->family = family;
	local->port = BPF_CORE_READ(sk, __sk_common.skc_num);
	remote->port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (family == FAMILY_INET) {
		BPF_CORE_READ_INTO((__u32 *)local->address, sk, __sk_common.skc_rcv_saddr);
		BPF_CORE_READ_INTO((__u32 *)remote->address, sk, __sk_common.skc_daddr);
	} else if (family == FAMILY_INET6) {
		BPF_CORE_READ_INTO((struct in6_addr *)local->address, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO((struct in6_addr *)remote->address, sk, __sk_common.skc_v6_daddr);
	}
}

static __always_inline void add_end(struct scratch *s, __u16 tag, struct end *end)
{
	if (end->family == FAMILY_INET)
		add_kernel_bytes(s, tag, end, 8);
	else if (end->family == FAMILY_INET6)
		add_kernel_bytes(s, tag, end, 20);
}

/*
 * The path of a unix socket behind the four bytes of its head. `bytes` is the length of the address with its family: an
 * abstract name has no end mark, and the zero that begins it is told as `@`.
 */
static __always_inline void add_unix(struct scratch *s, __u16 tag, const void *path, __u32 bytes, int is_user)
{
	__u8 *to = next_field(s);
	long text;

	if (!to || bytes <= 2)
		return;
	bytes -= 2;
	if (bytes > UNIX_PATH_BYTES)
		bytes = UNIX_PATH_BYTES;
	to[0] = FAMILY_UNIX;
	to[1] = to[2] = to[3] = 0;
	if (is_user)
		bpf_probe_read_user(to + 4, bytes & 127, path);
	else
		bpf_probe_read_kernel(to + 4, bytes & 127, path);
	if (to[4] == 0) {
		to[4] = '@';
		text = bytes;
	} else if (is_user) {
		text = bpf_probe_read_user_str(to + 4, (bytes + 1) & 127, path) - 1;
	} else {
		text = bpf_probe_read_kernel_str(to + 4, (bytes + 1) & 127, path) - 1;
	}
	if (text > 0 && text <= UNIX_PATH_BYTES)
		claim_field(s, tag, 4 + text);
}

/* An address as the process passed it. False where it names nobody. */
static __always_inline int read_user_end(struct end *end, const void *address)
{
	struct sockaddr_in6 given = {0};

	if (!address || bpf_probe_read_user(&given, 16, address))
		return 0;
	end->family = given.sin6_family;
	end->port = bpf_ntohs(given.sin6_port);
	if (end->family == FAMILY_INET)
		__builtin_memcpy(end->address, (__u8 *)&given + 4, 4);
	else if (end->family == FAMILY_INET6)
		bpf_probe_read_user(end->address, 16, address + 8);
	else
		return end->family == FAMILY_UNIX;
	return 1;
}

#endif
