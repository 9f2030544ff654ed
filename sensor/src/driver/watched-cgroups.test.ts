import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CgroupTree } from '../cgroup/cgroup-tree.ts'
import { Sources } from '../cgroup/sources.ts'
import { Governor } from '../egress/governor.ts'
import { TlsCapture } from '../tls/tls-capture.ts'
import { ProcessTable } from './process-table.ts'
import { WatchedCgroups } from './watched-cgroups.ts'
import { Watches, type Watch } from './watches.ts'

const EGRESS = { artifact: 'a'.repeat(64), mode: 'enforce', validUntil: '2999-01-01T00:00:00Z', allow: [] } as const
const WATCH: Watch = { path: 'agent', service: 'desk', allOpens: false, tls: false }
let folder: string
let sent: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-watched-'))
  mkdirSync(join(folder, 'agent', 'tool'), { recursive: true })
  for (const path of ['agent', 'agent/tool']) writeFileSync(join(folder, path, 'cgroup.procs'), '')
  sent = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** On a folder that looks like a hierarchy; the programs that an egress list needs are not attached. */
function watchedCgroups(): WatchedCgroups {
  const tree = new CgroupTree(folder)
  const send = (verb: string, ...words: readonly (string | number | bigint)[]) => {
    sent.push([verb, ...words.slice(1)].join(' '))
    return Promise.resolve({ id: '1', ok: true, more: {} } as const)
  }
  const say = (): void => undefined
  const bootToWallNs = (): bigint => 0n
  return new WatchedCgroups({
    folder,
    tree,
    sources: new Sources({
      tree,
      pods: undefined,
      host: 'host',
      cluster: undefined,
      fixed: { sensor: 's', start: '1', bootId: 'b' },
      bootToWallNs,
      say,
    }),
    processes: new ProcessTable({ clockTicks: 100 }),
    tls: new TlsCapture({ send, onExchange: say, bootId: 'b', bootToWallNs, contextOf: () => ({}) }),
    governor: new Governor({ folder, bootId: 'b', tree, programs: [], send, say }),
    send,
    flush: () => Promise.resolve(),
  })
}

test('a cgroup whose egress list is refused is not watched', async () => {
  const watched = watchedCgroups()
  const result = await watched.watch({ ...WATCH, egress: EGRESS })
  expect(result).toMatchObject({
    ok: false,
    error: expect.stringContaining('no egress list can be kept here') as string,
  })
  expect([watched.list(), new Watches(folder).list()]).toEqual([[], []])
  expect(sent.filter((line) => line === 'unwatch').length).toBe(2)
})

test('where a newer list is refused, it is watched as before', async () => {
  const watched = watchedCgroups()
  expect(await watched.watch(WATCH)).toMatchObject({ ok: true })
  const [before] = watched.list()
  expect(await watched.watch({ ...WATCH, allOpens: true, egress: EGRESS })).toMatchObject({ ok: false })
  expect(watched.list()).toEqual([before])
  expect(new Watches(folder).list()).toEqual([WATCH])
  expect(sent).not.toContain('unwatch')
  expect(sent.at(-1)).toBe(sent[0])
})
