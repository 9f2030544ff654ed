import fc from 'fast-check'
import { expect, test } from 'vitest'

import { type Act, called, eventsOf, NOT_CAPTURED, said, text } from '../testing/movements.ts'
import { type Lenses, lensesOf, type LensQuestion, lensFaults } from './lenses.ts'
import { fieldClassOf } from './personal-data.ts'
import { recipientsIn, recordsIn } from './records.ts'
import { regionIn } from './regions.ts'

function drained(question: LensQuestion): Lenses {
  const steps = lensesOf(question)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

const seen = (acts: readonly Act[], roots: readonly string[] = []): Lenses =>
  drained({
    events: eventsOf(acts),
    stackOf: (event) => [
      { kind: 'message', label: 'the prompt', agent: 'host:h/desk', events: ['event-0'] },
      { kind: 'model-call', label: 'chat', agent: 'host:h/desk', events: [] },
      { kind: 'tool', label: 'a call', agent: 'host:h/desk', events: [event] },
    ],
    actOf: (event) => event,
    roots: new Set(roots),
  })

const patients = (...ids: readonly string[]) => ids.map((id) => ({ patient_id: id, diagnosis: 'x', name: 'n' }))

test('V1 three patients are three lines, each with agent, purpose, time and tool', () => {
  const { access } = seen([
    said('Which option suits them?', 1_000),
    ...called('chart.read', {
      id: 'c1',
      args: { ward: 3 },
      result: text({ rows: patients('p1', 'p2', 'p3') }),
      atMs: 2_000,
    }),
  ])
  expect(
    access.lines.map(({ subject, record, purpose, tool, at, agent }) => [subject, record, purpose, tool, at, agent]),
  ).toEqual(
    ['p1', 'p2', 'p3'].map((id) => [
      'patient',
      id,
      'Which option suits them?',
      'chart.read',
      '1970-01-01T00:00:02.000000000Z',
      'host:h/desk',
    ]),
  )
  expect(access.totals).toMatchObject({ acts: 1, records: 3, recipients: 0, unread: 0 })
})

test('V2 seven payments are seven stacks whose root is marked', () => {
  const payments = Array.from({ length: 7 }, (_, i) =>
    called('refund.create', {
      id: `r${i}`,
      args: { payee: `DE0${i}`, amount: 100 },
      result: text({ refund_id: `f${i}`, status: 'sent' }),
      atMs: 2_000 + 10 * i,
    }),
  ).flat()
  const { stacks, access } = seen([said('refund them', 1_000), ...payments], ['event-0'])
  expect(stacks.stacks).toHaveLength(7)
  for (const { depth, frames, recipients } of stacks.stacks) {
    expect(depth).toBe(3)
    expect(frames.map(({ isRootCause }) => isRootCause)).toEqual([true, false, false])
    expect(recipients).toHaveLength(1)
  }
  expect(stacks.totals).toEqual(access.totals)
  expect(stacks.totals).toMatchObject({ acts: 7, records: 7, recipients: 7 })
})

test('V2 one payment that two tellers tell of is one stack, and who saw its record speaks for both', () => {
  const call = (atMs: number, id: string, result: Parameters<typeof called>[1]['result']) =>
    called('refund.create', { id, args: { payee: 'DE1' }, result, atMs })
  const lenses = drained({
    events: eventsOf([...call(1, 'a', NOT_CAPTURED), ...call(5, 'b', text({ refund_id: 'f1' }))]),
    stackOf: () => [],
    actOf: () => 'the one node of the graph',
    roots: new Set(),
  })
  expect(lenses.stacks.stacks).toMatchObject([{ keys: ['refund/f1'], recipients: ['DE1'] }])
  expect(lenses.stacks.totals).toMatchObject({ acts: 1, records: 1, recipients: 1, unread: 0 })
  expect(lensFaults(lenses)).toEqual([])
})

test('V3 both crossings of a run over two regions are listed, and an unknown legal basis reads so', () => {
  const api = (region: string, atMs: number): Act => ({
    atMs,
    body: {
      kind: 'api-call',
      plane: 'aws',
      principal: { plane: 'aws', id: 'arn:aws:iam::1:role/r', kind: 'role', via: [] },
      action: 's3:GetObject',
      resources: [`arn:aws:s3:::records/${atMs}`],
      decision: 'allowed',
      isReadOnly: true,
      region,
      request: NOT_CAPTURED,
      response: NOT_CAPTURED,
    },
  })
  const model: Act = {
    atMs: 2_000,
    body: {
      kind: 'model-call',
      operation: 'chat',
      finishReasons: [],
      usage: {},
      messages: 1,
      credentialScope: 'us-east-1/bedrock',
    },
  }
  const { trajectory } = seen([api('eu-west-1', 1_000), model, api('eu-west-1', 3_000)])
  const [run] = trajectory.executions
  expect(run?.crossings.map(({ from, to }) => [from, to])).toEqual([
    ['eu-west-1', 'us-east-1'],
    ['us-east-1', 'eu-west-1'],
  ])
  expect(run?.hops.every(({ legalBasis }) => legalBasis === 'not recorded')).toBe(true)
  expect(trajectory.totals).toMatchObject({ acts: 2, records: 2 })
})

test('V3 fields that speak of a person are named by their class', () => {
  const { trajectory } = seen(
    called('crm.query', {
      id: 'c',
      args: {},
      result: text([{ id: 1, emailAddress: 'a', total: 3, dob: 'b' }]),
      atMs: 1,
    }),
  )
  expect(trajectory.executions[0]?.hops[0]?.fields).toEqual([
    { field: 'emailAddress', class: 'contact' },
    { field: 'dob', class: 'identity' },
  ])
  expect(fieldClassOf('patient_name')).toBe('health')
  expect(fieldClassOf('quantity')).toBeUndefined()
})

test('V4 what was not captured is counted as such, and is never no record', () => {
  const { access, trajectory } = seen(called('crm.query', { id: 'c', args: {}, result: NOT_CAPTURED, atMs: 1 }))
  expect(access.lines).toMatchObject([{ record: 'not recorded', unread: 'its result is not-captured' }])
  expect([access.totals.unread, trajectory.totals.unread]).toEqual([1, 1])
})

test('V4 an answer without id and rows is no record, rows without ids are each one, and no JSON says so', () => {
  expect(recordsIn('{"status":"queued"}', 'mail').records).toEqual([])
  expect(recordsIn('[{"a":1},{"a":2}]', 'sql').records).toHaveLength(2)
  expect(recordsIn('{"id":7,"lines":[{"sku":"x"}]}', 'order').records.map(({ subject, id }) => [subject, id])).toEqual([
    ['order', '7'],
    ['lines', undefined],
  ])
  expect(recordsIn('hello', 'mail').unread).toContain('no JSON')
  expect(recipientsIn('{"to":["a@b","c@d"],"body":"x","deep":{"payee":"DE1"}}')).toEqual(['a@b', 'c@d', 'DE1'])
})

test('V4 records are found in whatever an answer wraps them, each once', () => {
  const rows = patients('p1', 'p2')
  const parts = [{ type: 'text', text: JSON.stringify({ rows }) }]
  const wrapped: readonly unknown[] = [
    { data: { patients: rows } },
    { content: parts, structuredContent: { rows } },
    { content: parts, isError: false },
    parts,
    JSON.stringify({ rows }),
    { body: JSON.stringify(rows) },
    { jsonrpc: '2.0', id: 1, result: { content: parts } },
    { data: { page: { edges: rows.map((node) => ({ node })) } } },
  ]
  for (const value of wrapped) {
    const { records, cut, unread } = recordsIn(JSON.stringify(value), 'chart.read')
    expect(records.map(({ subject, id }) => `${subject}/${id}`)).toEqual(['patient/p1', 'patient/p2'])
    expect([cut, unread]).toEqual([0, undefined])
  }
})

test('V4 what brought records that cannot be told apart says so, and an empty list brought none', () => {
  const unread = (value: unknown) => recordsIn(JSON.stringify(value), 'sql').unread
  expect(unread({ p1: { name: 'x' } })).toContain('no record can be told apart')
  expect(unread({ content: [{ type: 'text', text: 'hello' }] })).toContain('no JSON')
  expect(
    unread([
      { type: 'text', text: 'two rows:' },
      { type: 'text', text: '[{"id":1}]' },
    ]),
  ).toContain('part of it')
  let deep: unknown = [{ id: 1 }]
  for (let i = 0; i < 20; i++) deep = { data: deep }
  expect(unread(deep)).toContain('too deep')
  expect(unread({ rows: [] })).toBeUndefined()
})

test('V5 an act that brought no record is in all three, and records beyond a bound are counted in all three', () => {
  const call = (result: unknown) => called('sql', { id: 'c', args: {}, result: text(result), atMs: 1 })
  const none = seen(call({ rows: [] }))
  expect([none.access.totals.acts, none.stacks.totals.acts, none.trajectory.totals.acts]).toEqual([1, 1, 1])
  const many = seen(call(Array.from({ length: 10_004 }, (_, id) => ({ id }))))
  expect(many.access.totals).toMatchObject({ records: 10_000, cut: 4 })
  expect(many.access.lines[0]).toMatchObject({ cut: 4 })
  expect(lensFaults(many)).toEqual([])
})

test('V5 many large acts are bounded, and what is left out is counted', () => {
  const to = Array.from({ length: 100 }, (_, i) => `${i}${'x'.repeat(290)}`)
  const rows = Array.from({ length: 2_000 }, (_, id) => ({ id }))
  const whole = seen(
    Array.from({ length: 4 }, (_, i) =>
      called(`sql-${i}`, { id: `c${i}`, args: { to }, result: text(rows), atMs: i }),
    ).flat(),
  )
  const { lines, totals } = whole.access
  expect(lines.length).toBeLessThan(4_000)
  expect([totals.acts, totals.cut, whole.actsLeftOut]).toEqual([2, 4_000 - lines.length, 2])
  expect(lensFaults(whole)).toEqual([])
})

test('a region is read in three spellings and never guessed', () => {
  expect(regionIn('bedrock.eu-central-1.amazonaws.com')).toBe('eu-central-1')
  expect(regionIn('europe-west4-aiplatform.googleapis.com')).toBe('europe-west4')
  expect(regionIn('acme.westeurope.azure.example')).toBe('westeurope')
  expect(regionIn('api.openai.com')).toBeUndefined()
})

const acts = fc.array(
  fc.record({
    tool: fc.constantFrom('crm.query', 'export.write', 'mail'),
    trace: fc.constantFrom('a', 'b'),
    to: fc.constantFrom('x@y', 'bucket-1', ''),
    ids: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }),
    isCaptured: fc.boolean(),
    atMs: fc.nat(10_000),
  }),
  { maxLength: 12 },
)

