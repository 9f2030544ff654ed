import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { LOG_FILE } from './database.ts'
import { LogReader } from './log-reader.ts'
import { Recorder } from './recorder.ts'
import { groupOf, scratchFolder, steadyClock } from './testing/groups.ts'

test('a search from an index on opens no segment before it', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  const terms = ['trace:1']
  for (const bodies of [['a', 'b'], ['c', 'd'], ['e']]) await recorder.append([groupOf(bodies, { terms })])
  // Whoever opens the first segment now is told that it is damaged.
  const db = new DatabaseSync(join(folder.path, LOG_FILE))
  db.exec('UPDATE blocks SET sealed = zeroblob(40) WHERE first = 0')
  db.close()
  using reader = LogReader.open({ folder: folder.path })
  const indices = (range: { from?: number; to?: number }): number[] =>
    [...reader.withTerm('trace:1', range)].map(({ index }) => index)
  expect(() => indices({})).toThrow('the segment at entry 0 cannot be read')
  expect(indices({ from: 2 })).toEqual([2, 3, 4])
  expect(indices({ from: 3 })).toEqual([3, 4])
  expect(indices({ from: 3, to: 4 })).toEqual([3])
  expect(indices({ from: 5 })).toEqual([])
  expect(() => indices({ from: 1 })).toThrow('the segment at entry 0 cannot be read')
})

test('control records are read on from where the last reading stopped', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  const record = { kind: 'server', action: 'started', version: '1', detail: '' } as const
  for (let i = 0; i < 5; i++) await recorder.appendControl({ ...record, detail: String(i) })
  using reader = LogReader.open({ folder: folder.path })
  const details = (range: { from?: number; to?: number }): string[] =>
    [...reader.eachControl('server', range)].map((entry) => (entry.record.kind === 'server' ? entry.record.detail : ''))
  expect(details({})).toEqual(['0', '1', '2', '3', '4'])
  expect(details({ from: 2 })).toEqual(['2', '3', '4'])
  expect(details({ from: 1, to: 3 })).toEqual(['1', '2'])
  expect(reader.controls('server')).toHaveLength(5)
})
