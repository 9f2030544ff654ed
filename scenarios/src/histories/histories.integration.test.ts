import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHoldfast, type Holdfast } from '../testing/holdfast.ts'
import { HISTORIES, type HistoryOptions } from './histories.ts'

/** What this test reads of `baseline show --json` and of `baseline entries --json`. */
type Day = {
  readonly date: string
  readonly observations: number
  readonly entries: number
  readonly fresh: number
  readonly novelty: number
  readonly distance: number
  readonly spread?: number
  readonly within: boolean
  readonly run: number
}
type Baseline = {
  readonly agent: string
  readonly status: string
  readonly since?: string
  readonly firstDay?: string
  readonly verdict: string
  readonly dimensions: readonly { readonly dimension: string; readonly days: readonly Day[] }[]
  readonly churn: { readonly restarts: number }
  readonly marks: readonly { readonly state: string }[]
  readonly track: { readonly track: number }
}
type Entry = { readonly state: string; readonly recency: number }

/** Six weeks of two agents, and two weeks of a third with and without churn: 50,000 spans, imported as an operator would. */
const TOLD: Readonly<Record<string, HistoryOptions>> = {
  'stable-desk': { seed: 7, days: 42, executions: 80 },
  'code-runner': { seed: 7, days: 42, executions: 120 },
  'autoscale-churn': { seed: 7, days: 14, executions: 80 },
  'autoscale-control': { seed: 7, days: 14, executions: 80 },
}
const folder = mkdtempSync(join(tmpdir(), 'holdfast-histories-'))
let holdfast: Holdfast

beforeAll(async () => {
  const paths = HISTORIES.map((history) => {
    const path = join(folder, `${history.name}.jsonl`)
    const options = TOLD[history.name]
    if (options === undefined) throw new Error(`no options for ${history.name}`)
    writeFileSync(path, `${[...history.lines(options)].join('\n')}\n`)
    return path
  })
  holdfast = await startHoldfast({ sensor: false })
  const imported = await holdfast.command('import', ...paths, '--json')
  expect(JSON.parse(imported.report)).toMatchObject({ rejected: 0, duplicates: 0 })
  expect(imported.code).toBe(0)
}, 300_000)

