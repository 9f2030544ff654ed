import { expect, test } from 'vitest'
import { logEntry, spanEntry, type TestSpan } from './dialects/testing/entries.ts'
import { spanOrigin } from './span-origin.ts'

const PARENT = 'c7ad6b7169203331'
const originOf = (span: Partial<TestSpan>) => spanOrigin(spanEntry({ name: 'chat', attributes: {}, ...span }))

test.each([
  ['ot=th:8', 0.5],
  ['ot=th:c', 0.25],
  ['vendor=x, ot=rv:6e6d1a75832a2f;th:e', 0.125],
  ['ot=th:fd70a3d70a3d71', 0.01],
  ['ot=th:0', undefined],
  ['ot=rv:6e6d1a75832a2f', undefined],
  ['rot=th:8', undefined],
  ['ot=th:', undefined],
  ['ot=th:8x', undefined],
  ['', undefined],
])('a tracestate of "%s" says that its sampler keeps %s', (traceState, share) => {
  const kept = originOf({ traceState })?.keptShare
  if (share === undefined) expect(kept).toBeUndefined()
  else expect(kept).toBeCloseTo(share, 6)
})

test('a parent is of the same process unless the flags, or else the kind, say that it ran elsewhere', () => {
  const local = (span: Partial<TestSpan>) => originOf({ parent: PARENT, ...span })?.localParent
  expect(local({})).toBe(PARENT)
  expect(local({ kind: 2 })).toBeUndefined()
  expect(local({ kind: 5 })).toBeUndefined()
  expect(local({ flags: 0x301 })).toBeUndefined()
  expect(local({ kind: 2, flags: 0x101 })).toBe(PARENT)
})

test('what is no span, was erased or cannot be read says nothing', () => {
  const span = spanEntry({ name: 'chat', attributes: {} })
  expect(spanOrigin(logEntry({ attributes: {} }))).toBeUndefined()
  expect(spanOrigin({ ...span, body: undefined })).toBeUndefined()
  expect(spanOrigin({ ...span, body: new Uint8Array([1, 2]) })).toBeUndefined()
})
