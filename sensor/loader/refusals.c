#include "loader.h"

#include <errno.h>
#include <string.h>
#include "observe.h"
#include "observe-begun.skel.h"

static const struct image BEGUN = {.name = "observe_begun", .bytes = observe_begun_bpf__elf_bytes};

static struct bpf_program *program;
static struct bpf_link *link;

/* A hook on each call of the machine: it is tried here, and attached only while somebody asks. */
void load_refusals(struct loader *loader)
{
	struct bpf_object *object = load_object(loader, &BEGUN);

	if (!object)
		return;
	program = bpf_object__next_program(object, NULL);
	link = bpf_program__attach(program);
	tell_program(loader, bpf_program__name(program), link ? 0 : -errno, "the kernel does not attach it");
	if (!link)
		program = NULL;
	bpf_link__destroy(link);
	link = NULL;
}

bool attach_refusals(struct loader *loader)
{
	(void)loader;
	if (!link && program)
		link = bpf_program__attach(program);
	return link != NULL;
}

static bool is_asked(struct loader *loader)
{
	static struct watched value;
	uint64_t key, *previous = NULL;

	while (!bpf_map_get_next_key(loader->watched, previous, &key)) {
		previous = &key;
		if (!bpf_map_lookup_elem(loader->watched, &key, &value) && (value.flags & WATCH_REFUSALS))
			return true;
	}
	return false;
}

void tick_refusals(struct loader *loader)
{
	if (!link || is_asked(loader))
		return;
	bpf_link__destroy(link);
	link = NULL;
}

int note_calls(struct loader *loader, int count, char **words, struct answer *answer)
{
	static struct watched value;
	uint64_t cgroup, number;

	(void)answer;
	if (parse_u64(words[0], &cgroup))
		return -EINVAL;
	if (bpf_map_lookup_elem(loader->watched, &cgroup, &value))
		return -errno;
	memset(value.noted, 0, sizeof(value.noted));
	for (int i = 1; i < count; i++) {
		if (parse_u64(words[i], &number) || number >= SYSCALL_WORDS * 64)
			return -EINVAL;
		value.noted[number / 64] |= 1ull << (number % 64);
	}
	return bpf_map_update_elem(loader->watched, &cgroup, &value, BPF_EXIST) ? -errno : 0;
}
