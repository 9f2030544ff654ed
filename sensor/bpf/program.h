/* What is told of a program as it begins: its file, arguments, capabilities, and the trace context of its environment. */
#ifndef HOLDFAST_PROGRAM_H
#define HOLDFAST_PROGRAM_H

#include "path.h"

/* Variables of the environment that are looked at for the trace context; later ones are not seen. */
#define ENVIRONMENT_MAX 1024

#define TRACEPARENT_BYTES 12

/* Compared by words: of a comparison by bytes the verifier follows every combination. */
union traceparent {
	char text[16];
	__u64 words[2];
};

static __always_inline int is_traceparent(const char *text)
{
	const union traceparent wanted = {.text = "TRACEPARENT="};
	union traceparent name = {.words = {0}};

	__builtin_memcpy(name.text, text, TRACEPARENT_BYTES);
	return ((name.words[0] ^ wanted.words[0]) | (name.words[1] ^ wanted.words[1])) == 0;
}

struct environment {
	__u64 at;
	__u64 end;
	__u32 is_middle;
	__u32 found;
};

/* One variable a step. The text is read to where the next field of the record would lie. */
static long next_variable(__u32 step, struct environment *e)
{
	__u32 zero = 0;
	struct scratch *s = bpf_map_lookup_elem(&scratch, &zero);
	char *text = s ? next_field(s) : 0;
	long bytes;

	if (!text || e->at >= e->end)
		return 1;
	bytes = bpf_probe_read_user_str(text, RECORD_MAX_PATH, (void *)e->at);
	if (bytes <= 0) {
		s->head.flags |= RECORD_INCOMPLETE;
		return 1;
	}
	if (!e->is_middle && bytes > TRACEPARENT_BYTES && is_traceparent(text)) {
		e->found = 1;
		e->at += TRACEPARENT_BYTES;
		return 1;
	}
	/* A variable longer than the buffer goes on: what follows does not begin one. */
	e->is_middle = bytes == RECORD_MAX_PATH;
	e->at += e->is_middle ? bytes - 1 : bytes;
	return 0;
}

static __always_inline void add_traceparent(struct scratch *s, struct mm_struct *mm)
{
	struct environment e = {.at = BPF_CORE_READ(mm, env_start), .end = BPF_CORE_READ(mm, env_end)};

	bpf_loop(ENVIRONMENT_MAX, next_variable, &e, 0);
	if (e.found)
		add_user_text(s, FIELD_TRACEPARENT, (void *)e.at);
}

static __always_inline void add_argv(struct scratch *s, struct mm_struct *mm)
{
	__u64 start = BPF_CORE_READ(mm, arg_start);
	__u64 bytes = BPF_CORE_READ(mm, arg_end) - start;
	void *to = next_field(s);

	if (!to)
		return;
	if (bytes > RECORD_MAX_ARGV - 1) {
		bytes = RECORD_MAX_ARGV - 1;
		s->head.flags |= RECORD_CUT;
	}
	if (bpf_probe_read_user(to, bytes & (RECORD_MAX_ARGV - 1), (void *)start)) {
		s->head.flags |= RECORD_INCOMPLETE;
		return;
	}
	claim_field(s, FIELD_ARGV, bytes);
}

/* SPEC S1, field 13. */
struct fsmagic {
	__u32 magic;
	__u32 links;
	__u64 inode;
	__u64 device;
};

static __always_inline void add_binary(struct scratch *s, struct linux_binprm *bprm)
{
	struct file *file = BPF_CORE_READ(bprm, file);
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	const char *name = BPF_CORE_READ(bprm, filename);
	/* A script's name stays in `filename`; `interp` and `file` are then of what runs it. */
	int is_script = BPF_CORE_READ(bprm, interp) != name;
	struct fsmagic of = {
		.magic = BPF_CORE_READ(inode, i_sb, s_magic),
		.links = BPF_CORE_READ(inode, i_nlink),
		.inode = BPF_CORE_READ(inode, i_ino),
		.device = BPF_CORE_READ(inode, i_sb, s_dev),
	};

	if (is_script) {
		add_kernel_text(s, FIELD_PATH, name);
		add_path(s, FIELD_INTERPRETER, BPF_CORE_READ(file, f_path));
	} else {
		add_path(s, FIELD_PATH, BPF_CORE_READ(file, f_path));
	}
	s->head.numbers[1] = of.links;
	add_kernel_bytes(s, FIELD_FSMAGIC, &of, sizeof(of));
}

static __always_inline void add_capabilities(struct scratch *s, struct task_struct *task)
{
	__u64 sets[3] = {0};
	const struct cred *cred = BPF_CORE_READ(task, cred);

	bpf_probe_read_kernel(&sets[0], 8, &cred->cap_effective);
	bpf_probe_read_kernel(&sets[1], 8, &cred->cap_permitted);
	bpf_probe_read_kernel(&sets[2], 8, &cred->cap_inheritable);
	add_kernel_bytes(s, FIELD_CAPABILITIES, sets, sizeof(sets));
}

#endif
