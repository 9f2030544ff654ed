import type { Answer } from '@holdfast/api'
import type { ControlRecord } from '@holdfast/model'
import { LogReader } from '@holdfast/recorder'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { otlpLine, type SimulatedSpan, toolSpan } from '../histories/otlp-line.ts'
import { seededRandom } from '../histories/random.ts'
import { castOf } from './cast.ts'
import { GUIDELINE_AGENT, guidelineHistory, INDEX } from './guideline-contamination/history.ts'
import { guidelineText, RISEN, RISEN_VERSION } from './guideline-contamination/guidelines.ts'
import { startOwnHoldfast } from './holdfast.ts'
import { historyHeader } from './quiet-days.ts'

/** Eight weeks of suggestions, enough of them to see a share rise: on the 15th day a guideline is weighted anew; after them somebody asks and complains. */
const T0 = Date.parse('2026-03-02T08:00:00Z')
const DAY_MS = 86_400_000
const REWEIGHTED = new Date(Math.floor(T0 / DAY_MS) * DAY_MS - 42 * DAY_MS + 3_600_000).toISOString().slice(0, 10)
const cast = castOf('guideline-contamination', 'f5')
const past = { t0: T0, cast, executions: 12, seed: 11 }
const AGENT = `k8s:${cast.cluster}/clinic/guideline-agent`
const STAGING = `k8s:${cast.cluster}/clinic-staging/guideline-agent`

let holdfast: Awaited<ReturnType<typeof startOwnHoldfast>>
let incident = ''

beforeAll(async () => {
  holdfast = await startOwnHoldfast({ sensor: false })
  await imported('guidelines.jsonl', [...guidelineHistory(past), asked(), declared()])
  await imported('staging.jsonl', [historyHeader('staging'), staging(1, ['guideline.search'])])
  await until(async () => (await call('GET', '/conversations/case-2291')).ok)
  const reported = await post<Answer<'reportIncident'>>('/incident-reports', {
    agent: AGENT,
    conversation: 'case-2291',
    type: 'reasoning-compromise',
    reason: 'option B is suggested to almost everybody',
  })
  incident = reported.incident
  await until(async () =>
    (await get<Answer<'listIncidents'>>('/incidents?outcome=all')).items.some(({ id }) => id === incident),
  )
}, 240_000)

afterAll(() => holdfast[Symbol.asyncDispose]())

test('F5 the profile is tainted from the day of the new weight on, and is not restored, marked or not', async () => {
  const before = await get<Answer<'getRecovery'>>(`/incidents/${incident}/recovery`)
  expect(before.since.slice(0, 10)).toBe(REWEIGHTED)
  const own = before.agents.find(({ agent }) => agent === AGENT)
  expect(own?.restore).toMatchObject({
    allowed: false,
    why: expect.stringContaining('rebuild it from clean staging') as string,
  })
  expect(own?.mode).toBeUndefined()

  await post(`/incidents/${incident}/case`, { do: 'open' })
  const unmarked = await refused(`/agents/${encodeURIComponent(AGENT)}/baseline/restore`, {
    at: new Date(T0).toISOString(),
  })
  expect(unmarked).toContain('is contaminated from')
  const marked = await post<Answer<'markContaminated'>>(`/incidents/${incident}/recovery`, {
    reason: 'G-12 was re-weighted',
  })
  expect(marked.agents.find(({ agent }) => agent === AGENT)?.contaminated?.since).toBe(before.since)
  expect(
    await refused(`/agents/${encodeURIComponent(AGENT)}/baseline/restore`, { at: new Date(T0).toISOString() }),
  ).toContain(`contaminated from ${before.since}`)
  const refusals = controls('operator-action').filter(
    (one) => one.kind === 'operator-action' && one.outcome === 'refused',
  )
  expect(refusals).toHaveLength(2)
})

test('F5 a rebuild waits for the parity gate, which names what is missing, and the agent comes back in monitoring', async () => {
  const rebuild = `/agents/${encodeURIComponent(AGENT)}/baseline/rebuild`
  const at = new Date(T0 + DAY_MS).toISOString()
  expect(await refused(rebuild, { staging: STAGING, at })).toContain('tool finding.read')
  await imported('staging-2.jsonl', [historyHeader('staging'), staging(2, ['guideline.search', 'finding.read'])])
  await until(
    async () =>
      (
        await get<Answer<'getParity'>>(
          `/agents/${encodeURIComponent(AGENT)}/parity?staging=${encodeURIComponent(STAGING)}`,
        )
      ).passed,
  )
  const version = await post<Answer<'rebuildBaseline'>>(rebuild, { staging: STAGING, at, reason: 'clean staging' })
  expect(version).toMatchObject({ origin: 'clean-staging', mode: 'monitoring' })
  await imported('after.jsonl', [historyHeader('after'), watched()])
  await until(async () => (await recovering()).monitoredHours !== undefined)
  await until(async () => ((await recovering()).monitoredHours ?? 0) > 0)
  const back = await recovering()
  expect(back).toMatchObject({
    mode: { mode: 'monitoring' },
    staging: { agent: STAGING, parity: 'passed' },
    monitoredHours: 30,
    recurrences: 0,
    contaminated: { until: new Date(T0 + DAY_MS).toISOString().replace('.000', '') },
  })
  // What it observes from here on may be brought back; what it observed before may not.
  expect(back.restore).toEqual({ allowed: true, why: 'it saw no incident' })
  const restore = `/agents/${encodeURIComponent(AGENT)}/baseline/restore`
  expect(await refused(restore, { at: new Date(T0).toISOString() })).toContain('is contaminated from')
  const baseline = await get<Answer<'getBaseline'>>(`/agents/${encodeURIComponent(AGENT)}/baseline`)
  expect(baseline.mode?.mode).toBe('monitoring')
  expect(baseline.firstDay).toBe(new Date(T0 + 2 * DAY_MS).toISOString().slice(0, 10))
})

