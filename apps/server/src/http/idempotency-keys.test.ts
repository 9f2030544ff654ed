import { expect, test } from 'vitest'
import {
  IDEMPOTENCY_ACCOUNTS,
  IDEMPOTENCY_BYTES_PER_ACCOUNT,
  IDEMPOTENCY_KEPT_MS,
  IDEMPOTENCY_KEYS_PER_ACCOUNT,
} from '../limits.ts'
import { IdempotencyKeys, parseIdempotencyKey } from './idempotency-keys.ts'

const REQUEST = { account: 'ann', key: 'k', place: 'POST /api/v1/saved-views', body: { a: 1 } }

function keysAt() {
  const time = { nowMs: 0 }
  const keys = new IdempotencyKeys({ nowMs: () => time.nowMs })
  let made = 0
  const act = async (): Promise<string> => `made ${(made += 1)}`
  return { keys, time, act, made: () => made }
}

test('what comes again under its key is made once, and gets the same answer', async () => {
  const { keys, act, made } = keysAt()
  expect(await keys.once(REQUEST, act)).toEqual({ text: 'made 1', isRepeated: false })
  expect(await keys.once(REQUEST, act)).toEqual({ text: 'made 1', isRepeated: true })
  expect(made()).toBe(1)
})

test('the key of another account is another key', async () => {
  const { keys, act } = keysAt()
  await keys.once(REQUEST, act)
  expect(await keys.once({ ...REQUEST, account: 'ben' }, act)).toEqual({ text: 'made 2', isRepeated: false })
})

test.each([
  ['another body', { body: { a: 2 } }],
  ['no body', { body: undefined }],
  ['another place', { place: 'POST /api/v1/incident-reports' }],
])('%s under the same key is refused with 422, and the first stays what it was', async (_, more) => {
  const { keys, act, made } = keysAt()
  await keys.once(REQUEST, act)
  await expect(keys.once({ ...REQUEST, ...more }, act)).rejects.toMatchObject({ status: 422 })
  expect(await keys.once(REQUEST, act)).toMatchObject({ text: 'made 1', isRepeated: true })
  expect(made()).toBe(1)
})

test('while the first is being done a repeat is refused with 409; one that failed can be repeated', async () => {
  const { keys, act } = keysAt()
  const first = Promise.withResolvers<string>()
  const doing = keys.once(REQUEST, () => first.promise)
  await expect(keys.once(REQUEST, act)).rejects.toMatchObject({ status: 409 })
  first.reject(new Error('the disk is full'))
  await expect(doing).rejects.toThrow('the disk is full')
  expect(await keys.once(REQUEST, act)).toEqual({ text: 'made 1', isRepeated: false })
})

test('what is still being done is not done twice, however many other accounts use keys meanwhile', async () => {
  const { keys, act } = keysAt()
  const first = Promise.withResolvers<string>()
  const doing = keys.once(REQUEST, () => first.promise)
  for (let i = 0; i <= IDEMPOTENCY_ACCOUNTS; i++) await keys.once({ ...REQUEST, account: `other-${i}` }, act)
  await expect(keys.once(REQUEST, act)).rejects.toMatchObject({ status: 409 })
  first.resolve('made')
  expect([await doing, await keys.once(REQUEST, act)]).toMatchObject([{ text: 'made' }, { isRepeated: true }])
  // The one that used a key longest ago was forgotten in its place.
  expect(await keys.once({ ...REQUEST, account: 'other-0' }, act)).toMatchObject({ isRepeated: false })
})

test('keys are forgotten after a day, and the oldest for newer ones; the keys of others stay', async () => {
  const { keys, time, act } = keysAt()
  await keys.once({ ...REQUEST, account: 'ben' }, act)
  await keys.once(REQUEST, act)
  for (let i = 0; i < IDEMPOTENCY_KEYS_PER_ACCOUNT - 1; i += 1) await keys.once({ ...REQUEST, key: `k${i}` }, act)
  expect(await keys.once(REQUEST, act)).toMatchObject({ isRepeated: true })
  await keys.once({ ...REQUEST, key: 'one more' }, act)
  expect(await keys.once(REQUEST, act)).toMatchObject({ isRepeated: false })
  expect(await keys.once({ ...REQUEST, account: 'ben' }, act)).toMatchObject({ isRepeated: true })
  time.nowMs = IDEMPOTENCY_KEPT_MS
  expect(await keys.once({ ...REQUEST, account: 'ben' }, act)).toMatchObject({ isRepeated: false })
})

test('large answers are held to their bytes, and one beyond the bound is given and not kept', async () => {
  const { keys, act } = keysAt()
  const half = 'x'.repeat(IDEMPOTENCY_BYTES_PER_ACCOUNT / 2)
  for (const key of ['a', 'b', 'c']) await keys.once({ ...REQUEST, key }, async () => half)
  expect(await keys.once({ ...REQUEST, key: 'c' }, act)).toMatchObject({ text: half, isRepeated: true })
  expect(await keys.once({ ...REQUEST, key: 'a' }, act)).toMatchObject({ isRepeated: false })
  expect(await keys.once({ ...REQUEST, key: 'd' }, async () => half + half + half)).toMatchObject({ isRepeated: false })
  expect(await keys.once({ ...REQUEST, key: 'd' }, act)).toMatchObject({ isRepeated: false })
})

test('what is being done is not forgotten, however much is: the next is not begun', async () => {
  const { keys, act, made } = keysAt()
  const never = Promise.withResolvers<string>()
  const doing = Array.from({ length: IDEMPOTENCY_KEYS_PER_ACCOUNT }, (_, i) =>
    keys.once({ ...REQUEST, key: `k${i}` }, () => never.promise),
  )
  await expect(keys.once(REQUEST, act)).rejects.toMatchObject({ status: 503 })
  expect(made()).toBe(0)
  never.resolve('done')
  await Promise.all(doing)
  expect(await keys.once(REQUEST, act)).toMatchObject({ isRepeated: false })
})

test('a key is a text in quotes or the same without', () => {
  expect(parseIdempotencyKey(undefined)).toBeUndefined()
  for (const header of ['"8e03978e-40d5"', '8e03978e-40d5']) expect(parseIdempotencyKey(header)).toBe('8e03978e-40d5')
  for (const none of ['', '""', '"a', 'a b', `"${'a'.repeat(129)}"`, '"a\\"b"', '"a", "b"', ['a', 'b']])
    expect(() => parseIdempotencyKey(none)).toThrow(expect.objectContaining({ status: 400 }) as Error)
})
