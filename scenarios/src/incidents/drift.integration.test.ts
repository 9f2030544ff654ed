import type { Answer, DriftChangeWire } from '@holdfast/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { otlpLine, type SimulatedSpan } from '../histories/otlp-line.ts'
import { seededRandom } from '../histories/random.ts'
import { castOf } from './cast.ts'
import { ask, startOwnHoldfast } from './holdfast.ts'
import { quietExecution } from './quiet-execution.ts'
import { historyHeader } from './quiet-days.ts'
import { ticketAgentHistory, TICKET_AGENT } from './sanctioned-bucket/history.ts'

/** Six weeks of the ticket desk before each story; every story is a cluster of its own on one server. */
const T0 = Date.parse('2026-03-02T14:05:00Z')
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

let holdfast: Awaited<ReturnType<typeof startOwnHoldfast>>

beforeAll(async () => {
  holdfast = await startOwnHoldfast({ sensor: false })
  const stories = ['attack', 'timed', 'rollout'].flatMap((name) => {
    const past = { t0: T0, cast: castOf('sanctioned-bucket', name), executions: 7, seed: 1 }
    const [, ...lines] = ticketAgentHistory(past, (at) =>
      name === 'rollout' && at > T0 - 2 * DAY_MS ? NEW_MODEL : 'gpt-5-mini',
    )
    return [...lines, ...(TOLD[name]?.(agentOf(name)) ?? [])]
  })
  const response = await fetch(`${holdfast.url}/api/v1/import?name=drift.jsonl`, {
    method: 'POST',
    headers: { authorization: `Bearer ${holdfast.token}`, 'content-type': 'application/octet-stream' },
    body: `${[historyHeader('drift'), ...stories].join('\n')}\n`,
  })
  expect(await response.json()).toMatchObject({ rejected: 0 })
  await until(async () => (await ask<Answer<'getIntegrity'>>(holdfast, '/integrity')).projection.lag === 0)
}, 240_000)

afterAll(() => holdfast[Symbol.asyncDispose]())

test('F1 the attack is 0 0 0 on the risky side, and no change of the quiet weeks stands beside it', async () => {
  const drift = await driftOf('attack')
  expect(drift.evolution).toEqual([])
  expect(drift.risky.length).toBeGreaterThan(0)
  expect(new Set(drift.risky.map(({ at }) => at.slice(0, 10)))).toEqual(new Set(['2026-03-02']))
  expect(drift.risky.map(rowOf)).toContain('000')
  expect(drift.risky.some(({ severity }) => severity === 'high')).toBe(true)
})

test('REC-4 five minutes after an approved rollout the attack is as risky', async () => {
  const drift = await driftOf('timed')
  expect(drift.risky.filter(({ severity }) => severity === 'high').length).toBeGreaterThan(0)
  expect(drift.evolution).toEqual([])
})

test('F9 all that a rollout brought is evolution, each change linked to its event and to who approved it', async () => {
  const drift = await driftOf('rollout')
  expect(drift.risky).toEqual([])
  expect(drift.evolution.map(({ subject, change }) => [subject, change?.changeId, change?.approver])).toEqual([
    ['tool', 'REL-503', 'k.osei'],
    ['model', 'REL-501', 'k.osei'],
  ])
  for (const { change } of drift.evolution)
    expect(await ask(holdfast, `/events/${encodeURIComponent(change?.event ?? '')}`)).toMatchObject({ kind: 'change' })
})