afterAll(async () => {
  await holdfast[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const baselineOf = async (name: string) =>
  JSON.parse((await holdfast.command('baseline', 'show', name, '--json')).report) as Baseline
const DAY_MS = 86_400_000
const dayNumber = (baseline: Baseline) =>
  (Date.parse(baseline.since ?? '') - Date.parse(baseline.firstDay ?? '')) / DAY_MS + 1

test('OBS-2 a stable agent converges between its 14th and 28th day, its spread falls, and the simulation is labelled', async () => {
  const baseline = await baselineOf('stable-desk')
  expect(baseline).toMatchObject({ class: 'support', converged: true, status: 'converged', clocks: ['simulated'] })
  expect(dayNumber(baseline)).toBeGreaterThanOrEqual(14)
  expect(dayNumber(baseline)).toBeLessThanOrEqual(28)
  expect(baseline.dimensions.map(({ dimension }) => dimension)).toEqual([
    'tool',
    'tool-arguments',
    'tool-order',
    'destination',
    'model',
  ])
  for (const { dimension, days } of baseline.dimensions) {
    expect(days.length, dimension).toBe(42)
    expect(days.at(-1)?.spread, dimension).toBeLessThan((days[6]?.spread ?? 0) / 10)
  }
})

test('OBS-2 the CSV holds the numbers of the JSON', async () => {
  const baseline = await baselineOf('stable-desk')
  const csv = (await holdfast.command('baseline', 'show', 'stable-desk', '-o', 'csv')).report.trim().split('\r\n')
  expect(csv[0]).toBe('dimension,date,observations,entries,fresh,novelty,distance,spread,within,run')
  const expected = baseline.dimensions.flatMap(({ dimension, days }) =>
    days.map(({ date, observations, entries, fresh, novelty, distance, spread, within, run }) =>
      [dimension, date, observations, entries, fresh, novelty, distance, spread ?? '', within, run].join(','),
    ),
  )
  expect(csv.slice(1)).toEqual(expected)
})

test('OBS-3 a code agent whose destinations never settle ends non-convergent on day 28, and its entries age out', async () => {
  const baseline = await baselineOf('code-runner')
  expect(baseline).toMatchObject({ class: 'code-execution', converged: false, status: 'non-convergent' })
  expect(dayNumber(baseline)).toBe(28)
  expect(baseline.verdict).toContain('entries age with a half-life of 7 days instead')
  expect(JSON.stringify(baseline)).not.toMatch(/\bfinal\b/)
  const listed = await holdfast.command('baseline', 'entries', 'code-runner', '--dimension', 'destination', '--json')
  const entries = JSON.parse(listed.report) as readonly Entry[]
  expect(new Set(entries.map(({ state }) => state))).toEqual(new Set(['current', 'stale', 'left-out']))
  for (const { state, recency } of entries)
    expect(state).toBe(recency < 0.1 ? 'left-out' : recency < 0.5 ? 'stale' : 'current')
  const early = (await holdfast.command('baseline', 'show', 'code-runner', '--at', '2026-09-20T00:00:00Z', '--json'))
    .report
  expect(JSON.parse(early)).toMatchObject({ status: 'observing', verdict: expect.stringContaining('not yet: ') })
})

test('F10 50 replicas and 1,900 pod starts give one profile, no reset, no finding, and the distances of no churn', async () => {
  const [churned, control] = [await baselineOf('autoscale-churn'), await baselineOf('autoscale-control')]
  expect(churned.churn).toEqual({ restarts: expect.any(Number), scalings: expect.any(Number) })
  expect(churned.churn.restarts).toBeGreaterThanOrEqual(1_900)
  expect(churned).toMatchObject({ status: control.status, since: control.since, changes: [], marks: [] })
  for (const [i, { dimension, days }] of churned.dimensions.entries()) {
    const without = control.dimensions[i]
    expect(without?.dimension).toBe(dimension)
    for (const [day, { distance }] of days.entries())
      expect(Math.abs(distance - (without?.days[day]?.distance ?? 9)), `${dimension} day ${day}`).toBeLessThan(0.01)
  }
  const { items } = (await holdfast.get('/agents')) as { readonly items: readonly { readonly name: string }[] }
  expect(items.filter(({ name }) => name === 'autoscale-churn').length).toBe(1)
  const findings = (await holdfast.get(`/inventory/findings?agent=${encodeURIComponent(churned.agent)}`)) as {
    readonly items: readonly unknown[]
  }
  expect(findings.items).toEqual([])
})

test('OBS-9 any entry leads to its raw events in one query', async () => {
  const agent = encodeURIComponent((await baselineOf('stable-desk')).agent)
  for (const [dimension, key] of [
    ['tool', 'reply_ticket'],
    ['tool-order', 'get_ticket -> search_handbook'],
    ['destination', 'desk.internal.example.com:443'],
    ['model', 'gpt-4.1-mini'],
  ] as const) {
    const query = new URLSearchParams({ dimension, key, limit: '3' }).toString()
    const { items } = (await holdfast.get(`/agents/${agent}/profile/proofs?${query}`)) as {
      readonly items: readonly { readonly entry: number; readonly events: readonly string[] }[]
    }
    expect(items.length, key).toBe(3)
    for (const { events } of items) expect(events.length, key).toBeGreaterThan(0)
  }
})

test('a window that an incident tainted is taken out, shown, and put back', async () => {
  const before = await baselineOf('stable-desk')
  const window = ['--from', '2026-10-01T00:00:00Z', '--to', '2026-10-02T00:00:00Z', '--reason', 'INC-7', '--json']
  const marked = await holdfast.command('baseline', 'mark', 'stable-desk', ...window)
  const { markId } = JSON.parse(marked.report) as { readonly markId: string }
  const without = await settled((baseline) => baseline.marks.length > 0)
  expect(without.marks).toMatchObject([{ mark: 'contaminated', state: 'active', reason: 'INC-7' }])
  for (const { dimension, days } of without.dimensions) {
    expect(days.length, dimension).toBe(41)
    expect(days.map(({ date }) => date)).not.toContain('2026-10-01')
  }
  expect((await holdfast.command('baseline', 'lift', 'stable-desk', markId, '--reason', 'false alarm')).code).toBe(0)
  const after = await settled((baseline) => baseline.marks.every(({ state }) => state === 'lifted'))
  expect(after.dimensions).toEqual(before.dimensions)
  expect((await holdfast.command('baseline', 'lift', 'stable-desk', markId, '--reason', 'again')).code).not.toBe(0)
})

test('OBS-6 data classes that an operator states put an agent on track 2, with what stands in its way', async () => {
  const stated = await holdfast.command(
    'baseline',
    'state',
    'data-classes',
    'health:write',
    'code-runner',
    '--reason',
    'DPIA 4',
  )
  expect(stated.code).toBe(0)
  await settled((baseline) => baseline.track.track === 2, 'code-runner')
  const observing = await holdfast.command('baseline', 'observing', '--json')
  const items = JSON.parse(observing.report) as readonly {
    readonly name: string
    readonly elapsedHours: number
    readonly track: object
  }[]
  expect(items.map(({ name }) => name)).toEqual(['code-runner'])
  expect(items[0]).toMatchObject({
    track: { track: 2, reasons: ['handles health data'], dataClasses: ['health:write'] },
  })
  // Six weeks without the hours before the first and after the last execution.
  expect(items[0]?.elapsedHours).toBeGreaterThan(41 * 24)
  expect(items[0]?.elapsedHours).toBeLessThan(42 * 24)
})

test('OBS-7 a promotion is refused while staging misses a declared tool and a destination, both named, and not after', async () => {
  const promote = () =>
    holdfast.command(
      'baseline',
      'promote',
      'autoscale-churn',
      '--from',
      'autoscale-control',
      '--reason',
      'r12',
      '--json',
    )
  const undeclared = await promote()
  expect(undeclared.code).not.toBe(0)
  expect(undeclared.said).toContain('no document declares a tool or a destination')
  await declare('2026-09-01T00:00:00Z', {
    tools: ['get_ticket', 'refund_ticket'],
    base_url: 'https://billing.example.com/v1',
  })
  const refused = await promote()
  expect(refused.code).not.toBe(0)
  expect(refused.said).toContain('staging never showed: tool refund_ticket, destination billing.example.com')
  await declare('2026-09-02T00:00:00Z', { tools: ['get_ticket'], base_url: 'https://desk.internal.example.com/v1' })
  const promoted = await promote()
  expect(promoted.said).toBe('')
  expect(JSON.parse(promoted.report)).toMatchObject({ passed: true, declaredTools: 1, declaredDestinations: 1 })
})

/** Imports a document that declares the churned agent, in a history of its own. */
async function declare(at: string, content: object): Promise<void> {
  const agent = 'k8s:simulated/agents/autoscale-churn'
  const document = { document: 'agent.json', agent, at, content: { name: 'churn', model: 'gpt-4.1-mini', ...content } }
  const header = { holdfastHistory: 1, clock: 'simulated', tool: 'declaring' }
  const path = join(folder, `declared-${at.slice(0, 10)}.jsonl`)
  writeFileSync(path, `${JSON.stringify(header)}\n${JSON.stringify({ holdfastDeclared: document })}\n`)
  const imported = await holdfast.command('import', path, '--json')
  expect(JSON.parse(imported.report)).toMatchObject({ accepted: 1, rejected: 0 })
}

/** The baseline once the projection has folded what was just recorded. */
async function settled(isThere: (baseline: Baseline) => boolean, name = 'stable-desk'): Promise<Baseline> {
  for (let i = 0; i < 50; i += 1) {
    const baseline = await baselineOf(name)
    if (isThere(baseline)) return baseline
  }
  throw new Error('the projection did not follow')
}
