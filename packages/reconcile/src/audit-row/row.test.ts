import { canonicalJson, type AuditLayer, type AuditRowBody, type EventBody } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { auditRow, entriesOfRow, judgedEvents, withViolations } from './row.ts'
import { OMITTED, RowStory, text } from './testing/row-story.ts'

const ENDS = {
  protocol: 'tcp',
  local: { address: '10.0.0.1', port: 5000 },
  remote: { address: '203.0.113.9', port: 443 },
} as const
const CALL = (messages: number): EventBody => ({
  kind: 'model-call',
  operation: 'chat',
  provider: 'openai',
  requestModel: 'gpt-5-mini',
  endpoint: 'api.example.test',
  finishReasons: [],
  usage: { inputTokens: 12 },
  messages,
})

/** A ticket sets off a model call that asks for an export, which opens a connection that the kernel sees. */
function exportStory(
  parts: { readonly tools?: boolean; readonly kernel?: boolean; readonly prompts?: boolean } = {},
): RowStory {
  const { tools = true, kernel = true, prompts = true } = parts
  const story = new RowStory().tell(
    { span: 1 },
    {
      call: CALL(1),
      ...(prompts
        ? { 'in.0': { kind: 'prompt', role: 'user', ordinal: 0, content: text('please handle ticket TCK-8841') } }
        : {}),
      ...(prompts
        ? {
            'out.0': {
              kind: 'model-output',
              ordinal: 0,
              part: 'tool-request',
              content: text('{"name":"all"}'),
              toolName: 'export.write',
              callId: 'call_1',
            },
          }
        : {}),
      id: { kind: 'identity', principal: 'role/desk', principalKind: 'role', statedBy: 'test' },
    },
  )
  if (tools)
    story.tell(
      { span: 2, parent: 1 },
      {
        'tool.call': {
          kind: 'tool-call',
          toolName: 'export.write',
          callId: 'call_1',
          arguments: text('{"name":"all"}'),
        },
        'tool.result': {
          kind: 'tool-result',
          toolName: 'export.write',
          callId: 'call_1',
          result: text('{"records":2400}'),
        },
        socket: { kind: 'socket', ...ENDS, pid: 7 },
      },
    )
  if (kernel)
    story
      .tell(
        { tier: 'kernel', process: 'b.7.70' },
        {
          exec: {
            kind: 'process',
            action: 'exec',
            binary: '/usr/bin/node',
            arguments: text('node desk.js'),
            uid: 1,
            result: 0,
          },
        },
      )
      .tell(
        { tier: 'kernel', process: 'b.7.70' },
        { connect: { kind: 'connection', action: 'connect', ...ENDS, socket: '9', result: 0 } },
      )
      .tell(
        { tier: 'kernel', process: 'b.7.70' },
        { close: { kind: 'connection', action: 'close', ...ENDS, socket: '9', bytesSent: 9_600_000, result: 0 } },
      )
  return story
}

test('ties kernel, egress, tools and prompt to the input that set them off', () => {
  const row = auditRow(exportStory().facts('connect'))
  expect(row.layers.map(({ layer, state }) => `${layer} ${state}`)).toEqual([
    'prompt complete',
    'tools complete',
    'egress complete',
    'kernel complete',
  ])
  expect(row.coverage).toEqual({ filled: 4, expected: 4, share: 1 })
  expect(row.trigger).toMatchObject({ what: 'please handle ticket TCK-8841' })
  expect(row.trigger?.bases).toContain('socket')
  expect(row.trigger?.bases).not.toContain('content')
  // A join that is inferred says so.
  for (const { basis, isProven } of row.joins)
    expect(isProven).toBe(['trace', 'call-id', 'socket', 'lineage'].includes(basis))
  expect(row.identities).toMatchObject([{ principal: 'role/desk', tier: 'self-reported' }])
  const sent = row.items.find(({ kind, tier }) => kind === 'connection' && tier === 'kernel')
  expect(sent?.facts).toMatchObject({ remote: '203.0.113.9:443', bytesSent: 9_600_000 })
  // What is caused stands behind its cause.
  const places = new Map(row.items.map(({ id }, at) => [id, at]))
  for (const { from, to, basis } of row.joins)
    if (basis !== 'temporal') expect(places.get(from)).toBeLessThan(places.get(to) ?? -1)
})

test('gives the same bytes in whatever order the events arrived', () => {
  const story = exportStory()
  const expected = canonicalJson(auditRow(story.facts('connect')))
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
      const random = (): number => Number(numbers.next().value ?? 0)
      const arrival = <T>(all: T[]): T[] =>
        all
          .map((one) => [random(), one] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, one]) => one)
      expect(canonicalJson(auditRow(story.facts('connect', { arrival })))).toBe(expected)
    }),
    { numRuns: 50 },
  )
})

