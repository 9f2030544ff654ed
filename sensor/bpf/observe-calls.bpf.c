/* System calls, as they return: at that point the arguments are still there and the result is known. */
#include "architecture.h"
#include "call-addresses.h"
#include "call-told.h"
#include "opened.h"
#include "refusals.h"

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CALLS);
	__type(key, __u32);
	__type(value, struct call_row);
} calls SEC(".maps");

#define NEGATIVE_BIT 0x80000000

static __noinline int tell_foreign(struct call *call, __u32 architecture)
{
	struct scratch *s;

	if (!is_first(call->task, RECORD_FOREIGN_ARCH, call->number, architecture))
		return 0;
	s = begin_call(call, RECORD_FOREIGN_ARCH, RECORD_HIGH);
	if (!s)
		return 0;
	s->head.numbers[0] = architecture;
	s->head.numbers[1] = call->number;
	end_record(s);
	return 0;
}

static __always_inline void count_call(struct watched *of, __u64 number)
{
	__u64 bit = 1ULL << (number & 63);
	__u64 *word = &of->called[(number >> 6) & (SYSCALL_WORDS - 1)];

	/* Writing a line that others read slows them down: only news are written. */
	if (!(*word & bit))
		__sync_fetch_and_or(word, bit);
	__sync_fetch_and_add(&of->calls[bpf_get_smp_processor_id() & (SYSCALL_COUNTERS - 1)].count, 1);
}

static __always_inline void add_told_path(struct scratch *s, struct call *call, __u16 tag, __u32 place, __u32 folder)
{
	const void *text = (void *)argument(call, place);
	struct walk *w;

	if (folder == FOLDER_NONE) {
		add_user_text(s, tag, text);
		return;
	}
	w = walk_folder(call->task, folder_of(call, folder));
	if (!w)
		return;
	join_user_text(w, text);
	add_walked(s, tag, w);
	if (!(s->head.flags & RECORD_HIGH) && is_sensitive(w))
		s->head.flags |= RECORD_HIGH;
}

static __noinline int tell_row(struct call *call, const struct call_row *row)
{
	struct scratch *s;
	struct file *file;

	if (!row || !is_told(call, row))
		return 0;
	s = begin_call(call, row->type, row->is_high ? RECORD_HIGH : 0);
	if (!s)
		return 0;
	for (int i = 0; i < 6; i++)
		s->head.numbers[i] = argument(call, row->numbers[i]);
	if (row->type == RECORD_CLONE_NS) {
		s->head.numbers[0] = namespace_flags(call, row);
		s->head.numbers[1] = call->result;
	}
	if (row->path)
		add_told_path(s, call, FIELD_PATH, row->path, row->path_folder);
	if (row->path2)
		add_told_path(s, call, FIELD_PATH2, row->path2, row->path2_folder);
	if (row->text)
		add_user_text(s, FIELD_TEXT, (void *)argument(call, row->text));
	file = row->file ? file_of(call->task, argument(call, row->file)) : 0;
	if (file)
		add_path(s, FIELD_PATH, BPF_CORE_READ(file, f_path));
	end_record(s);
	return 0;
}

static __always_inline int tell_call(struct call *call, const struct call_row *row, __u32 watch_flags)
{
	if (call->result < 0 && row->when == WHEN_SUCCEEDED)
		return 0;
	if (call->result >= 0 && row->when == WHEN_FAILED)
		return 0;
	switch (row->special) {
	case SPECIAL_OPEN:
	case SPECIAL_OPENAT2:
	case SPECIAL_CREAT:
		return call->result < 0 ? open_failed(call, row) : open_succeeded(call, row, watch_flags);
	case SPECIAL_ACCEPT:
		return tell_accept(call);
	case SPECIAL_CONNECT:
	case SPECIAL_BIND:
		return tell_address(call, row, (void *)call->arguments[1]);
	case SPECIAL_SENDTO:
	case SPECIAL_SENDMSG: {
		const void *address = address_of(call, row);

		return address ? tell_address(call, row, address) : 0;
	}
	}
	return tell_row(call, row);
}

SEC("raw_tp/sys_exit")
int observe_calls(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 cgroup = observed_cgroup();
	struct watched *of = watched_cgroup(cgroup);
	struct call_row *row;
	struct task_struct *task = (void *)bpf_get_current_task();
	struct pt_regs registers;
	struct call call;
	__u32 number, is_unbegun;

	if (!of)
		return 0;
	is_unbegun = of->flags & WATCH_REFUSALS ? has_not_begun(of) : 0;
	bpf_probe_read_kernel(&registers, sizeof(registers), (void *)ctx->args[0]);
	call.arguments[0] = registers.di;
	call.arguments[1] = registers.si;
	call.arguments[2] = registers.dx;
	call.arguments[3] = registers.r10;
	call.arguments[4] = registers.r8;
	call.arguments[5] = registers.r9;
	/* The kernel takes the lower half as a signed number, whatever stands in the upper. */
	call.number = (__u32)registers.orig_ax;
	/* rt_sigreturn leaves a -1: it put back the registers of another moment. */
	if (call.number & NEGATIVE_BIT)
		return 0;
	call.result = ctx->args[1];
	call.task = task;
	call.cgroup = cgroup;
	if (BPF_CORE_READ(task, thread_info.status) & THREAD_COMPAT) {
		judge_refusal(&call, is_unbegun, ARCH_I386);
		return tell_foreign(&call, ARCH_I386);
	}
	if (call.number & X32_BIT) {
		judge_refusal(&call, is_unbegun, ARCH_X86_64);
		return tell_foreign(&call, ARCH_X86_64);
	}
	if (call.number >= CALLS)
		return 0;
	count_call(of, call.number);
	if (is_unbegun || is_usual_answer(call.result))
		judge_refusal(&call, is_unbegun, 0);
	else if (is_noted(of, call.number) && !is_entering(BPF_CORE_READ(task, tgid)))
		tell_noted(&call);
	number = call.number;
	row = bpf_map_lookup_elem(&calls, &number);
	if (!row || !row->type)
		return 0;
	return tell_call(&call, row, of->flags);
}
