#include "loader.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "hold-keeper.h"

static struct hold_set set;
static int open_error = -ENODEV;

struct hold_set *hold_set_of_loader(int *error)
{
	*error = open_error;
	return &set;
}

static int prepare(struct loader *loader)
{
	/* Without root nothing can be pinned, and a rung that ends with the sensor is none. */
	open_error = geteuid() ? -EPERM : hold_set_open(&set, loader->holds, loader->cgroup_root);
	if (!open_error)
		open_error = hold_keeper_start(&set, loader->cgroup_root);
	return 0;
}

static int load(struct loader *loader)
{
	for (int i = 0; i < HOLD_PROGRAMS; i++)
		tell_program(loader, hold_program_names[i], open_error ? open_error : set.errors[i],
			     "it is not attached and pinned");
	return 0;
}

static int hold(struct loader *loader, int count, char **words, struct answer *answer)
{
	struct hold hold = {0};
	uint64_t cgroup, list;

	(void)loader;
	(void)answer;
	(void)count;
	if (open_error)
		return open_error;
	if (!strcmp(words[1], "quarantine"))
		hold.mode = HOLD_QUARANTINE;
	else if (!strcmp(words[1], "restrict"))
		hold.mode = HOLD_RESTRICT;
	/* Id 1 is the root of the hierarchy: the machine itself is never held. */
	if (!hold.mode || parse_u64(words[0], &cgroup) || cgroup <= 1 || parse_u64(words[3], &list) || list > UINT32_MAX)
		return -EINVAL;
	if (parse_u64(words[2], (uint64_t *)&hold.expires_ns))
		return -EINVAL;
	hold.list = list;
	return hold_set_put(&set, cgroup, &hold);
}

static int release(struct loader *loader, int count, char **words, struct answer *answer)
{
	uint64_t cgroup;

	(void)loader;
	(void)count;
	(void)answer;
	if (open_error)
		return open_error;
	return parse_u64(words[0], &cgroup) ? -EINVAL : hold_set_release(&set, cgroup);
}

int hold_take_members(int map, int count, char **words)
{
	uint64_t cgroup, pid;

	if (parse_u64(words[0], &cgroup))
		return -EINVAL;
	for (int i = 1; i < count; i++) {
		uint32_t key;

		if (parse_u64(words[i], &pid) || pid > UINT32_MAX)
			return -EINVAL;
		key = pid;
		if (bpf_map_update_elem(map, &key, &cgroup, BPF_ANY))
			return -errno;
	}
	return 0;
}

/* `hold-members CGROUP PID...`: who is in there when the hold begins; forks after that are seen by the kernel program. */
static int hold_members(struct loader *loader, int count, char **words, struct answer *answer)
{
	(void)loader;
	(void)answer;
	return open_error ? open_error : hold_take_members(set.members, count, words);
}

static int protocol_of(const char *word)
{
	static const struct {
		const char *name;
		int number;
	} PROTOCOLS[] = {{"tcp", 6}, {"udp", 17}, {"icmp", 1}, {"icmp6", 58}};

	for (size_t i = 0; i < sizeof(PROTOCOLS) / sizeof(PROTOCOLS[0]); i++)
		if (!strcmp(word, PROTOCOLS[i].name))
			return PROTOCOLS[i].number;
	return -1;
}

/* LIST FAMILY ADDRESS/PREFIX PORT PROTOCOL */
static int read_allow(char **words, struct allow_key *key)
{
	bool is_four = !strcmp(words[1], "4");
	char *slash = strchr(words[2], '/');
	uint64_t list, prefix, port;
	int protocol = protocol_of(words[4]);

	memset(key, 0, sizeof(*key));
	if (!slash || protocol < 0 || (!is_four && strcmp(words[1], "6")))
		return -EINVAL;
	*slash = 0;
	if (parse_u64(words[0], &list) || list == 0 || list > UINT32_MAX || parse_u64(slash + 1, &prefix) ||
	    prefix > (is_four ? 32 : 128) || parse_u64(words[3], &port) || port > 65535)
		return -EINVAL;
	if (inet_pton(is_four ? AF_INET : AF_INET6, words[2], is_four ? key->address + 12 : key->address) != 1)
		return -EINVAL;
	if (is_four)
		key->address[10] = key->address[11] = 0xff;
	key->bits = ALLOW_FIXED_BITS + (is_four ? 96 : 0) + prefix;
	key->list = list;
	key->port = port;
	key->protocol = protocol;
	return 0;
}

