import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { holdfastIn } from '../../testing/holdfast.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'
import { verifyBundle } from '../../verify/index.ts'

const DESK = 'k8s:test/shop/desk'
const HOSTED = 'host:bedrock 123456789012 eu-west-1/claims-agent'
/** Sixteen days of claimed time. */
const DAYS = 16

let folder = ''
let server: TestServer

const holdfast = (...args: readonly string[]) => holdfastIn(folder, args, server.env)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-diagnose-'))
  server = await startTestServer()
  writeFileSync(join(folder, 'desk.jsonl'), history())
  writeFileSync(join(folder, 'agent.json'), JSON.stringify(bedrockAgent()))
  expect(holdfast('import', 'desk.jsonl', 'agent.json', '--json').status).toBe(0)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

type Answered = {
  readonly id: string
  readonly verdict: string
  readonly evidence: readonly { readonly entries: readonly number[] }[]
  readonly missing: readonly string[]
}
type Diagnostic = {
  readonly agent: string
  readonly at: string
  readonly questions: readonly (Answered & { readonly question: string })[]
  readonly capabilities: readonly Answered[]
}

const verdictsOf = (answers: readonly Answered[]) => Object.fromEntries(answers.map(({ id, verdict }) => [id, verdict]))

test('REC-12 each answer is looked up, shows its log entries, and says no where nothing is recorded', async () => {
  await diagnosed(DESK, ({ questions }) => questions[1]?.verdict !== 'no')
  const asked = JSON.parse(holdfast('diagnose', '--agent', DESK, '--json').stdout) as Diagnostic // as the route documents
  expect(fieldFaults(asked, documentedFields('diagnose --json'))).toEqual([])
  expect(asked.questions.map(({ id }) => id)).toEqual(['Q1', 'Q2', 'Q3', 'Q4', 'Q5'])
  expect(asked.capabilities).toHaveLength(9)
  expect(verdictsOf(asked.questions)).toMatchObject({ Q1: 'partly', Q3: 'no', Q5: 'no' })
  expect(verdictsOf(asked.capabilities)).toMatchObject({ C1: 'partial', C4: 'missing', C6: 'missing', C7: 'missing' })
  for (const { verdict, evidence, missing } of [...asked.questions, ...asked.capabilities]) {
    if (verdict === 'yes' || verdict === 'covered')
      expect(evidence.some(({ entries }) => entries.length > 0)).toBe(true)
    else expect(missing.join('')).not.toBe('')
  }
  const before = await ask<Diagnostic>('GET', `/diagnostic?${queryOf(DESK)}&at=2026-08-01T00:00:00Z`)
  expect(before.questions[0]?.verdict).toBe('no')
  expect(holdfast('diagnose', '--agent', 'nobody').status).toBe(4)
})

test('an agent that a provider hosts reads constrained, with the API that gives no more', async () => {
  const hosted = await diagnosed(HOSTED, ({ capabilities }) => capabilities[0]?.verdict !== 'missing')
  expect(verdictsOf(hosted.capabilities)).toMatchObject({ C1: 'constrained', C3: 'constrained', C6: 'missing' })
  expect(hosted.capabilities[0]?.missing.join('; ')).toContain('bedrock:GetAgent')
})

test('a pack verifies without a server, and one altered byte is found', () => {
  expect(holdfast('diagnose', 'export', '--agent', DESK, '--out', 'pack.zip', '--json').status).toBe(0)
  const pack = join(folder, 'pack.zip')
  expect(verifyBundle(pack)).toMatchObject({ ok: true, facts: { about: { kind: 'diagnostic', agent: DESK } } })
  const bytes = readFileSync(pack)
  const place = Math.floor(bytes.length / 2)
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place)
  writeFileSync(pack, bytes)
  expect(verifyBundle(pack).ok).toBe(false)
})

test('audits are kept and compared, and held by themselves once somebody says how often', async () => {
  await ask('POST', '/diagnostic/audits', { agent: DESK, reason: 'first' })
  await ask('POST', '/diagnostic/schedule', { everyDays: 91, reason: 'quarterly' })
  type Audits = {
    readonly items: readonly { readonly recordedAt: string; readonly by?: string }[]
    readonly due: string
  }
  const own = await ask<Audits>('GET', `/diagnostic/audits?${queryOf(DESK)}`)
  expect(own).toMatchObject({ items: [{ reason: 'first', changes: [] }], schedule: { everyDays: 91 } })
  expect(Date.parse(own.due) - Date.parse(own.items[0]?.recordedAt ?? '')).toBe(91 * 86_400_000)
  const hosted = await ask<Audits>('GET', `/diagnostic/audits?${queryOf(HOSTED)}`)
  expect(hosted.items.map(({ by }) => by)).toEqual([undefined])
  expect(holdfast('diagnose', '--record').status).toBe(2)
})

