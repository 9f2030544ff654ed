/*
 * Plain text of TLS connections: what a process hands to SSL_write and gets from SSL_read, of watched cgroups with
 * WATCH_TLS. One pair of programs serves all four functions; the cookie of each attachment says which one it is.
 *
 * A stream is numbered by its bytes: what a full ring drops leaves a hole in the offsets, which the reader sees.
 */
#include "maps.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>
#include "tls.h"

char LICENSE[] SEC("license") = "GPL";

struct tls_call {
	__u64 ssl;
	__u64 buffer;
	/* Where SSL_write_ex and SSL_read_ex say how much it was; 0 for the others. */
	__u64 length_at;
	__u32 direction;
	__u32 library;
};

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

/* Calls under way, by thread. Least recently used: a thread that dies inside a call leaves its entry behind. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct tls_call);
} tls_calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct tls_key);
	__type(value, struct tls_connection);
} tls_connections SEC(".maps");

static __always_inline bool is_watched(__u64 cgroup)
{
	struct watched *entry = watched_cgroup(cgroup);

	return entry && (entry->flags & WATCH_TLS);
}

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

/* Room of one record: what lies before the data, and the data with its head. */
#define BEFORE_DATA (sizeof(struct record) + TLS_CONNECTION_FIELD + 2 * TLS_END_FIELD)
#define DATA_OF(bytes) ((bytes) - BEFORE_DATA - sizeof(struct field_head))

/* Sizes that a record is reserved in: a ring wants to know at load time. What is not used is given back unread. */
#define SMALL 1024
#define MEDIUM 4608
#define LARGE 16832

static __always_inline void put_connection(__u8 *at, __u64 ssl, struct tls_connection *connection)
{
	struct field_head *head = (void *)at;

	head->tag = FIELD_CONNECTION;
	head->bytes = 24;
	/* The fields stand on multiples of four only. */
	*(__u32 *)(at + 4) = ssl;
	*(__u32 *)(at + 8) = ssl >> 32;
	*(__u32 *)(at + 12) = connection->cookie;
	*(__u32 *)(at + 16) = connection->cookie >> 32;
	*(__u32 *)(at + 20) = connection->fd;
	*(__u32 *)(at + 24) = connection->number;
	*(__u32 *)(at + 28) = 0;
}

/* Fields of one size, whatever the family: one of an unknown end has tag 0, which readers skip. */
static __always_inline void put_ends(__u8 *at, struct tls_connection *connection)
{
	struct field_head *local = (void *)at;
	struct field_head *remote = (void *)(at + TLS_END_FIELD);

	local->tag = connection->has_ends ? FIELD_LOCAL : 0;
	local->bytes = TLS_END_FIELD - 4;
	remote->tag = connection->has_ends ? FIELD_REMOTE : 0;
	remote->bytes = TLS_END_FIELD - 4;
	if (connection->has_ends && connection->end_bytes == 8) {
		local->bytes = 8;
		remote->bytes = 8;
	}
	__builtin_memcpy(at + 4, connection->local, 20);
	__builtin_memcpy(at + TLS_END_FIELD + 4, connection->remote, 20);
}

struct chunk {
	struct tls_connection *connection;
	__u64 cgroup;
	__u64 ssl;
	__u64 from;
	__u64 offset;
	__u64 call;
	__u32 bytes;
	__u32 direction;
	__u32 library;
};

static __always_inline void head_of(struct record *record, const struct chunk *chunk, __u32 bytes)
{
	fill_head(record, RECORD_TLS_DATA, 0, (void *)bpf_get_current_task(), chunk->cgroup);
	record->result = bytes;
	record->numbers[0] = chunk->direction;
	record->numbers[1] = chunk->offset;
	record->numbers[2] = chunk->call;
	record->numbers[3] = chunk->library;
	put_connection((__u8 *)record + sizeof(*record), chunk->ssl, chunk->connection);
	put_ends((__u8 *)record + sizeof(*record) + TLS_CONNECTION_FIELD, chunk->connection);
}

/* `size` is constant at each place of use. */
static __always_inline void emit(const struct chunk *chunk, const __u32 size)
{
	struct record *record;
	struct field_head *data;
	__u32 bytes = chunk->bytes;
	__u32 padded;

	if (bytes == 0 || bytes > DATA_OF(size))
		return;
	record = bpf_ringbuf_reserve(&low_ring, size, 0);
	if (!record) {
		count_lost(chunk->cgroup, RECORD_TLS_DATA);
		return;
	}
	head_of(record, chunk, bytes);
	data = (void *)record + BEFORE_DATA;
	data->tag = FIELD_DATA;
	data->bytes = bytes;
	padded = (sizeof(*data) + bytes + 7) & ~7u;
	if (padded < 8 || padded > size - BEFORE_DATA || bytes > DATA_OF(size)) {
		bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
		return;
	}
	/* The padding must not show what another record left in the ring. */
	*(__u32 *)((void *)data + padded - 4) = 0;
	record->bytes = BEFORE_DATA + padded;
	if (bpf_probe_read_user((void *)data + sizeof(*data), bytes, (void *)chunk->from)) {
		bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
		count_lost(chunk->cgroup, RECORD_TLS_DATA);
		return;
	}
	submit_low(record);
}

struct cutting {
	struct chunk chunk;
	__u64 left;
};

static long cut_next(__u32 index, struct cutting *cutting)
{
	__u64 bytes = cutting->left < TLS_DATA_MAX ? cutting->left : TLS_DATA_MAX;

	if (bytes == 0)
		return 1;
	cutting->chunk.bytes = bytes;
	if (bytes <= DATA_OF(SMALL))
		emit(&cutting->chunk, SMALL);
	else if (bytes <= DATA_OF(MEDIUM))
		emit(&cutting->chunk, MEDIUM);
	else if (bytes <= DATA_OF(LARGE))
		emit(&cutting->chunk, LARGE);
	else
		emit(&cutting->chunk, RECORD_MAX_BYTES);
	cutting->left -= bytes;
	cutting->chunk.from += bytes;
	cutting->chunk.offset += bytes;
	return 0;
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

static __always_inline void put_end(__u8 *at, __u16 family, __u16 port)
{
	*(__u16 *)at = family;
	*(__u16 *)(at + 2) = port;
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
	if (family != 2 && family != 10)
		return;
	connection->cookie = bpf_get_socket_cookie(sk);
	put_end(connection->local, family, BPF_CORE_READ(sk, __sk_common.skc_num));
	put_end(connection->remote, family, bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)));
	if (family == 2) {
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