static int allow(struct loader *loader, int count, char **words, struct answer *answer)
{
	struct allow_key key;
	uint32_t one = 1;

	(void)loader;
	(void)count;
	(void)answer;
	if (open_error)
		return open_error;
	if (read_allow(words, &key))
		return -EINVAL;
	return bpf_map_update_elem(set.allowed, &key, &one, BPF_ANY) ? -errno : 0;
}

static int disallow(struct loader *loader, int count, char **words, struct answer *answer)
{
	struct allow_key key;

	(void)loader;
	(void)count;
	(void)answer;
	if (open_error)
		return open_error;
	if (read_allow(words, &key))
		return -EINVAL;
	return bpf_map_delete_elem(set.allowed, &key) ? -errno : 0;
}

/* `holds`: every hold there is, those of other loaders too. */
static int holds(struct loader *loader, int count, char **words, struct answer *answer)
{
	uint64_t key, *previous = NULL;
	const char *comma = "";
	struct hold value;

	(void)loader;
	(void)count;
	(void)words;
	if (open_error)
		return open_error;
	json_raw(&answer->more, ",\"holds\":[");
	while (!bpf_map_get_next_key(set.holds, previous, &key)) {
		previous = &key;
		if (bpf_map_lookup_elem(set.holds, &key, &value))
			continue;
		json_raw(&answer->more, "%s{\"cgroup\":\"%llu\",\"mode\":%u,\"expires\":\"%llu\",\"list\":%u}", comma,
			 (unsigned long long)key, value.mode, (unsigned long long)value.expires_ns, value.list);
		comma = ",";
	}
	json_raw(&answer->more, "]");
	return answer->more.full ? -E2BIG : 0;
}

static void tell_refused(struct loader *loader, const struct refused_key *key, const struct refused *refused,
			 uint64_t count)
{
	struct {
		struct record head;
		struct field_head field;
		uint8_t end[20];
	} told = {.head = refused->last, .field = {.tag = FIELD_REMOTE}};
	bool is_four = refused->remote.family == AF_INET;
	bool has_end = is_four || refused->remote.family == AF_INET6;

	told.head.type = RECORD_HOLD_REFUSED;
	told.head.flags = 0;
	told.head.cgroup = key->cgroup;
	told.head.numbers[0] = key->what;
	told.head.numbers[2] = count;
	told.field.bytes = is_four ? 8 : 20;
	memcpy(told.end, &refused->remote, 20);
	if (is_four)
		memset(told.end + 8, 0, 12);
	told.head.bytes = sizeof(told.head) + (!has_end ? 0 : is_four ? 16 : 24);
	if (!frames_record(&loader->frames, &told.head))
		count_dropped(key->cgroup, RECORD_HOLD_REFUSED);
}

static void tell_refusals(struct loader *loader)
{
	struct refused_key key, next, *previous = NULL;
	struct watched watched;
	struct refused value;
	uint64_t told;

	while (!bpf_map_get_next_key(set.refusals, previous, &next)) {
		key = next;
		previous = &key;
		/* What another sensor watches is its to tell. */
		if (bpf_map_lookup_elem(set.refusals, &key, &value) ||
		    bpf_map_lookup_elem(loader->watched, &key.cgroup, &watched))
			continue;
		if (bpf_map_lookup_elem(set.refusals_told, &key, &told))
			told = 0;
		if (value.count <= told)
			continue;
		tell_refused(loader, &key, &value, value.count - told);
		bpf_map_update_elem(set.refusals_told, &key, &value.count, BPF_ANY);
	}
}

static void tick(struct loader *loader)
{
	uint64_t next;

	if (open_error)
		return;
	tell_refusals(loader);
	hold_set_sweep(&set, &next);
}

static void stop(struct loader *loader)
{
	if (!open_error)
		tell_refusals(loader);
}

static const struct command COMMANDS[] = {
	{"hold", 4, 4, hold},
	{"hold-members", 2, HOLD_LINE_MEMBERS + 1, hold_members},
	{"release", 1, 1, release},
	{"allow", 5, 5, allow},
	{"disallow", 5, 5, disallow},
	{"holds", 0, 0, holds},
	{0},
};

const struct module hold_module = {
	.name = "hold",
	.prepare = prepare,
	.load = load,
	.commands = COMMANDS,
	.tick = tick,
	.stop = stop,
};
