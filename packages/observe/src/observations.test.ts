import type { Content, Event, EventBody } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { argumentShape } from './argument-shape.ts'
import { addressOf, destinationKey, namedDestination } from './destination.ts'
import { observationsOf } from './observations.ts'
import { rowsIn } from './rows-in.ts'
import { pairsOf, withCalls, type OrderedCall } from './tool-order.ts'
import { foldPath } from './volatile.ts'

const text = (value: string) => ({ state: 'captured', text: value }) as Content // digests play no part here

function event(body: EventBody, more: Partial<Event> = {}): Event {
  return {
    id: 'e1',
    entry: 7,
    claimedAt: 1_000n,
    recordedAt: 2_000n,
    source: { tier: 'self-reported', credential: 'loopback' },
    agent: { id: 'host:-/a', name: 'a' },
    context: { trace: 't1' },
    body,
    ...more,
  } as Event // what observations read of an event
}

const keysOf = (body: EventBody, more?: Partial<Event>) =>
  observationsOf(event(body, more)).flatMap((one) => (one.kind === 'seen' ? [`${one.dimension}: ${one.key}`] : []))

test('a tool call counts as tool, as the shape of its arguments, and in the order of its execution', () => {
  const body: EventBody = {
    kind: 'tool-call',
    toolName: 'refund',
    server: 'desk',
    arguments: text('{"order":"A-17","amount":12.5,"lines":[{"sku":"x"},{"sku":"y"}]}'),
  }
  expect(keysOf(body)).toEqual([
    'tool: desk/refund',
    'tool-arguments: refund $.amount decimal to 100',
    'tool-arguments: refund $.lines[].sku text identifier',
    'tool-arguments: refund $.order text identifier',
  ])
  expect(observationsOf(event(body))).toMatchObject([
    {},
    {},
    {},
    {},
    { kind: 'value', toolName: 'refund', path: '$.lines[].sku' },
    { kind: 'value', toolName: 'refund', path: '$.lines[].sku' },
    { kind: 'value', toolName: 'refund', path: '$.order' },
    { kind: 'call', execution: 't1', toolName: 'desk/refund', entry: 7 },
    { kind: 'amount', measure: 'calls', amount: 1 },
  ])
})

test('an agent acts as a role, whatever its session is called', () => {
  const acts = (principal: string) => keysOf({ kind: 'identity', principal, principalKind: 'role', statedBy: 'x' })
  expect(acts('arn:aws:sts::111122223333:assumed-role/desk/run-7')).toEqual([
    'identity: arn:aws:iam::111122223333:role/desk (role)',
  ])
  expect(acts('arn:aws:sts::111122223333:assumed-role/desk/run-8')).toEqual(
    acts('arn:aws:sts::111122223333:assumed-role/desk/run-7'),
  )
  expect(acts('svc-desk')).toEqual(['identity: svc-desk (role)'])
})

test('a shape holds no raw value, whatever the arguments are', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{8,20}$/), fc.integer({ min: 1e9, max: 2e9 }), (secret, number) => {
      const shape = argumentShape(
        JSON.stringify({ a: { b: [secret, `${secret}@x.test`, number] }, c: `/home/${secret}` }),
      )
      expect(shape.join(' ')).not.toContain(secret)
      expect(shape.join(' ')).not.toContain(String(number))
    }),
  )
  expect(argumentShape('rm -rf /')).toEqual(['$ text short'])
})

test('a shape is bounded in paths, levels and names, and reading it never throws', () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (any) => void argumentShape(any)))
  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i]))
  expect(argumentShape(JSON.stringify(wide))).toEqual(['$ map'])
  expect(argumentShape('['.repeat(50) + ']'.repeat(50))).toEqual(['$[][][][][] list'])
  expect(argumentShape('{"2026-01-02":1}')).toEqual(['$.*-*-* integer to 100'])
})

test.each([
  ['/srv/jobs/1234/out-5.csv', '/srv/jobs/*/out-*.csv'],
  ['/data/0b9f5a44-8f0a-4c53-9d4b-1a2b3c4d5e6f/x', '/data/*/x'],
  ['/cache/3f8e1c9ab27d4410/blob', '/cache/*/blob'],
  ['/tmp/tmpk3j_2h1x/a.txt', '/tmp/tmp*/a.txt'],
  ['/tmp/aB3dE9xQ', '/tmp/*'],
  ['/tmp/workspace/notes.md', '/tmp/workspace/notes.md'],
  ['/usr/lib/python3.12/os.py', '/usr/lib/python3.12/os.py'],
  ['/proc/4711/maps', '/proc/*/maps'],
  ['/home/agent/deadbeef.txt', '/home/agent/deadbeef.txt'],
])('the path %s is the entry %s', (path, entry) => {
  expect(foldPath(path)).toBe(entry)
})

test('two long paths that differ at their ends stay two entries', () => {
  const long = (end: string) => foldPath(`/srv/${'x'.repeat(500)}/${end}`)
  expect(long('a')).not.toBe(long('b'))
  expect(long('a').length).toBeLessThanOrEqual(240)
})

