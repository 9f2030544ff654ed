import { startSiemCollector, startSyslogCollector } from '@holdfast/testkit'
import { expect, test, vi } from 'vitest'
import { Outgoing } from '../http/outgoing.ts'
import { ALL, BASE, deliveryOf, HOSTILE, noticeWith } from '../testing/notices.ts'
import { cefLine } from './cef.ts'
import { collectorChannel } from './collector.ts'
import { countedFrame, syslogMessage } from './syslog-frame.ts'
import { syslogChannel } from './syslog.ts'

const OUTGOING = new Outgoing({ allow: ['127.0.0.1'] })
const OWN = { name: 'siem', filter: ALL, base: BASE, version: '0.1.0', outgoing: OUTGOING }

test.each(['json', 'lines', 'splunk'] as const)(
  'a batch of OCSF as %s arrives whole, and again as the same events',
  async (format) => {
    await using collector = await startSiemCollector({ format, token: 't', faults: ['breaks-off-after'] })
    const channel = collectorChannel({ ...OWN, url: `${collector.url}/services/collector`, format, token: 't' })
    const batch = Array.from({ length: 20 }, (_, i) =>
      deliveryOf(noticeWith({ id: `n${i}`, title: HOSTILE[i] ?? `n${i}` })),
    )
    expect(new Set((await channel.deliver(batch)).map(({ status }) => status))).toEqual(new Set(['retry']))
    expect(new Set((await channel.deliver(batch)).map(({ status }) => status))).toEqual(new Set(['delivered']))
    expect(collector.events.size).toBe(20)
    expect(collector.requests).toHaveLength(2)
  },
)

test('an event counts as delivered once the indexer has said so', async () => {
  await using collector = await startSiemCollector({ format: 'splunk', token: 't', acknowledges: true })
  const acknowledge = { channel: '0c7a0b6e-0d6c-4c61-8f1f-2f6e5a4f9e11' }
  const url = `${collector.url}/services/collector/event`
  const channel = collectorChannel({ ...OWN, url, format: 'splunk', token: 't', acknowledge })
  expect(await channel.deliver([deliveryOf(noticeWith())])).toMatchObject([{ detail: 'acknowledged by the indexer' }])
  const silent = collectorChannel({ ...OWN, url, format: 'splunk', token: 't' })
  expect(await silent.deliver([deliveryOf(noticeWith())])).toMatchObject([{ status: 'refused', code: 400 }])
  const wrong = collectorChannel({ ...OWN, url, format: 'splunk', token: 'x', acknowledge })
  expect(await wrong.deliver([deliveryOf(noticeWith())])).toMatchObject([{ status: 'retry', code: 403 }])
})

test.each(HOSTILE)('hostile text number %# forges no field, frame or line of CEF over syslog', async (text) => {
  const notice = noticeWith({ title: text, lines: [text, 'act=none'], for: [text] })
  const line = cefLine(notice, { key: 'k', base: BASE, version: '0.1.0' })
  const fields = line.split(/(?<!\\)(?:\\\\)*\|/)
  expect(fields.slice(0, 5)).toEqual(['CEF:0', 'Holdfast', 'Holdfast', '0.1.0', 'incident-opened'])
  expect(fields[6]).toBe('8')
  const names = [
    ...fields
      .slice(7)
      .join('|')
      .matchAll(/(?<=^| )([A-Za-z0-9]+)(?<!\\)=/g),
  ].map(([, name]) => name)
  expect(names).toEqual(['externalId', 'rt', 'cs1Label', 'cs1', 'cs2Label', 'cs2', 'request', 'msg'])
  await using collector = await startSyslogCollector('tcp')
  const channel = syslogTo(collector.port, 'tcp')
  expect(await channel.deliver([deliveryOf(notice), deliveryOf(noticeWith({ id: 'next' }))])).toMatchObject([
    { status: 'delivered' },
    { status: 'delivered' },
  ])
  expect(collector.messages).toHaveLength(2)
  for (const message of collector.messages) {
    expect(message).toMatch(
      /^<107>1 2026-09-21T\d\d:\d\d:\d\d\.\d{3}Z test-host holdfast - incident-opened - \uFEFFCEF:0\|/,
    )
    expect(message.replace('\uFEFF', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  }
})

test('a frame is counted in bytes', () => {
  const message = syslogMessage(noticeWith(), { host: 'a b\nc', text: 'ü😀' })
  const frame = countedFrame(message)
  expect(frame.toString('utf8')).toMatch(/^\d+ <107>1 \S+ a-b-c holdfast - incident-opened - \uFEFFü😀$/)
  expect(Number(frame.toString('utf8').split(' ')[0])).toBe(message.length)
})

test('a datagram is sent whole or cut between characters', async () => {
  await using collector = await startSyslogCollector('udp')
  const notice = noticeWith({ lines: Array.from({ length: 20 }, () => '😀'.repeat(200)), title: '😀'.repeat(120) })
  expect(await syslogTo(collector.port, 'udp').deliver([deliveryOf(notice)])).toMatchObject([{ status: 'delivered' }])
  await vi.waitFor(() => expect(collector.messages).toHaveLength(1), { timeout: 60_000 })
  expect(collector.messages[0]).not.toContain('\uFFFD')
})

test('a collector that is not there, or that is not allowed, is tried again later', async () => {
  const closed = await startSyslogCollector('tcp')
  await closed[Symbol.asyncDispose]()
  expect(await syslogTo(closed.port, 'tcp').deliver([deliveryOf(noticeWith())])).toMatchObject([
    { status: 'retry', detail: 'ECONNREFUSED' },
  ])
  const inner = syslogChannel({
    ...OWN,
    host: '127.0.0.1',
    port: closed.port,
    transport: 'tcp',
    allow: [],
    sender: 'test-host',
  })
  const [result] = await inner.deliver([deliveryOf(noticeWith())])
  expect(result?.detail).toContain('loopback')
})

function syslogTo(port: number, transport: 'tcp' | 'udp') {
  return syslogChannel({ ...OWN, host: '127.0.0.1', port, transport, allow: ['127.0.0.1'], sender: 'test-host' })
}
