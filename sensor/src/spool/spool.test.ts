import { appendFileSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs'
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
  for (let i = 1; i <= 10; i += 1) expect(first.append(batch(i))).toBe(true)
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
    expect(spool.append(batch(3))).toBe(true)
    expect(drain(spool)).toEqual([1, 3])
  }
  appendFileSync(path, Buffer.alloc(60, 7))
  using spool = new Spool({ folder })
  expect(spool.isEmpty).toBe(true)
})

test('a full spool takes no more, until something is acknowledged', () => {
  using spool = new Spool({ folder, maxBytes: 300, fileBytes: 150 })
  expect([1, 2, 3].map((i) => spool.append(batch(i)))).toEqual([true, true, false])
  spool.acknowledge()
  expect(spool.append(batch(4))).toBe(true)
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