test('a destination goes by the name that a DNS answer gave its address, else by the class of the address', () => {
  expect(destinationKey('https://API.example.com/v1', 443)).toBe('api.example.com:443')
  expect(destinationKey('api.example.com:8443', undefined)).toBe('api.example.com:8443')
  expect(addressOf(destinationKey('93.184.216.34', 443))).toBe('93.184.216.34')
  expect(addressOf(destinationKey('2001:db8::1', 443))).toBe('2001:db8::1')
  expect(namedDestination('93.184.216.34:443', ['b.test', 'a.test'])).toBe('a.test:443')
  expect(namedDestination('93.184.216.34:443', [])).toBe('public address:443')
  expect(namedDestination('169.254.169.254:80', [])).toBe('instance metadata:80')
  expect(namedDestination('fd00::1:443', [])).toBe('private address:443')
  expect(namedDestination('ip-10-0-3-7.eu-west-1.compute.internal:443', [])).toBe(
    'ip-*-*-*-*.eu-west-1.compute.internal:443',
  )
})

test('what happens inside the machine is no destination, and only what was sent out counts as volume', () => {
  const connection = (address: string, action: 'connect' | 'close' | 'flow') =>
    observationsOf(
      event({ kind: 'connection', action, protocol: 'tcp', remote: { address, port: 443 }, bytesSent: 900, result: 0 }),
    )
  expect(connection('127.0.0.1', 'connect')).toEqual([])
  expect(connection('203.0.113.9', 'connect')).toMatchObject([{ dimension: 'destination', key: '203.0.113.9:443' }])
  expect(connection('203.0.113.9', 'close')).toMatchObject([{ kind: 'amount', measure: 'bytes-out', amount: 900 }])
  expect(connection('203.0.113.9', 'flow')).toEqual([])
})

test('an act on an authority is kept with its action and the class of its resource', () => {
  const body: EventBody = {
    kind: 'api-call',
    plane: 'aws',
    principal: { plane: 'aws', id: 'arn:aws:iam::123456789012:role/desk', kind: 'role', via: [] },
    action: 's3:GetObject',
    resources: ['arn:aws:s3:::exports-7/2026/a.csv'],
    decision: 'denied',
    request: text(''),
    response: text(''),
  }
  expect(keysOf(body)).toEqual([
    'identity: arn:aws:iam::123456789012:role/desk: s3:GetObject on arn:aws:s3:::exports-*/* (denied)',
  ])
})

test('models, templates, sources, memory, delegates, programs, files and system calls each have their dimension', () => {
  const kinds: readonly EventBody[] = [
    {
      kind: 'model-call',
      operation: 'chat',
      requestModel: 'a',
      responseModel: 'b',
      finishReasons: [],
      usage: {},
      messages: 1,
    },
    { kind: 'prompt', role: 'system', ordinal: 0, content: text('You help. Today is 2026-01-02.') },
    { kind: 'context-item', ordinal: 0, dataSource: 'handbook', query: text(''), content: text('') },
    { kind: 'memory', operation: 'write', store: 'notes', content: text('') },
    { kind: 'delegation', mechanism: 'a2a', to: 'maintainer', payload: text('') },
    { kind: 'process', action: 'exec', binary: '/usr/bin/git', arguments: text(''), uid: 0, result: 0 },
    {
      kind: 'file',
      action: 'create',
      path: '/srv/out-3.csv',
      flags: 0,
      isSensitive: false,
      isForeign: false,
      result: 3,
    },
    { kind: 'syscall-set', calls: ['openat', 'read'] },
  ]
  expect(kinds.flatMap((body) => keysOf(body)).map((key) => key.replace(/[0-9a-f]{16}$/, '<digest>'))).toEqual([
    'model: b',
    'prompt-template: system prompt of a <digest>',
    'retrieval-source: handbook',
    'memory: write notes',
    'delegate: a2a maintainer',
    'executable: /usr/bin/git',
    'file: write /srv/out-*.csv',
    'syscall: openat',
    'syscall: read',
  ])
})

test('what a container runtime does before the agent runs is not the agent’s', () => {
  const body: EventBody = { kind: 'syscall-set', calls: ['mount'] }
  expect(observationsOf(event(body, { context: { isSetup: true } }))).toEqual([])
})

test('rows are counted in a list, and in the one list that a result holds', () => {
  expect([rowsIn('[1,2,3]'), rowsIn('{"rows":[1],"total":1}'), rowsIn('{"ok":true}'), rowsIn('[1,')]).toEqual([
    3,
    1,
    undefined,
    undefined,
  ])
})

test('successive calls pair up the same in whatever order they are told, each teller for itself', () => {
  const call = fc.record({
    claimedAt: fc.bigInt({ min: 0n, max: 6n }),
    event: fc.constantFrom('e1', 'e2', 'e3', 'e4', 'e5', 'e6'),
    toolName: fc.constantFrom('a', 'b', 'c'),
    teller: fc.constantFrom('self', 'proxy'),
    entry: fc.nat(20),
  })
  const calls = fc.uniqueArray(call, { selector: ({ event: id, teller }) => `${id} ${teller}`, maxLength: 12 })
  fc.assert(
    fc.property(calls, fc.nat(12), fc.infiniteStream(fc.nat()), (all, cut, noise) => {
      const shuffled: OrderedCall[] = all
        .map((one) => [noise.next().value as number, one] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, one]) => one)
      const atOnce = pairsOf(withCalls([], all))
      expect(pairsOf(withCalls(withCalls([], shuffled.slice(0, cut)), shuffled.slice(cut)))).toEqual(atOnce)
      const tellers = new Set(all.map(({ teller }) => teller)).size
      expect(atOnce.length).toBe(all.length - tellers)
    }),
  )
  expect(
    pairsOf(
      withCalls(
        [],
        ['a', 'b', 'a'].map((toolName, i) => ({
          claimedAt: BigInt(i),
          event: `e${i}`,
          toolName,
          teller: 't',
          entry: i,
        })),
      ),
    ).map(({ key }) => key),
  ).toEqual(['a -> b', 'b -> a'])
})
