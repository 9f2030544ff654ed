import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BatchBuilder } from './batch-builder.ts'
import { Losses, type Untold } from './losses.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-losses-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function batchOf(exchanges: number, cgroup = '7'): Buffer {
  const builder = new BatchBuilder()
  for (let i = 0; i < exchanges; i += 1) builder.addExchange(7, Buffer.from('{}'))
  const source = Buffer.from(JSON.stringify({ cgroup, agentName: 'desk' }))
  return builder.take(() => source)?.body ?? Buffer.alloc(0)
}

const lost = (start: string) => new Losses({ folder, start }).untold(10)

test('what the spool cannot take, the server refuses and the disk damaged is told apart, by the next start too', () => {
  const losses = new Losses({ folder, start: 'a' })
  losses.addBatch(batchOf(2), 'slow')
  losses.addBatch(batchOf(3), 'refused')
  losses.addDamaged(5)
  const told = [
    { cgroup: '7', agentName: 'desk', place: 'slow', series: 0, byType: { 'http-exchange': 2 } },
    { cgroup: '7', agentName: 'desk', place: 'refused', series: 0, byType: { 'http-exchange': 3 } },
    { cgroup: '', agentName: '', place: 'disk', series: 0, byType: { unreadable: 5 } },
  ]
  expect(losses.untold(10)).toEqual({ start: 'a', losses: told })
  expect(lost('b')).toEqual({ start: 'a', losses: told })
})

test('a disk that takes nothing does not keep losses from being counted and told', () => {
  const losses = new Losses({ folder: join(folder, 'gone'), start: 'a' })
  losses.addBatch(batchOf(2), 'slow')
  const told = losses.untold(10)
  expect(told?.losses).toMatchObject([{ byType: { 'http-exchange': 2 } }])
  if (told !== undefined) losses.told(told)
  expect(losses.untold(10)).toBeUndefined()
})

test.each(['', 'null', '[]', '{"start":1}', '{"start":"a"'])('%j in place of its file is nothing to tell', (text) => {
  writeFileSync(join(folder, 'losses.json'), text)
  expect(lost('b')).toBeUndefined()
})

/** What a server that adds up each counter would say was lost, told to the end. */
function tellTo(server: Map<string, number>, losses: Losses, most = 3): number {
  let rows = 0
  for (let untold = losses.untold(most); untold !== undefined; untold = losses.untold(most)) {
    for (const { place, cgroup, series, byType } of untold.losses)
      server.set(
        `${untold.start} ${place} ${cgroup} ${series}`,
        Object.values(byType).reduce((sum, one) => sum + one, 0),
      )
    rows += untold.losses.length
    losses.told(untold)
  }
  return rows
}

const sumOf = (server: ReadonlyMap<string, number>) => server.values().reduce((sum, one) => sum + one, 0)

test('cgroups that come and go for ever, some of them again, are all counted in a bounded table', () => {
  const losses = new Losses({ folder, start: 'a', mostKept: 8 })
  const server = new Map<string, number>()
  for (let round = 0; round < 50; round += 1) {
    for (const cgroup of [`new-${round}`, `again-${round % 7}`]) losses.addBatch(batchOf(2, cgroup), 'slow')
    losses.setKernel('9', 'desk', 'open', round)
    tellTo(server, losses)
  }
  expect(sumOf(server)).toBe(50 * 4 + 49)
  expect([...server.keys()].filter((name) => name.includes('kernel'))).toEqual(['a kernel 9 0'])
  expect([...server.keys()].filter((name) => name.includes('slow  '))).toEqual([])
})

test('while nothing can be told, what finds no row is counted without its cgroup, and the next start tells all of it', () => {
  const losses = new Losses({ folder, start: 'a', mostKept: 8 })
  for (let cgroup = 1; cgroup <= 20; cgroup += 1) losses.addBatch(batchOf(1, String(cgroup)), 'away')
  expect(losses.untold(100)?.losses.map(({ cgroup }) => cgroup)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', ''])
  const server = new Map<string, number>()
  expect(tellTo(server, new Losses({ folder, start: 'b', mostKept: 8 }))).toBe(9)
  expect(sumOf(server)).toBe(20)
})

test('what counts on while it is told is told again, after what was not told yet', () => {
  const losses = new Losses({ folder, start: 'a' })
  for (const cgroup of ['1', '2']) losses.addBatch(batchOf(1, cgroup), 'slow')
  const first: Untold | undefined = losses.untold(1)
  losses.addBatch(batchOf(1, '1'), 'slow')
  if (first !== undefined) losses.told(first)
  expect(losses.untold(1)?.losses).toMatchObject([{ cgroup: '2' }])
  expect(losses.untold(2)?.losses).toMatchObject([{ cgroup: '2' }, { cgroup: '1', byType: { 'http-exchange': 2 } }])
})
