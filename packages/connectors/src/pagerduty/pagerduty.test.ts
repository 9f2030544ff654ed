import { startPagerDuty, type ServiceFault } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { Outgoing } from '../http/outgoing.ts'
import { ALL, BASE, deliveryOf, HOSTILE, noticeWith } from '../testing/notices.ts'
import { pagerDutyChannel } from './pagerduty.ts'

const KEY = 'r'.repeat(32)

async function service(faults: ServiceFault[] = []) {
  const pagerDuty = await startPagerDuty({ routingKey: KEY, faults })
  const outgoing = new Outgoing({ allow: ['127.0.0.1'] })
  const channel = pagerDutyChannel({
    name: 'page',
    filter: ALL,
    api: pagerDuty.url,
    routingKey: KEY,
    outgoing,
    base: BASE,
  })
  return { pagerDuty, channel }
}

test('an incident is one alert: triggered, acknowledged and resolved under one key', async () => {
  const { pagerDuty, channel } = await service(['breaks-off-after'])
  await using _ = pagerDuty
  expect(await channel.deliver([deliveryOf(noticeWith())])).toMatchObject([{ status: 'retry' }])
  expect(await channel.deliver([deliveryOf(noticeWith(), { attempt: 2 })])).toMatchObject([
    { status: 'delivered', code: 202 },
  ])
  expect([...pagerDuty.alerts]).toEqual([['holdfast-inc-0123456789abcdef', 'triggered']])
  await channel.deliver([deliveryOf(noticeWith({ kind: 'incident-acknowledged' }))])
  expect([...pagerDuty.alerts.values()]).toEqual(['acknowledged'])
  await channel.deliver([deliveryOf(noticeWith({ kind: 'case-closed' }))])
  expect([...pagerDuty.alerts.values()]).toEqual(['resolved'])
})

test('a refusal says why and is not repeated; a throttle is', async () => {
  const { pagerDuty, channel } = await service(['rate-limited'])
  await using _ = pagerDuty
  expect(await channel.deliver([deliveryOf(noticeWith())])).toMatchObject([{ status: 'retry', afterMs: 1_000 }])
  const outgoing = new Outgoing({ allow: ['127.0.0.1'] })
  const wrong = pagerDutyChannel({
    name: 'page',
    filter: ALL,
    api: pagerDuty.url,
    routingKey: 'x',
    outgoing,
    base: BASE,
  })
  const [result] = await wrong.deliver([deliveryOf(noticeWith())])
  expect(result).toMatchObject({ status: 'refused', code: 400 })
  expect(result?.detail).toContain('routing_key')
})

test.each(HOSTILE)('hostile text number %# pages as text', async (text) => {
  const { pagerDuty, channel } = await service()
  await using _ = pagerDuty
  expect(await channel.deliver([deliveryOf(noticeWith({ title: text, lines: [text] }))])).toMatchObject([
    { status: 'delivered' },
  ])
  expect(JSON.stringify(pagerDuty.events)).not.toMatch(/[\p{Cf}]/u)
})
