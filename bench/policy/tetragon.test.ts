import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatorOf, type GeneratorFacts, type ProfileFact } from '@holdfast/enforce'
import type { ArtifactKind, Event } from '@holdfast/model'
import { observationsOf } from '@holdfast/observe'
import { describe, expect, test } from 'vitest'
import { eventsOfFile } from '../signals/read-events.ts'

/** Public events of Tetragon, which are not part of this repository. */
const DATA = join(import.meta.dirname, '../../../shared/data/tetragon')

/** An agent that was seen to do what these events tell, each thing on enough days; and some system calls, which none of them tells of. */
function factsOf(events: readonly Event[]): GeneratorFacts {
  const entries = new Map<string, ProfileFact>()
  const put = (dimension: ProfileFact['dimension'], key: string, entry: number): void => {
    const days = { count: 40, daysSeen: 40, recency: 1, first: '2026-07-20T00:00:00Z', last: '2026-08-31T00:00:00Z' }
    entries.set(`${dimension} ${key}`, { dimension, key, entries: [entry], ...days })
  }
  for (const event of events)
    for (const observation of observationsOf(event))
      if (observation.kind === 'seen') put(observation.dimension, observation.key, observation.entry)
  for (const call of ['read', 'openat', 'execve', 'connect', 'sendto']) put('syscall', call, 0)
  return {
    agent: { id: 'k8s:c/default/web', name: 'web', class: 'support', namespace: 'default', workload: 'web' },
    profile: { digest: 'd', asOf: '2026-09-01T00:00:00Z', days: 42, observations: 900, size: 50, status: 'converged' },
    entries: [...entries.values()],
    grants: [],
    uses: [],
    names: new Map(),
    inForce: [],
    platform: { dns: [], collector: [] },
    decisions: {},
    now: '2026-09-01T00:00:00Z',
  }
}

describe.skipIf(!existsSync(DATA))(
  'policies on public events of Tetragon (skipped where ../shared/data/tetragon is absent)',
  () => {
    const eventsIn = (pattern: string): readonly Event[] =>
      globSync(pattern, { cwd: DATA }).flatMap((file) => eventsOfFile(file, readFileSync(join(DATA, file))))
    const ordinary = eventsIn('00_*/*.json')
    const escape = eventsIn('03_*/**/*.json')
    const judged = (kind: ArtifactKind, events: readonly Event[]) => {
      const generator = generatorOf(kind)
      const generation = generator?.generate(factsOf(ordinary))
      if (generator === undefined || generation?.status !== 'made') throw new Error(`no ${kind}`)
      const judge = generator.judge(generation.artifact)
      return events
        .map((event) => ({ body: event.body, judgement: judge(event) }))
        .filter(({ judgement }) => judgement.status !== 'outside')
    }

    test.each(['network-policy', 'cilium-network-policy', 'host-egress', 'seccomp'] as const)(
      'ENF-1 a %s that is made of ordinary events denies none of them',
      (kind) => {
        expect(judged(kind, ordinary).filter(({ judgement }) => judgement.status === 'denied')).toEqual([])
      },
    )

    test.each(['network-policy', 'cilium-network-policy', 'host-egress'] as const)(
      'a %s denies each connection of the follow-up to where nothing went before',
      (kind) => {
        expect(judged(kind, ordinary).length).toBeGreaterThan(0)
        const acts = judged(kind, escape)
        expect(acts.length).toBeGreaterThan(0)
        for (const { judgement } of acts) expect(judgement.status).toBe('denied')
      },
    )

    test('ENF-1 the envelope denies entering the namespaces of the host, and loading modules', () => {
      const acts = [...judged('seccomp', escape), ...judged('seccomp', eventsIn('docs-markdown-events.jsonl'))]
      const denied = acts.flatMap(({ body, judgement }) =>
        judgement.status === 'denied' && body.kind === 'kernel' ? [body.action] : [],
      )
      expect([...new Set(denied)].toSorted()).toEqual(['module', 'setns'])
      expect(acts.filter(({ judgement }) => judgement.status === 'allowed')).toEqual([])
    })
  },
)
