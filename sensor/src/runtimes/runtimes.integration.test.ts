import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { SENSITIVE_PATHS, type Event } from '@holdfast/model'
import { WATCH_FLAG } from '../loader/record-layout.ts'
import { Bundle } from '../testing/bundle.ts'
import { eventsOf } from '../testing/events.ts'
import { whyNoKernel } from '../testing/root.ts'
import { TestCgroup } from '../testing/test-cgroup.ts'
import { Watching } from '../testing/watching.ts'

const reason = whyNoKernel()
const RUNTIMES = ['/usr/sbin/runc', '/usr/bin/crun'].filter((path) => existsSync(path))

/** Starts a container, runs a second program in it, looks into it from the host, and removes it. */
const STORY = `
umount -lR /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup
"$RUNTIME" --root "$BUNDLE/state" run --detach --bundle "$BUNDLE" --pid-file "$BUNDLE/pid" "$NAME" </dev/null >"$BUNDLE/out" 2>&1 || { cat "$BUNDLE/out"; exit 1; }
"$RUNTIME" --root "$BUNDLE/state" exec "$NAME" /bin/cat /etc/hello
nsenter --target "$(cat "$BUNDLE/pid")" --mount --uts --net --pid /bin/cat /etc/hello
"$RUNTIME" --root "$BUNDLE/state" delete --force "$NAME"
`

type Told = { readonly runtime: readonly Event[]; readonly workload: readonly Event[]; readonly cgroup: string }

/** What was told of the container's cgroup while a runtime took a container through its life. */
async function live(runtime: string): Promise<Told> {
  await using watching = await Watching.start()
  await using parent = new TestCgroup()
  using bundle = new Bundle(`/${basename(parent.path)}/box`, ['/bin/sh', '-c', 'cat /etc/hello; exec sleep 100'])
  for (const { prefix } of SENSITIVE_PATHS) await watching.command('sensitive', 'add', prefix)
  await watching.command('watch', parent.id, WATCH_FLAG.descend)
  const env = { ...process.env, RUNTIME: runtime, BUNDLE: bundle.folder, NAME: basename(parent.path) }
  const { stdout } = await promisify(execFile)('unshare', ['--mount', 'sh', '-c', STORY], { env })
  expect(stdout).toBe('hello\nhello\n')
  const cgroups = new Set(await watching.all(undefined, (cursor) => cursor.cgroup))
  const events = (await Promise.all([...cgroups].map((cgroup) => eventsOf(watching, cgroup)))).flat()
  return {
    runtime: events.filter(({ context }) => context.isSetup === true),
    workload: events.filter(({ context }) => context.isSetup !== true),
    cgroup: basename(parent.path),
  }
}

const kernelActs = (events: readonly Event[]): readonly string[] =>
  events.flatMap(({ body }) => (body.kind === 'kernel' ? [`${body.action} ${body.target}`] : []))

const programs = (events: readonly Event[]): readonly string[] =>
  events.flatMap(({ body }) => (body.kind === 'process' && body.action === 'exec' ? [body.binary] : []))

describe.skipIf(reason !== undefined)(`container runtimes (${reason ?? 'with kernel programs'})`, () => {
  test.for(RUNTIMES)('what %s does to start and enter a container is not the workload’s', async (path) => {
    const { runtime, workload, cgroup } = await live(path)
    // What every runtime does: mounts, another root, identities. Before the container's own program it runs at most itself,
    // from a mount that lies nowhere (whose root is then its path) or from memory.
    expect(kernelActs(runtime)).toEqual(expect.arrayContaining(['pivot-root /.', 'mount /', 'set-id capset']))
    expect(programs(runtime).filter((binary) => !/^\/$|runc|memfd/.test(binary))).toEqual([])
    expect(programs(workload).toSorted()).toEqual(['/bin/cat', '/bin/cat', '/bin/sh', '/bin/sleep'])
    // The runtime made the cgroup from outside of it.
    expect(kernelActs(workload)).toEqual([`cgroup-create /${cgroup}/box`])
    expect(workload.flatMap(({ body }) => (body.kind === 'file' ? [body.path] : []))).toEqual([])
  })
})
