import { expect, test } from 'vitest'
import { BatchBuilder } from './batch-builder.ts'

test('an exchange that is larger than the room there was is whole in the batch', () => {
  const builder = new BatchBuilder()
  const texts = [1, 20_000, 300, 900_000].map((length) => Buffer.from(JSON.stringify({ text: 'x'.repeat(length) })))
  for (const text of texts) builder.addExchange(7, text)
  const batch = builder.take(() => Buffer.from('{}'))?.body ?? Buffer.alloc(0)
  expect(batch.readUInt32LE(8)).toBe(texts.length)
  let at = 16 + batch.readUInt32LE(0)
  for (const text of texts) {
    expect(batch.readUInt32LE(at)).toBe(text.length)
    expect(batch.subarray(at + 8, at + 8 + text.length).equals(text)).toBe(true)
    at += 8 + text.length
  }
  expect(at).toBe(batch.length)
})
