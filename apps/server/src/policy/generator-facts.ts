import { hash } from 'node:crypto'
import {
  counted,
  canonicalJson,
  formatRfc3339,
  parseRfc3339,
  type ChosenDecisions,
  type PolicyInForce,
  type ProfileDimension,
  type UnixNano,
} from '@holdfast/model'
import type { GeneratorFacts, ProfileFact } from '@holdfast/enforce'
import { standingOf, verdictWords } from '@holdfast/observe'
import type { ProjectionStore } from '@holdfast/recorder'
import type { AboutAgent } from '../inventory/inventory-queries.ts'
import { baselineAt, type AgentBaseline } from '../profile/agent-baseline.ts'
import { agentTrack } from '../profile/agent-track.ts'
import { joined, ProfileReader, type Seen } from '../profile/profile-reader.ts'
import { QuestionError } from '../views/view-sources.ts'
import { authorityFacts, type AuthoritySource } from './authority-facts.ts'
import { FACTS_MOST, PROOFS_PER_ENTRY } from './limits.ts'

export type FactSources = {
  /** The profile projection. */
  readonly profile: ProjectionStore
  readonly about: (agent: string) => AboutAgent | undefined
  readonly toolsOf: (agent: string) => GeneratorFacts['tools']
  readonly scope: AuthoritySource
}

/** What only the program knows: its clock, what was chosen, and what other systems say. */
export type Asked = {
  readonly agent: string
  /** RFC 3339; without it as of now. */
  readonly at?: string
  readonly now: string
  readonly decisions: ChosenDecisions
  readonly inForce: readonly PolicyInForce[]
  readonly planesRead: readonly PolicyInForce['plane'][]
  readonly collector: readonly string[]
  /** Labels that select its pods, where a cluster says so. */
  readonly labels?: Readonly<Record<string, string>>
}

export type AgentFacts = {
  readonly facts: GeneratorFacts
  /** Principals as whom the agent acts. */
  readonly principals: readonly string[]
}

/** Dimensions that a layer can refuse something of. */
const DIMENSIONS: readonly ProfileDimension[] = ['tool', 'destination', 'syscall', 'identity', 'executable', 'model']
const DAY_NANOS = 86_400_000_000_000n

/** All that policies of an agent are made of, as of an instant. Throws `QuestionError` for a time that is none. */
export function generatorFacts(sources: FactSources, asked: Asked): AgentFacts {
  const { agent, now, decisions, inForce, planesRead, collector } = asked
  const at = asked.at === undefined ? undefined : parseRfc3339(asked.at)
  if (asked.at !== undefined && at === undefined)
    throw new QuestionError(400, `at is no time in RFC 3339: "${asked.at.slice(0, 60)}"`)
  const about = sources.about(agent)
  const preEnforced = preEnforcedOf(about)
  const profiled = preEnforced?.parityPassed === true ? preEnforced.staging : agent
  const reader = ProfileReader.open(sources.profile, profiled, at)
  const baseline = reader === undefined ? undefined : baselineAt(reader, about, at ?? newest(reader, now))
  const entries = baseline === undefined ? [] : entriesOf(baseline)
  const { grants, uses, principals } = authorityFacts(sources.scope, { agent, at: asked.at, now })
  const facts: GeneratorFacts = {
    agent: {
      id: agent,
      name: about?.name ?? reader?.doc.name ?? agent,
      class: about?.class ?? 'unclassified',
      ...placeOf(agent),
      ...hostOf(about),
      ...(asked.labels === undefined ? {} : { labels: asked.labels }),
    },
    profile: profileOf(baseline, { digest: digestOf(entries, grants, uses), now }),
    ...(preEnforced === undefined ? {} : { preEnforced }),
    entries,
    tools: sources.toolsOf(agent) ?? [],
    grants,
    uses,
    names: reader?.names() ?? new Map(),
    inForce,
    planesRead,
    platform: { dns: nameServers(entries), collector },
    decisions,
    now,
  }
  return { facts, principals }
}

/** Of a track-2 agent the profile that counts is the one from staging that was promoted. */
function preEnforcedOf(about: AboutAgent | undefined): GeneratorFacts['preEnforced'] {
  if (about === undefined || agentTrack(about, { isEnforced: false }).track === 1) return undefined
  const parity = about.statements['parity']
  return parity === undefined
    ? { staging: '', parityPassed: false, reason: 'no profile from staging passed the parity gate' }
    : { staging: parity.value, parityPassed: true, reason: parity.reason }
}

