import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BatchBuilder } from './batch-builder.ts'
import { Losses } from './losses.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-losses-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function batchOf(exchanges: number): Buffer {
  const builder = new BatchBuilder()
  for (let i = 0; i < exchanges; i += 1) builder.addExchange(7, Buffer.from('{}'))
  const source = Buffer.from(JSON.stringify({ cgroup: '7', agentName: 'desk' }))
  return builder.take(() => source)?.body ?? Buffer.alloc(0)
}

const lost = (start: string) => new Losses({ folder, start }).untold(10)

test('what the spool cannot take, the server refuses and the disk damaged is told apart, by the next start too', () => {
  const losses = new Losses({ folder, start: 'a' })
  losses.addBatch(batchOf(2), 'slow')
  losses.addBatch(batchOf(3), 'refused')
  losses.addDamaged(5)
  const told = [
    { cgroup: '7', agentName: 'desk', place: 'slow', byType: { 'http-exchange': 2 } },
    { cgroup: '7', agentName: 'desk', place: 'refused', byType: { 'http-exchange': 3 } },
    { cgroup: '', agentName: '', place: 'disk', byType: { unreadable: 5 } },
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
