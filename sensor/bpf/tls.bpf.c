/*
 * Plain text of TLS connections: what a process hands to SSL_write and gets from SSL_read, of watched cgroups with
 * WATCH_TLS. One pair of programs serves all four functions; the cookie of each attachment says which one it is.
 *
 * A stream is numbered by its bytes: what a full ring drops leaves a hole in the offsets, which the reader sees.
 */
#include "tls-chunk.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct tls_call {
	__u64 ssl;
	__u64 buffer;
	/* Where SSL_write_ex and SSL_read_ex say how much it was; 0 for the others. */
	__u64 length_at;
	__u32 direction;
	__u32 library;
};

/* Calls under way, by thread. Least recently used: a thread that dies inside a call leaves its entry behind. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct tls_call);
} tls_calls SEC(".maps");

static __always_inline bool is_watched(__u64 cgroup)
{
	struct watched *entry = watched_cgroup(cgroup);

	return entry && (entry->flags & WATCH_TLS);
}

SEC("uprobe")
int tls_call_enter(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	__u64 thread = bpf_get_current_pid_tgid();
	struct tls_call call = {0};

	if (!is_watched(bpf_get_current_cgroup_id()))
		return 0;
	call.ssl = PT_REGS_PARM1(ctx);
	call.buffer = PT_REGS_PARM2(ctx);
	call.length_at = cookie & TLS_COOKIE_EX ? PT_REGS_PARM4(ctx) : 0;
	call.direction = cookie & TLS_COOKIE_READ ? 1 : 0;
	call.library = cookie & TLS_COOKIE_LIBRARY;
	bpf_map_update_elem(&tls_calls, &thread, &call, BPF_ANY);
	return 0;
}

SEC("uretprobe")
int tls_call_exit(struct pt_regs *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct tls_call *call = bpf_map_lookup_elem(&tls_calls, &thread);
	int returned = PT_REGS_RC(ctx);
	struct cutting cutting = {};
	struct tls_connection *connection;
	struct tls_call own;
	__u64 bytes;

	if (!call)
		return 0;
	own = *call;
	bpf_map_delete_elem(&tls_calls, &thread);
	if (returned <= 0)
		return 0;
	bytes = returned;
	if (own.length_at && bpf_probe_read_user(&bytes, sizeof(bytes), (void *)own.length_at))
		return 0;
	connection = connection_of(own.ssl);
	if (!connection || bytes == 0 || bytes > TLS_CALL_MAX)
		return 0;
	cutting.left = bytes;
	cutting.chunk.connection = connection;
	cutting.chunk.cgroup = bpf_get_current_cgroup_id();
	cutting.chunk.ssl = own.ssl;
	cutting.chunk.from = own.buffer;
	cutting.chunk.direction = own.direction & 1;
	cutting.chunk.library = own.library;
	/* One thread uses a connection at a time; the library asks for that. */
	cutting.chunk.offset = connection->offset[own.direction & 1];
	cutting.chunk.call = connection->calls[own.direction & 1]++;
	connection->offset[own.direction & 1] += bytes;
	bpf_loop(TLS_CALL_MAX / TLS_DATA_MAX + 1, cut_next, &cutting, 0);
	return 0;
}

SEC("uprobe")
int tls_set_fd(struct pt_regs *ctx)
{
	struct tls_connection *connection;

	if (!is_watched(bpf_get_current_cgroup_id()))
		return 0;
	connection = connection_of(PT_REGS_PARM1(ctx));
	if (connection)
		connection->fd = PT_REGS_PARM2(ctx);
	return 0;
}

/* The connection is over, and its address may be used for another one. */
SEC("uprobe")
int tls_free(struct pt_regs *ctx)
{
	struct tls_key key = key_of(PT_REGS_PARM1(ctx));
	struct tls_connection *connection = bpf_map_lookup_elem(&tls_connections, &key);
	struct chunk chunk = {0};
	struct record *record;

	if (!connection)
		return 0;
	chunk.connection = connection;
	chunk.cgroup = bpf_get_current_cgroup_id();
	chunk.ssl = key.ssl;
	chunk.direction = TLS_ENDED;
	chunk.library = bpf_get_attach_cookie(ctx) & TLS_COOKIE_LIBRARY;
	record = reserve_low(BEFORE_DATA, chunk.cgroup, RECORD_TLS_DATA);
	if (record) {
		head_of(record, &chunk, 0);
		record->bytes = BEFORE_DATA;
		submit_low(record);
	}
	bpf_map_delete_elem(&tls_connections, &key);
	return 0;
}

/*
 * A socket that is used inside a call of the library is the connection's own: that is how an OpenSSL that writes to its
 * socket itself is joined. Libraries that are given memory instead (Node) never use one inside.
 */
static __always_inline void join_socket(struct sock *sk)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct tls_call *call = bpf_map_lookup_elem(&tls_calls, &thread);
	struct tls_connection *connection;
	__u16 family;

	if (!call || !sk)
		return;
	connection = connection_of(call->ssl);
	if (!connection || connection->has_ends)
		return;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (family != FAMILY_INET && family != FAMILY_INET6)
		return;
	connection->cookie = bpf_get_socket_cookie(sk);
	take_ends(connection, sk, family);
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(tls_socket_sent, struct sock *sk)
{
	join_socket(sk);
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(tls_socket_received, struct sock *sk)
{
	join_socket(sk);
	return 0;
}
