/* Marks system calls as they begin. Attached only while somebody wants to know what a filter refuses. */
#include "begun.h"
#include "process.h"

char LICENSE[] SEC("license") = "GPL";

SEC("raw_tp/sys_enter")
int observe_begun(struct bpf_raw_tracepoint_args *ctx)
{
	struct watched *of = watched_cgroup(observed_cgroup());
	__u64 *state;

	if (!of || !(of->flags & WATCH_REFUSALS))
		return 0;
	state = begun_of_current();
	if (state)
		*state = of->refusals_since + 1;
	return 0;
}