const storyOf = (some: Parameters<typeof acts.map>[0] extends (value: infer T) => unknown ? T : never) =>
  some.flatMap(({ tool, trace, to, ids, isCaptured, atMs }, i) =>
    called(tool, {
      id: `c${i}`,
      trace,
      atMs,
      args: to === '' ? {} : { to },
      result: isCaptured ? text(ids.map((id) => ({ id }))) : NOT_CAPTURED,
    }),
  )

test('V5 the three lenses count the same records, recipients and times of any run', () => {
  fc.assert(
    fc.property(acts, (some) => {
      expect(lensFaults(seen(storyOf(some)))).toEqual([])
    }),
  )
})

test('V5 a lens that lost a record, a recipient or an act is named', () => {
  const whole = seen([
    ...called('crm.query', { id: 'c', args: { to: 'x@y' }, result: text([{ id: 1 }]), atMs: 1 }),
    ...called('mail', { id: 'd', args: { to: 'z@y' }, result: text([{ id: 2 }]), atMs: 9 }),
  ])
  expect(lensFaults(whole)).toEqual([])
  const { totals } = whole.stacks
  for (const [name, value] of [
    ['acts', 1],
    ['records', 1],
    ['recipients', 1],
    ['unread', 1],
    ['cut', 1],
    ['last', 'x'],
  ] as const) {
    const changed = { ...whole, stacks: { ...whole.stacks, totals: { ...totals, [name]: value } } }
    expect(lensFaults(changed).join()).toContain(`${name}: `)
  }
})
