import { randomBytes } from 'node:crypto'
import { startWebhookReceiver } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { Outgoing } from '../http/outgoing.ts'
import { ALL, BASE, deliveryOf, HOSTILE, noticeWith } from '../testing/notices.ts'
import { parseWebhookSecret, signedHeaders } from './signature.ts'
import { webhookChannel } from './webhook.ts'

const SECRET = randomBytes(32)
const NOW = 1_790_000_000

function channelTo(url: string, secrets: readonly Buffer[] = [SECRET]) {
  const outgoing = new Outgoing({ allow: ['127.0.0.1'] })
  return webhookChannel({ name: 'hook', filter: ALL, url, secrets, outgoing, base: BASE, now: () => NOW * 1_000 })
}

test('signs as the example of the specification does', () => {
  // The example of the Standard Webhooks specification and of its libraries.
  const secret = parseWebhookSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  const body = '{"test": 2432232314}'
  expect(secret).toBeDefined()
  expect(
    signedHeaders({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      unixSeconds: 1_614_265_330,
      body,
      secrets: [secret ?? SECRET],
    }),
  ).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('a receiver that checks takes it, and tells a repeat by its id', async () => {
  await using receiver = await startWebhookReceiver({
    secret: SECRET,
    nowSeconds: () => NOW,
    faults: ['breaks-off-after'],
  })
  const channel = channelTo(receiver.url)
  const delivery = deliveryOf(noticeWith())
  expect(await channel.deliver([delivery])).toMatchObject([{ status: 'retry' }])
  expect(await channel.deliver([{ ...delivery, attempt: 2 }])).toMatchObject([{ status: 'delivered', code: 204 }])
  expect(receiver.received.size).toBe(1)
  expect(receiver.repeats).toEqual([`msg_${delivery.key}`])
  expect([...receiver.received.values()]).toMatchObject([
    { type: 'holdfast.incident-opened', data: { severity: 'high', link: `${BASE}/incidents/inc-0123456789abcdef` } },
  ])
})

test('while a secret is replaced both sign, and another secret is not taken', async () => {
  await using receiver = await startWebhookReceiver({ secret: SECRET, nowSeconds: () => NOW })
  const rotating = await channelTo(receiver.url, [randomBytes(32), SECRET]).deliver([deliveryOf(noticeWith())])
  expect(rotating[0]?.status).toBe('delivered')
  const wrong = await channelTo(receiver.url, [randomBytes(32)]).deliver([deliveryOf(noticeWith())])
  expect(wrong[0]).toMatchObject({ status: 'retry', code: 401 })
})

test('a pause that is asked for is kept', async () => {
  await using receiver = await startWebhookReceiver({ secret: SECRET, nowSeconds: () => NOW, faults: ['rate-limited'] })
  expect(await channelTo(receiver.url).deliver([deliveryOf(noticeWith())])).toMatchObject([
    { status: 'retry', code: 429, afterMs: 7_000 },
  ])
})

test.each(HOSTILE)('hostile text number %# stays text in it', async (text) => {
  await using receiver = await startWebhookReceiver({ secret: SECRET, nowSeconds: () => NOW })
  const notice = noticeWith({ title: text, lines: [text], for: [text] })
  expect(await channelTo(receiver.url).deliver([deliveryOf(notice)])).toMatchObject([{ status: 'delivered' }])
  const [body] = [...receiver.received.values()] as readonly { readonly data: { readonly title: string } }[]
  expect(body?.data.title).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]|:\/\//u)
})
