import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { HoldWatch } from './hold-watch.ts'
import { type Standing, Standings } from './standings.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-hold-watch-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a cgroup that cannot be thawed keeps nothing else from being looked at, and is tried again', async () => {
  mkdirSync(join(folder, 'stuck'))
  writeFileSync(join(folder, 'stuck', 'cgroup.freeze'), '1\n')
  const standings = new Standings({ folder, bootId: 'boot' })
  // Long over: the process that should have thawed it is gone.
  const stuck: Standing = { containment: 'a', path: 'stuck', cgroup: '1', kind: 'pause', since: '0', expires: '1' }
  standings.add(stuck)
  standings.add({ ...stuck, containment: 'b', path: 'gone', cgroup: '2', kind: 'hold' })
  const tried: string[] = []
  const watch = new HoldWatch({
    standings,
    mount: folder,
    holds: join(folder, 'holds'),
    send: async () => ({ ok: true, more: { holds: [] } }) as never, // the loader holds nothing
    thaw: async ({ path }) => {
      tried.push(path)
      throw new Error('no such device')
    },
    isBusy: () => false,
    onEnded: () => undefined,
  })
  await watch.look()
  await watch.look()
  expect(standings.list()).toEqual([stuck])
  expect(standings.endings()).toMatchObject([{ containment: 'b', path: 'gone', reason: 'expired' }])
  expect(tried).toEqual(['stuck', 'stuck'])
})
