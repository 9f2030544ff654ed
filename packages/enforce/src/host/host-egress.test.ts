import { parseHostEgress, TRANSPORT_NOT_KEPT, type HostEgress } from '@holdfast/model'
import { expect, test } from 'vitest'
import type { GeneratorFacts } from '../generator.ts'
import { connectEvent, dnsEvent, egressEvent, eventOfBody, profileFact } from '../testing/events.ts'
import { factsFixture } from '../testing/facts.ts'
import { madeBy } from '../testing/made.ts'
import { hostEgressGenerator as generator } from './host-egress.ts'

const facts = (changed: Partial<GeneratorFacts> = {}) =>
  factsFixture({
    agent: { id: 'host:h1/desk', name: 'desk', class: 'support' },
    entries: [
      profileFact('destination', '203.0.113.10:443', 10),
      profileFact('destination', '203.0.113.11:443', 11, { daysSeen: 1 }),
      profileFact('destination', '2001:db8::5:8443', 12),
      profileFact('destination', '127.0.0.1:11434', 13),
    ],
    names: new Map([
      ['203.0.113.10', ['api.example.test']],
      ['203.0.113.11', ['api.example.test']],
    ]),
    platform: { dns: ['192.0.2.53:53/udp', '127.0.0.53:53/udp'], collector: ['127.0.0.1:4318/tcp'] },
    ...changed,
  })

const made = (given: GeneratorFacts = facts()) => madeBy(generator, given)

test('the list is one that readers of it take as it is: name servers, then what was seen, over both transports', () => {
  const { document } = made()
  expect(parseHostEgress(document)).toEqual(document)
  expect((document as HostEgress).egress).toEqual([
    { address: '192.0.2.53', prefix: 32, port: 53, protocol: 'udp' },
    { address: '192.0.2.53', prefix: 32, port: 53, protocol: 'tcp' },
    { address: '127.0.0.53', prefix: 32, port: 53, protocol: 'udp' },
    { address: '127.0.0.53', prefix: 32, port: 53, protocol: 'tcp' },
    { address: '127.0.0.1', prefix: 32, port: 4318, protocol: 'tcp' },
    { address: '2001:db8::5', prefix: 128, port: 8443, protocol: 'tcp' },
    { address: '2001:db8::5', prefix: 128, port: 8443, protocol: 'udp' },
    { name: 'api.example.test', port: 443, protocol: 'tcp' },
    { name: 'api.example.test', port: 443, protocol: 'udp' },
  ])
})

test('a name stands on all entries of the profile under it, each with its positions', () => {
  const line = made().lines.find(({ what }) => what === 'api.example.test:443/tcp')
  expect(line).toMatchObject({
    pointer: '/egress/7',
    because: 'observed',
    grounds: [
      { key: '203.0.113.10:443', entries: [10] },
      { key: '203.0.113.11:443', entries: [11] },
    ],
  })
  expect(line?.reason).toContain('can carry wrong data')
})

test('by the choice of a person addresses stand in the place of names', () => {
  const granularity = { value: 'address', chosenBy: 'ada', reason: 'no resolver' }
  const { egress } = made(facts({ decisions: { granularity } })).document as HostEgress
  expect(egress.filter((entry) => 'name' in entry)).toEqual([])
  expect(egress).toContainEqual({ address: '203.0.113.11', prefix: 32, port: 443, protocol: 'udp' })
})

test.each([
  [egressEvent('api.example.test'), 'allowed', '/egress/7'],
  [connectEvent('203.0.113.11', 443), 'allowed', '/egress/7'],
  [connectEvent('203.0.113.11', 443, 'udp'), 'allowed', '/egress/8'],
  [connectEvent('203.0.113.11', 444), 'denied', '/default'],
  [connectEvent('203.0.113.66', 443), 'denied', '/default'],
  [egressEvent('paste.example.test'), 'denied', '/default'],
  [connectEvent('2001:db8:0::5', 8443), 'allowed', '/egress/5'],
  [connectEvent('192.0.2.53', 53, 'udp'), 'allowed', '/egress/0'],
])('an event is judged by the line that decides', (event, status, pointer) => {
  expect(generator.judge(made())(event)).toMatchObject({ status, pointer })
})

test('what stays on the machine is outside, and so is what is no connection', () => {
  const judge = generator.judge(made())
  expect(judge(connectEvent('127.0.0.1', 9))).toEqual({ status: 'outside' })
  expect(judge(eventOfBody({ kind: 'syscall-set', calls: ['read'] }))).toEqual({ status: 'outside' })
})

test('an answer of a name server teaches what an allowed name stands for', () => {
  const judge = generator.judge(made())
  judge(dnsEvent('api.example.test', ['203.0.113.99']))
  expect(judge(connectEvent('203.0.113.99', 443)).status).toBe('allowed')
})

test('a refusal of the kernel is judged as the attempt that it was', () => {
  const judge = generator.judge(made())
  const refused = eventOfBody({
    kind: 'connection',
    action: 'refused',
    protocol: 'tcp',
    remote: { address: '203.0.113.66', port: 443 },
    refused: 'connect',
    result: -1,
  })
  expect(judge(refused)).toMatchObject({ status: 'denied', pointer: '/default', what: '203.0.113.66:443/tcp' })
})

test('an answer of a name server counts from its own place in the log, and not for what was tried before it', () => {
  const judge = generator.judge(made())
  judge({ ...dnsEvent('api.example.test', ['203.0.113.77']), entry: 50 })
  expect(judge({ ...connectEvent('203.0.113.77', 443), entry: 60 })).toMatchObject({ status: 'allowed' })
  expect(judge({ ...connectEvent('203.0.113.77', 443), entry: 40 })).toMatchObject({ status: 'denied' })
})

test('a name server that the agent was seen to ask stands in the list once, as the platform has it', () => {
  const { entries } = facts()
  const seen = made(facts({ entries: [...entries, profileFact('destination', '192.0.2.53:53', 14)] }))
  expect((seen.document as HostEgress).egress).toEqual((made().document as HostEgress).egress)
  expect(seen.lines.filter(({ what }) => what.includes('192.0.2.53')).map(({ because }) => because)).toEqual([
    'platform',
    'platform',
  ])
})

test('a line says of its transport that nobody saw which it was', () => {
  const lines = made().lines.filter(({ because }) => because === 'observed')
  expect(lines.length).toBeGreaterThan(0)
  for (const { reason } of lines) expect(reason).toContain(TRANSPORT_NOT_KEPT)
})