test('REC-13 the scorecard is edited with a reason, and its history stays', async () => {
  const set = ['scorecard', 'set', 'cnapp', 'observe', 'None', '--reason', 'ours has no sensor', '--json']
  const changed = JSON.parse(holdfast(...set).stdout)
  expect(fieldFaults(changed, documentedFields('scorecard --json'))).toEqual([])
  expect(changed).toMatchObject({ history: [{ reason: 'ours has no sensor' }] })
  const body = { decision: { do: 'added', row: 'gateway', name: 'Egress gateway' }, reason: 'since May' }
  const card = await ask<{ readonly rows: readonly { readonly id: string }[] }>('POST', '/scorecard', body)
  expect(card.rows.map(({ id }) => id)).toEqual(['cspm', 'cnapp', 'cwpp', 'ebpf', 'cadr', 'gateway'])
  await expect(ask('POST', '/scorecard', body)).rejects.toThrow('409')
})

test('today is shown as far as it is, and is not signed', async () => {
  const day = new Date().toISOString().slice(0, 10)
  const today = await ask<object>('GET', `/attestations/${day}`)
  expect(today).toMatchObject({ isProvisional: true })
  expect(today).not.toHaveProperty('note')
  const listed = JSON.parse(holdfast('attest', 'list', '--json').stdout)
  expect(fieldFaults(listed, documentedFields('attest list --json'))).toEqual([])
})

const queryOf = (agent: string): string => new URLSearchParams({ agent }).toString()

/** What the API answers; throws the status of a refusal. */
async function ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const response = await fetch(`${server.ready.http}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as T // as the route documents
}

/** Once the projections have read what was imported. */
function diagnosed(agent: string, isThere: (diagnostic: Diagnostic) => boolean): Promise<Diagnostic> {
  return vi.waitFor(
    async () => {
      const diagnostic = await ask<Diagnostic>('GET', `/diagnostic?${queryOf(agent)}`)
      expect(isThere(diagnostic)).toBe(true)
      return diagnostic
    },
    { timeout: 90_000, interval: 200 },
  )
}

/** A desk that calls one model and two tools, a few times a day. */
function history(): string {
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
  const resource = {
    attributes: [
      text('service.name', 'desk'),
      text('k8s.cluster.name', 'test'),
      text('k8s.namespace.name', 'shop'),
      text('k8s.deployment.name', 'desk'),
    ],
  }
  const acts = [
    { name: 'chat', attributes: [text('gen_ai.operation.name', 'chat'), text('gen_ai.request.model', 'gpt-5-mini')] },
    ...['get_ticket', 'reply_ticket'].map((tool) => ({
      name: `execute_tool ${tool}`,
      attributes: [text('gen_ai.operation.name', 'execute_tool'), text('gen_ai.tool.name', tool)],
    })),
  ]
  const lines = Array.from({ length: DAYS * 3 }, (_, i) => {
    const start = BigInt(Date.UTC(2026, 8, 1 + Math.floor(i / 3), 9 + (i % 3))) * 1_000_000n
    const spans = acts.map((act, j) => ({
      ...act,
      traceId: (i + 1).toString(16).padStart(32, '0'),
      spanId: (i * 10 + j + 1).toString(16).padStart(16, '0'),
      ...(j === 0 ? {} : { parentSpanId: (i * 10 + 1).toString(16).padStart(16, '0') }),
      kind: 1,
      startTimeUnixNano: String(start + BigInt(j) * 1_000_000_000n),
      endTimeUnixNano: String(start + BigInt(j + 1) * 1_000_000_000n),
    }))
    return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })
  })
  return `${[JSON.stringify({ holdfastHistory: 1, clock: 'simulated', tool: 'a test' }), ...lines].join('\n')}\n`
}

/** What the provider's API answers of an agent that it runs. */
function bedrockAgent(): object {
  return {
    agent: {
      agentArn: 'arn:aws:bedrock:eu-west-1:123456789012:agent/ABCDEFGHIJ',
      agentName: 'claims-agent',
      agentVersion: '3',
      foundationModel: 'anthropic.claude-sonnet-4',
      instruction: 'Answer questions on claims.',
      agentResourceRoleArn: 'arn:aws:iam::123456789012:role/claims',
    },
  }
}