test('MGD-2: without tool telemetry the layer of a hosted agent is constrained, and nothing inferred fills it', () => {
  const hostedBy = { platform: 'Amazon Bedrock', api: 'bedrock-agent:GetAgent', entry: 3 }
  const row = auditRow(exportStory({ tools: false, kernel: false }).facts('out.0', { hostedBy }))
  expect(layer(row, 'tools')).toMatchObject({ state: 'constrained', items: [], entries: [] })
  expect(layer(row, 'tools').reason).toContain('Amazon Bedrock')
  expect(layer(row, 'kernel')).toMatchObject({ state: 'constrained', items: [] })
  expect(layer(row, 'prompt').state).toBe('complete')
  expect(row.coverage).toEqual({ filled: 1, expected: 4, share: 0.25 })
  // What the model asked for is shown as that.
  expect(row.items.some(({ kind }) => kind === 'tool')).toBe(true)
})

test('an agent that is not hosted has an absent layer there, which could be filled', () => {
  const row = auditRow(exportStory({ tools: false, kernel: false }).facts('out.0'))
  expect(layer(row, 'tools')).toMatchObject({ state: 'absent', items: [] })
  expect(layer(row, 'tools').reason).toContain('nothing recorded that one ran')
  expect(layer(row, 'kernel').state).toBe('absent')
  // A sensor may have watched it all the same: what it saw stands under no act of this row.
  expect(layer(row, 'kernel').reason).toMatch(/^no record of a sensor is of its acts: none watched it, or it hands /)
  // That nothing left is not what it says: a sensor may have told of what no act is joined to.
  expect(layer(row, 'egress')).toMatchObject({ state: 'absent', reason: expect.stringContaining('joined to its acts') })
})

test('MGD-4: the inference of a vendor ends the row at its envelope, linked to the acting tool call', () => {
  const story = exportStory({ kernel: false }).tell(
    { span: 3, parent: 2 },
    { vendor: { ...CALL(0), endpoint: 'llm.vendor.test', credentialScope: 'acme' } as EventBody },
  )
  const row = auditRow(story.facts('vendor'))
  const tool = row.items.find(({ kind }) => kind === 'tool')
  expect(row.shortened).toMatchObject([
    {
      envelope: { endpoint: 'llm.vendor.test', credentialScope: 'acme', requestModel: 'gpt-5-mini' },
      actingTool: tool?.id,
    },
  ])
  expect(row.shortened[0]?.reason).toContain('llm.vendor.test')
  expect(layer(row, 'prompt').state).toBe('partial')
  expect(layer(row, 'prompt').reason).toContain('ends at the envelope')
})

test('a call without any text, by nobody else, is an absent prompt and shortened all the same', () => {
  const row = auditRow(exportStory({ prompts: false }).facts('connect'))
  expect(layer(row, 'prompt')).toMatchObject({ state: 'absent', items: [] })
})

test('says what an instrumentation left out, and does not call it empty', () => {
  const story = new RowStory().tell(
    { span: 1 },
    { call: CALL(1), 'in.0': { kind: 'prompt', role: 'user', ordinal: 0, content: OMITTED } },
  )
  const row = auditRow(story.facts('call'))
  expect(layer(row, 'prompt')).toMatchObject({
    state: 'absent',
    reason: expect.stringContaining('instrumentation-omits'),
  })
})

test('what the kernel saw and nothing joins stays out, and is counted', () => {
  const story = exportStory({ kernel: false }).tell(
    { tier: 'kernel', process: 'b.8.80', apart: true },
    { exec: { kind: 'process', action: 'exec', binary: '/bin/sh', arguments: text('sh'), uid: 1, result: 0 } },
  )
  const row = auditRow(story.facts('tool.call'))
  expect(layer(row, 'kernel')).toMatchObject({ state: 'absent', items: [] })
  expect(layer(row, 'kernel').reason).toContain('none is joined')
})

test('a gap of the stream makes what was seen partial', () => {
  const gaps = [{ entry: 77, reason: 'lost-in-sensor', detail: '12 records' }]
  const row = auditRow(exportStory().facts('connect', { gaps }))
  expect(layer(row, 'kernel').state).toBe('partial')
  expect(entriesOfRow(row)).toContain(77)
})

test('names every entry that it speaks of, ascending and once', () => {
  const row = auditRow(exportStory().facts('connect'))
  const spoken = row.items.flatMap(({ events }) => events.map(({ entry }) => entry))
  expect(entriesOfRow(row)).toEqual([...new Set(spoken)].toSorted((a, b) => a - b))
})

test('is about a violation where its own act broke a line', () => {
  const row = auditRow(exportStory().facts('connect'))
  const [judged] = judgedEvents(row).filter(({ id }) => id.endsWith('.connect'))
  const violation = {
    event: judged?.id ?? '',
    entry: judged?.entry ?? 0,
    artifact: 'f'.repeat(64),
    kind: 'network-policy',
    pointer: '/spec/egress',
    what: 'denied 203.0.113.9:443',
    mode: 'monitor',
    profileDigest: 'd'.repeat(64),
  } as const
  const violated = withViolations(row, [violation])
  expect(violated.about).toMatchObject({ kind: 'violation', words: 'connect: denied 203.0.113.9:443' })
  expect(violated.violations).toEqual([violation])
  expect(row.about.kind).toBe('event')
})

function layer(row: AuditRowBody, name: AuditLayer): AuditRowBody['layers'][number] {
  const found = row.layers.find((one) => one.layer === name)
  if (found === undefined) throw new Error(`the row has no layer ${name}`)
  return found
}