function profileOf(
  baseline: AgentBaseline | undefined,
  { digest, now }: { readonly digest: string; readonly now: string },
): GeneratorFacts['profile'] {
  if (baseline === undefined)
    return { digest, asOf: now, days: 0, observations: 0, size: 0, status: 'none', verdict: 'nothing was observed' }
  const { reader, convergence, limits, asOf } = baseline
  const isTainted = reader.marks.some(
    ({ mark, state, to, positions }) =>
      // Nothing says where the taint ends: what comes after it may be taught by it.
      mark === 'contaminated' && state === 'active' && to === undefined && positions === undefined,
  )
  const { status } = convergence
  return {
    digest,
    asOf: formatRfc3339(asOf as UnixNano), // a claimed time, or the wall clock
    days: convergence.daysElapsed,
    observations: convergence.observations,
    size: reader.doc.version,
    status: isTainted ? 'contaminated' : status === 'no-traffic' ? 'none' : status,
    verdict: verdictWords(convergence, limits),
    ...(reader.doc.unstarted === 0
      ? {}
      : {
          partial: `${counted(reader.doc.unstarted, 'process was', 'processes were')} running before the watch began`,
        }),
  }
}

/** Of a live agent this moment; of a history, its own newest claim. */
function newest({ doc }: ProfileReader, now: string): bigint {
  const last = doc.lastClaimed === '' ? 0n : BigInt(doc.lastClaimed)
  const wall = parseRfc3339(now) ?? 0n
  return doc.clocks.includes('live') && wall > last ? wall : last
}

/** In order of dimension and key, so that the same profile gives the same facts. */
function entriesOf({ reader, limits, asOf }: AgentBaseline): readonly ProfileFact[] {
  const facts = DIMENSIONS.flatMap((dimension) => {
    const proofs = reader.grounds(dimension, PROOFS_PER_ENTRY)
    const all = new Map<string, { readonly seen: Seen; readonly daysSeen: number }>()
    for (const day of reader.days(dimension, { isRaw: true }).values())
      for (const [key, seen] of day) {
        const known = all.get(key)
        all.set(key, { seen: joined(known?.seen, seen), daysSeen: (known?.daysSeen ?? 0) + 1 })
      }
    return [...all]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, { seen, daysSeen }]): readonly ProfileFact[] => {
        const entries = proofs.get(key) ?? []
        if (entries.length === 0) return []
        const daysSince = Math.max(0, Number(asOf - seen.last) / Number(DAY_NANOS))
        const { recency } = standingOf({ daysSince, daysSeen, halfLifeDays: limits.halfLifeDays })
        const [first, last] = [seen.first, seen.last].map((time) => formatRfc3339(time as UnixNano)) // claimed times
        return [{ dimension, key, count: seen.count, daysSeen, recency, first: first ?? '', last: last ?? '', entries }]
      })
  })
  return facts.slice(0, FACTS_MOST)
}

/** Of what was seen, and not of how old it has become: a profile that only aged is the same. */
function digestOf(
  entries: readonly ProfileFact[],
  grants: GeneratorFacts['grants'],
  uses: GeneratorFacts['uses'],
): string {
  return hash('sha256', canonicalJson([entries.map((entry) => ({ ...entry, recency: undefined })), grants, uses]))
}

/** Whom it asked for names: destinations on the port of DNS. */
function nameServers(entries: readonly ProfileFact[]): readonly string[] {
  return entries
    .filter(({ dimension, key }) => dimension === 'destination' && key.endsWith(':53'))
    .flatMap(({ key }) => [`${key}/udp`, `${key}/tcp`])
}

/** Where an agent runs, as its id says. */
function placeOf(agent: string): Partial<GeneratorFacts['agent']> {
  const match = /^k8s:([^/]+)\/([^/]+)\/([^/]+)$/.exec(agent)
  if (match === null) return {}
  const [, cluster = '', namespace = '', workload = ''] = match
  const known = { cluster, namespace, workload }
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== '-'))
}

const PROVIDERS: Readonly<Record<string, 'aws' | 'gcp' | 'azure'>> = {
  bedrock: 'aws',
  agentcore: 'aws',
  aws: 'aws',
  vertex: 'gcp',
  gcp: 'gcp',
  azure: 'azure',
  foundry: 'azure',
}

function hostOf(about: AboutAgent | undefined): Partial<GeneratorFacts['agent']> {
  const stated = about?.declaredFacts['managed-by']?.toLowerCase()
  const provider =
    stated === undefined ? undefined : Object.entries(PROVIDERS).find(([name]) => stated.includes(name))?.[1]
  return provider === undefined ? {} : { managedBy: provider }
}
