import type { BaselineWire, IncidentWire } from '@holdfast/api'
import { formatRfc3339, parseRfc3339, type UnixNano } from '@holdfast/model'
import type { Baseline, CaseState, Contamination } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { ViewError } from '../views/client.ts'
import { CASES_LOOKED } from './limits.ts'
import { Taints } from './taints.ts'

const AGENT = 'desk'
const MARKED = { since: hour(12) }

test('FC10 a mark from later on does not hide what the agent saw before it', async () => {
  const late = { cases: { 'inc-1': caseWith({ contaminations: [mark(12)] }) }, incidents: { 'inc-1': seenAt(9) } }
  expect(await obstacle(11, late)).toContain('rebuild it from clean staging')
  expect(await obstacle(8, late)).toBeUndefined()
  // Nobody marked this one, and another one was marked from later on.
  const two = { cases: { 'inc-1': caseWith({ contaminations: [mark(12)] }), 'inc-2': caseWith({}) } }
  expect(await obstacle(8, { ...two, incidents: { 'inc-1': seenAt(12), 'inc-2': seenAt(7) } })).toContain('rebuild')
  const { taints } = taintsOf(late)
  const state = late.cases['inc-1']
  expect(taints.seenBy(AGENT, { observed: undefined, state, since: hour(9) }).map(({ since }) => since)).toContain(
    hour(9),
  )
})

test('an incident that is no more is told and stops nothing; what its case marked still counts', async () => {
  const gone = { cases: { 'inc-1': caseWith({}), 'inc-2': caseWith({}) }, incidents: { 'inc-2': seenAt(9) } }
  const { taints, told } = taintsOf(gone)
  expect(await taints.obstacleOf(version(8), { marks: [] })).toBeUndefined()
  expect(told).toHaveLength(1)
  expect(await obstacle(10, gone)).toContain('rebuild it from clean staging')
  const marked = { cases: { 'inc-1': caseWith({ contaminations: [mark(12)] }) }, incidents: {} }
  expect(await obstacle(13, marked)).toContain('rebuild it from clean staging')
})

test('with more cases than are looked at nothing is brought back, and the number is named', async () => {
  const names = Array.from({ length: CASES_LOOKED + 1 }, (_, i) => `inc-${i}`)
  const all = {
    cases: Object.fromEntries(names.map((name) => [name, caseWith({})])),
    incidents: Object.fromEntries(names.map((name) => [name, { ...seenAt(9), agents: ['other'] }])),
  }
  expect(await obstacle(10, all)).toContain(`${names.length} cases may have tainted ${AGENT}`)
  const { 'inc-0': _, ...rest } = all.cases
  expect(await obstacle(10, { ...all, cases: rest })).toBeUndefined()
})

test('a false alarm taints nothing, and what a closed case marked ends where the mark behind it does', async () => {
  const contaminations = [mark(12)]
  const behind = { ...profileMark('inc-1-a', MARKED.since), state: 'active' } as const
  const closed = (resolution: 'resolved' | 'false-positive') => ({
    cases: { 'inc-1': caseWith({ contaminations, end: { resolution } }) },
    incidents: { 'inc-1': seenAt(12) },
  })
  expect(await obstacle(13, closed('resolved'), [behind])).toContain('rebuild it from clean staging')
  expect(await obstacle(13, closed('false-positive'), [behind])).toBeUndefined()
  // Somebody marked the same time for another reason.
  const apart = profileMark('4d0c', MARKED.since)
  expect(await obstacle(13, closed('false-positive'), [behind, apart])).toContain('rebuild it from clean staging')
  const ended = { ...profileMark('inc-1-a-ended', MARKED.since), to: formatRfc3339(hour(14)) }
  const { taints } = taintsOf(closed('resolved'))
  const again = { ...version(20), observedFrom: hour(15) }
  expect(await taints.obstacleOf(again, { marks: [ended] })).toBeUndefined()
  expect(await taints.obstacleOf(version(20), { marks: [ended] })).toContain('rebuild it from clean staging')
})

type World = {
  readonly cases: Readonly<Record<string, CaseState>>
  readonly incidents: Readonly<Record<string, Pick<IncidentWire, 'agents' | 'chain' | 'firstClaimed'>>>
}

function taintsOf({ cases, incidents }: World): { readonly taints: Taints; readonly told: readonly unknown[] } {
  const told: unknown[] = []
  const taints = new Taints({
    reader: { entry: () => undefined },
    cases: { all: () => new Map(Object.entries(cases)) },
    incident: async (id) => {
      const found = incidents[id]
      if (found === undefined) throw new ViewError(404, `no incident ${id}`)
      return found
    },
    onError: (error) => told.push(error),
  })
  return { taints, told }
}

/** Why what was observed from midnight until an hour may not be brought back. */
function obstacle(until: number, world: World, marks: BaselineWire['marks'] = []): Promise<string | undefined> {
  return taintsOf(world).taints.obstacleOf(version(until), { marks })
}

function version(until: number): Baseline {
  const span = { observedFrom: hour(0), observedUntil: hour(until) }
  return { ...span, profile: AGENT, version: '1', origin: 'production', parity: 'not-run', mode: 'monitoring' }
}

function caseWith({
  contaminations = [],
  end,
}: {
  readonly contaminations?: readonly Contamination[]
  readonly end?: { readonly resolution: 'resolved' | 'false-positive' }
}): CaseState {
  return {
    incident: 'inc',
    graphAt: hour(0),
    types: [],
    seals: [],
    facts: new Map(),
    cells: new Map(),
    actions: new Map(),
    contaminations,
    restored: [],
    ...(end === undefined
      ? {}
      : {
          end: { ...end, reason: 'done', changedThreshold: false, by: { kind: 'person', name: 'ana' }, at: hour(23) },
        }),
  }
}

function seenAt(at: number): World['incidents'][string] {
  return { agents: [AGENT], firstClaimed: formatRfc3339(hour(at)), chain: { links: [] } } as unknown as ReturnType<
    typeof seenAt
  > // without links there is nothing else to a chain that is read here
}

function profileMark(markId: string, since: UnixNano): BaselineWire['marks'][number] {
  const about = { mark: 'contaminated', state: 'active', positions: [], reason: 'a test', by: 'ana', entry: 1 } as const
  return { ...about, positions: [], markId, from: formatRfc3339(since), recordedAt: formatRfc3339(since) }
}

function mark(at: number): Contamination {
  return { profile: AGENT, since: hour(at) }
}

function hour(at: number): UnixNano {
  const time = parseRfc3339(`2026-11-01T${String(at).padStart(2, '0')}:00:00Z`)
  if (time === undefined) throw new Error('an hour of a day')
  return time
}