test('a person’s verdict is kept, moves the change, and can be taken back', async () => {
  const [first] = (await driftOf('attack')).risky
  const say = async (verdict: string): Promise<void> => {
    const path = `/agents/${encodeURIComponent(agentOf('attack'))}/drift/${first?.id}/verdict`
    const response = await fetch(`${holdfast.url}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${holdfast.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ verdict, reason: 'ordered by the owner' }),
    })
    expect(response.status).toBe(200)
  }
  await say('evolution')
  const moved = async (): Promise<DriftChangeWire | undefined> =>
    (await driftOf('attack')).evolution.find(({ id }) => id === first?.id)
  await until(async () => (await moved()) !== undefined)
  expect(await moved()).toMatchObject({
    verdict: first?.verdict,
    standing: 'accepted',
    decision: { verdict: 'evolution', by: 'token', reason: 'ordered by the owner' },
  })
  await say('withdrawn')
  await until(async () => (await moved()) === undefined)
})

test('REC-9 the stream of signals holds risky changes, and no event that a finding holds', async () => {
  const signals = async () => ask<Answer<'listDriftSignals'>>(holdfast, '/drift-signals')
  await until(async () => {
    const { items } = await signals()
    return items.some(({ agent }) => agent === agentOf('attack')) || (await incidentsOf('attack')).length > 0
  })
  const { items } = await signals()
  const held = new Set((await incidentsOf('attack')).flatMap(({ conversations }) => conversations))
  const open = new Map(items.map((item) => [item.signal, item]))
  for (const { state, events, executions } of open.values()) {
    if (state === 'in-incident') expect(events).toEqual([])
    else if (state !== 'closed') expect(executions.filter((one) => held.has(one))).toEqual([])
  }
})

const NEW_MODEL = 'gpt-5.1-mini'
const agentOf = (name: string): string =>
  `k8s:${castOf('sanctioned-bucket', name).cluster}/${TICKET_AGENT.namespace}/${TICKET_AGENT.deployment}`
const rowOf = ({ signals: { deployment, continuity, bounds } }: DriftChangeWire): string =>
  [deployment, continuity, bounds].map(({ holds }) => (holds ? '1' : '0')).join('')

async function driftOf(name: string): Promise<Answer<'getDrift'>> {
  return ask(holdfast, `/agents/${encodeURIComponent(agentOf(name))}/drift`)
}

async function incidentsOf(name: string): Promise<Answer<'listIncidents'>['items']> {
  return (
    await ask<Answer<'listIncidents'>>(holdfast, `/incidents?outcome=all&agent=${encodeURIComponent(agentOf(name))}`)
  ).items
}

const TOLD: Readonly<Record<string, (agent: string) => readonly string[]>> = {
  attack: () => [exported('attack')],
  timed: (agent) => [
    change(agent, { at: T0 - 5 * MINUTE_MS, change: 'deploy', subject: 'ticket-agent', to: 'revision 8' }),
    exported('timed'),
  ],
  rollout: (agent) => [
    change(agent, {
      at: T0 - 49 * 3_600_000,
      change: 'model',
      subject: 'chat model',
      from: 'gpt-5-mini',
      to: NEW_MODEL,
      changeId: 'REL-501',
    }),
    change(agent, {
      at: T0 - 2 * 3_600_000,
      change: 'tool-catalogue',
      subject: 'desk-server',
      to: 'order.status',
      changeId: 'REL-503',
    }),
    execution(
      'rollout',
      (call) => {
        call('ticket.read', { id: 'TCK-8850' }, 'helpdesk.example.test')
        call('order.status', { order: '5531' }, 'helpdesk.example.test')
      },
      NEW_MODEL,
    ),
  ],
}

/** The export of all customers that a ticket ordered. */
function exported(name: string): string {
  return execution(name, (call) => {
    call('ticket.read', { id: 'TCK-8841' }, 'helpdesk.example.test')
    for (let page = 1; page <= 24; page += 1) call('crm.query', { segment: 'all', page }, 'crm.example.test', 100)
    call('export.write', { bucket: 'acme-exports', name: 'partner-migration', pages: 24 }, 'acme-exports.example.test')
  })
}

type Call = (tool: string, given: object, host: string, rows?: number) => void

function execution(name: string, act: (call: Call) => void, model = 'gpt-5-mini'): string {
  const random = seededRandom(7)
  const { spans, call } = quietExecution(model, random)
  act((tool, given, host, rows) => {
    call(tool, given, host)
    const at = spans.length - 3
    const span = spans[at]
    if (rows !== undefined && span !== undefined)
      (spans as SimulatedSpan[])[at] = {
        ...span,
        attributes: {
          ...span.attributes,
          'gen_ai.tool.call.result': JSON.stringify(Array.from({ length: rows }, () => 0)),
        },
      }
  })
  const { cluster } = castOf('sanctioned-bucket', name)
  const agent = { cluster, namespace: TICKET_AGENT.namespace, deployment: TICKET_AGENT.deployment }
  return otlpLine(agent, { pod: 'one', executions: [{ at: T0, spans }], random: seededRandom(name.length) })
}

function change(
  agent: string,
  { at, ...more }: { readonly at: number } & Readonly<Record<string, string | number>>,
): string {
  return JSON.stringify({
    holdfastChange: { agent, at: new Date(at).toISOString(), author: 'd.lang', approver: 'k.osei', ...more },
  })
}

/** Waits on a condition, as long as the test may take. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}
