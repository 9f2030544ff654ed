import { expect, test } from 'vitest'
import { detectorHandlers } from './handlers.ts'

test('one training runs at a time, and the next one may once it has ended', async () => {
  const asked: ((answer: string) => void)[] = []
  const { trainDetector } = detectorHandlers({
    views: { ask: () => new Promise<string>((resolve) => void asked.push(resolve)) },
    // Nothing is accepted here, so that nothing is written.
    recorder: { appendControl: () => expect.fail('nothing is recorded') },
    reader: {},
  } as unknown as Parameters<typeof detectorHandlers>[0])
  const train = () =>
    trainDetector({ body: { reason: 'r' }, caller: { name: 'eve' } } as Parameters<typeof trainDetector>[0])
  const refused = JSON.stringify({ status: 'refused', why: 'too few', card: {} })
  const first = train()
  await expect(train()).rejects.toMatchObject({ status: 409 })
  asked[0]?.(refused)
  expect(await first).toMatchObject({ status: 'refused' })
  const next = train()
  asked[1]?.(refused)
  expect(await next).toMatchObject({ status: 'refused' })
  expect(asked).toHaveLength(2)
})
