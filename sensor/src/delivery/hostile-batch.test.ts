import { scanSensorBatch } from '@holdfast/capture'
import { expect, test } from 'vitest'
import { CgroupTree } from '../cgroup/cgroup-tree.ts'
import { Sources } from '../cgroup/sources.ts'
import { BATCH_MOST_BYTES } from '../limits.ts'
import { BatchBuilder, type Batch } from './batch-builder.ts'

/* One agent must not make the server refuse a batch in which the records of others are. */

const FIXED = { sensor: 'a1b2', start: 'c3d4', bootId: '11112222-3333-4444-5555-666677778888' }

/** Entries that the server finds, or what it has against the batch. */
function scanned(batch: Batch | undefined): number | string {
  const result = scanSensorBatch({
    body: batch?.body ?? Buffer.alloc(0),
    instance: 'sensor.sock',
    batch: { ...FIXED, sequence: 1 },
  })
  return result.status === 'scanned' ? result.entries : result.message
}

function sourcesOf(paths: ReadonlyMap<number, string>): Sources {
  const tree = new CgroupTree('/nowhere')
  tree.pathOf = (id: number) => paths.get(id)
  const named = { pods: undefined, host: 'node-1', cluster: undefined, bootToWallNs: () => 0n, say: () => undefined }
  return new Sources({ tree, fixed: FIXED, ...named })
}

test.each([
  ['control characters', '\u0001'.repeat(5_000)],
  ['characters of three bytes', '\uFFFD'.repeat(5_000)],
  ['a pair of surrogates where it is cut', `${'a'.repeat(3_071)}😀${'😀'.repeat(300)}`],
  ['a long last folder with one where the name is cut', `x/${'a'.repeat(255)}😀`],
  ['quotes and backslashes', '"\\'.repeat(2_500)],
])('a cgroup whose path is of %s is taken with the others', (_what, path) => {
  const sources = sourcesOf(
    new Map([
      [7, path],
      [8, 'system.slice/honest.service'],
    ]),
  )
  const builder = new BatchBuilder()
  for (const cgroup of [7, 8]) builder.addExchange(cgroup, Buffer.from('{}'))
  expect(scanned(builder.take((cgroup) => sources.bytesOf(cgroup)))).toBe(2)
})

test('more exchanges, cgroups and entries than one batch may have go in several, all of which are taken', () => {
  const sources = sourcesOf(new Map())
  const builder = new BatchBuilder()
  const text = Buffer.from(JSON.stringify({ text: 'x'.repeat(7 * 1024 * 1024) }))
  let added = 0
  for (let i = 0; i < 4; i += 1, added += 1) builder.addExchange(7, text)
  for (let i = 0; i < 5_000; i += 1, added += 1) builder.addExchange(100 + i, Buffer.from('{}'))
  for (let i = 0; i < 70_000; i += 1, added += 1) builder.addExchange(8, Buffer.from('{}'))
  let seen = 0
  for (let batch = take(); batch !== undefined; batch = take()) {
    expect(batch.body.length).toBeLessThan(BATCH_MOST_BYTES + 4 * 1024 * 1024)
    // What is large is one text, which takes its time to be looked through.
    if (batch.body.length < text.length) expect(scanned(batch)).toBe(batch.entries)
    seen += batch.entries
  }
  expect(seen).toBe(added)
  expect([builder.isEmpty, builder.isFull]).toEqual([true, false])

  function take(): Batch | undefined {
    return builder.take((cgroup) => sources.bytesOf(cgroup))
  }
})

test('what waits for its source stays, whatever goes before it', () => {
  const builder = new BatchBuilder()
  builder.addExchange(7, Buffer.from('{"first":1}'))
  builder.addExchange(8, Buffer.from('{}'))
  const source = sourcesOf(new Map()).bytesOf(8) ?? Buffer.alloc(0)
  expect(builder.take((cgroup) => (cgroup === 8 ? source : undefined))?.entries).toBe(1)
  expect(builder.take((cgroup) => (cgroup === 8 ? source : undefined))).toBeUndefined()
  builder.addExchange(7, Buffer.from('{"second":1}'))
  expect(builder.take(() => source)?.entries).toBe(2)
})