test('IR-18 the figures of the cases equal those of a second way to count them, from the records alone', async () => {
  await post(`/incidents/${incident}/case`, { do: 'classify', type: 'reasoning-compromise', reason: 'the guideline' })
  await post(`/incidents/${incident}/case`, {
    do: 'classify',
    type: 'privilege-boundary-escape',
    reason: 'the contributor',
  })
  await post(`/incidents/${incident}/case`, { do: 'close', resolution: 'false-positive', reason: 'a test' })
  const metrics = await get<Answer<'getResponseMetrics'>>('/response-metrics')
  const steps = stepsOf('case-step')
  const of = (kind: string) => steps.filter(({ deed }) => deed['kind'] === kind)
  const graphAt = BigInt(String(of('opened')[0]?.deed['graphAt']))
  const ms = (at: bigint | undefined): number => Number(((at ?? 0n) - graphAt) / 1_000_000n)
  const [first, last] = [of('classified')[0], of('classified').at(-1)]
  expect(metrics.classification).toEqual({
    classified: 1,
    open: 0,
    p50Ms: ms(first?.at),
    p95Ms: ms(first?.at),
    finalP50Ms: ms(last?.at),
    reclassified: { of: 1, from: 1, share: 1 },
  })
  expect(metrics.cases).toBe(of('opened').length)
  expect(metrics.stages.find(({ stage }) => stage === 'closed')?.p50Ms).toBe(ms(of('closed')[0]?.at))
  // Nothing was contained, and a false alarm that changed no threshold is no refinement.
  expect(metrics.chainCompleteness).toEqual({ of: 0, from: of('action').length })
  expect(metrics.refinementApplied).toEqual({ of: 0, from: 0 })
})

async function recovering() {
  const { agents } = await get<Answer<'getRecovery'>>(`/incidents/${incident}/recovery`)
  const own = agents.find(({ agent }) => agent === AGENT)
  if (own === undefined) throw new Error('the agent is not of its incident')
  return own
}

/** The question that somebody complained about: the guideline that rose is what it was answered from. */
function asked(): string {
  const document = {
    id: RISEN,
    uri: `guideline://${RISEN}`,
    version: RISEN_VERSION,
    content: guidelineText(RISEN),
    score: 0.9,
  }
  return line('clinic', T0, [
    {
      name: `retrieval ${INDEX}`,
      attributes: {
        'gen_ai.conversation.id': 'case-2291',
        'gen_ai.operation.name': 'retrieval',
        'gen_ai.data_source.id': INDEX,
        'holdfast.retrieval.documents': JSON.stringify([document]),
      },
      after: 0,
      seconds: 0.2,
    },
  ])
}

/** A day and six hours after it came back. */
function watched(): string {
  return line('clinic', T0 + 2 * DAY_MS + 6 * 3_600_000, [
    toolSpan('guideline.search', { query: 'stable findings' }, 0),
  ])
}

function staging(day: number, tools: readonly string[]): string {
  return line(
    'clinic-staging',
    T0 + day * 3_600_000,
    tools.map((tool, i) => toolSpan(tool, { query: 'synthetic' }, i)),
  )
}

function line(namespace: string, at: number, spans: readonly SimulatedSpan[]): string {
  const agent = { cluster: cast.cluster, namespace, deployment: GUIDELINE_AGENT.deployment }
  return otlpLine(agent, { pod: 'one', executions: [{ at, spans }], random: seededRandom(at) })
}

function declared(): string {
  const content = { name: 'guideline-agent', model: 'gpt-5-mini', tools: ['guideline.search', 'finding.read'] }
  return JSON.stringify({
    holdfastDeclared: { document: 'agent.json', agent: AGENT, at: new Date(T0 - DAY_MS).toISOString(), content },
  })
}

async function imported(name: string, lines: readonly string[]): Promise<void> {
  const response = await call('POST', `/import?name=${name}`, `${lines.join('\n')}\n`, 'application/octet-stream')
  const result = (await response.json()) as { readonly rejected: number }
  if (!response.ok || result.rejected > 0) throw new Error(`${name}: ${JSON.stringify(result).slice(0, 400)}`)
}

async function get<T>(path: string): Promise<T> {
  const response = await call('GET', path)
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return (await response.json()) as T // the route's own answer
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await call('POST', path, JSON.stringify(body))
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return (await response.json()) as T // the route's own answer
}

async function refused(path: string, body: object): Promise<string> {
  const response = await call('POST', path, JSON.stringify({ reason: 'a test', ...body }))
  expect(response.status).toBe(409)
  return await response.text()
}

function call(method: string, path: string, body?: string, type = 'application/json'): Promise<Response> {
  return fetch(`${holdfast.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${holdfast.token}`, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body }),
  })
}

/** Waits on a condition, as long as the test may take. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}

function controls(kind: ControlRecord['kind']): readonly ControlRecord[] {
  using reader = LogReader.open({ folder: holdfast.folder })
  return reader.controls(kind).map(({ record }) => record)
}

function stepsOf(
  kind: 'case-step',
): readonly { readonly deed: Readonly<Record<string, unknown>>; readonly at: bigint }[] {
  using reader = LogReader.open({ folder: holdfast.folder })
  return reader
    .controls(kind)
    .flatMap(({ record, recordedAt }) => (record.kind === 'case-step' ? [{ deed: record.deed, at: recordedAt }] : []))
}
