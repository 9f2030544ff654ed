import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Spool } from './spool.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-spool-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function batch(sequence: number, bytes = 100) {
  return { start: '00112233aabbccdd', sequence, entries: 3, body: Buffer.alloc(bytes, sequence) }
}

function drain(spool: Spool): readonly number[] {
  const seen: number[] = []
  for (let next = spool.oldest(); next !== undefined; next = spool.oldest()) {
    expect(next).toEqual(batch(next.sequence, next.body.length))
    seen.push(next.sequence)
    spool.acknowledge()
  }
  return seen
}

test('what was not acknowledged is there for the next process, in order', () => {
  using first = new Spool({ folder, fileBytes: 400 })
  for (let i = 1; i <= 10; i += 1) expect(first.append(batch(i))).toBe('kept')
  first.acknowledge()
  using second = new Spool({ folder })
  const seen = drain(second)
  // The file of an acknowledged batch may still be there: the server answers that it knows it.
  expect(seen.slice(-9)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(second.isEmpty).toBe(true)
  expect(readdirSync(folder).length).toBe(1)
})

test('a frame that was being written is dropped, and what stands before it stays', () => {
  {
    using spool = new Spool({ folder })
    spool.append(batch(1))
    spool.append(batch(2))
  }
  const path = join(folder, readdirSync(folder)[0] ?? '')
  truncateSync(path, 2 * 148 - 20)
  {
    using spool = new Spool({ folder })
    expect(spool.append(batch(3))).toBe('kept')
    expect(drain(spool)).toEqual([1, 3])
  }
  appendFileSync(path, Buffer.alloc(60, 7))
  using spool = new Spool({ folder })
  expect(spool.isEmpty).toBe(true)
})

test('a full spool takes no more, until something is acknowledged', () => {
  using spool = new Spool({ folder, maxBytes: 300, fileBytes: 150 })
  expect([1, 2, 3].map((i) => spool.append(batch(i)))).toEqual(['kept', 'kept', 'full'])
  spool.acknowledge()
  expect(spool.append(batch(4))).toBe('kept')
  expect(drain(spool)).toEqual([2, 4])
})

test('like a queue, whatever the order of appending, acknowledging and opening anew', () => {
  const action = fc.oneof(fc.record({ append: fc.integer({ min: 0, max: 300 }) }), fc.constant('acknowledge' as const))
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const own = mkdtempSync(join(folder, 'case-'))
      const model: number[] = []
      using spool = new Spool({ folder: own, fileBytes: 500, maxBytes: 1e9 })
      let sequence = 0
      for (const next of actions) {
        if (next === 'acknowledge') {
          expect(spool.oldest()?.sequence).toBe(model[0])
          spool.acknowledge()
          model.shift()
        } else {
          sequence += 1
          spool.append(batch(sequence, next.append))
          model.push(sequence)
        }
      }
      expect(drain(spool)).toEqual(model)
    }),
    { numRuns: 50 },
  )
})

test('a damaged body costs its own batch, a damaged head no more than that, and both are counted', () => {
  const frame = 148
  for (const [at, damaged] of [
    [frame + 60, 3],
    [frame + 4, 1],
    [frame + 25, 1],
  ] as const) {
    const own = mkdtempSync(join(folder, 'case-'))
    {
      using spool = new Spool({ folder: own })
      for (let i = 1; i <= 4; i += 1) spool.append(batch(i))
    }
    const path = join(own, readdirSync(own)[0] ?? '')
    const bytes = readFileSync(path)
    bytes[at] = (bytes[at] ?? 0) ^ 0xff
    writeFileSync(path, bytes)
    let lost = 0
    using spool = new Spool({ folder: own, onDamage: (entries) => (lost += entries) })
    expect(lost).toBe(damaged)
    spool.append(batch(5))
    expect(drain(spool)).toEqual([1, 3, 4, 5])
    expect(spool.isEmpty).toBe(true)
  }
})

test('files of which nothing can be read are passed over', () => {
  {
    using spool = new Spool({ folder, fileBytes: 300 })
    for (let i = 1; i <= 6; i += 1) spool.append(batch(i))
  }
  for (const name of readdirSync(folder).slice(0, 2)) writeFileSync(join(folder, name), Buffer.alloc(296, 7))
  let lost = 0
  using spool = new Spool({ folder, fileBytes: 300, onDamage: (entries) => (lost += entries) })
  expect(lost).toBe(2)
  spool.append(batch(7))
  expect(drain(spool)).toEqual([5, 6, 7])
  expect([lost, spool.bytes]).toEqual([2, 0])
})

test('whatever is flipped and cut, the next start reads what is whole, in order, and counts when anything is missing', () => {
  const flips = fc.array(fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) }), { maxLength: 6 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), flips, fc.nat({ max: 200 }), (batches, changes, cut) => {
      const own = mkdtempSync(join(folder, 'case-'))
      {
        using spool = new Spool({ folder: own, fileBytes: 1e6 })
        for (let i = 1; i <= batches; i += 1) spool.append(batch(i, i * 20))
      }
      const path = join(own, readdirSync(own)[0] ?? '')
      const bytes = readFileSync(path)
      for (const { at, to } of changes) bytes[at % bytes.length] = to
      writeFileSync(path, bytes.subarray(0, Math.max(0, bytes.length - cut)))
      let lost = 0
      using spool = new Spool({ folder: own, onDamage: (entries) => (lost += entries) })
      const seen = drain(spool)
      expect(seen).toEqual(seen.toSorted((a, b) => a - b))
      // Cut where one batch ends and the next would begin, nothing says that there was more.
      if (cut === 0 && seen.length < batches) expect(lost).toBeGreaterThan(0)
      expect(spool.isEmpty).toBe(true)
    }),
    { numRuns: 80 },
  )
})
