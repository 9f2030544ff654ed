import { counted } from '@holdfast/model'
import { constrained, evidence, met, unmet, type Check } from './checks.ts'
import type { DiagnosticFacts, DiagnosticTarget, InventoryFacts, PartFact } from './facts.ts'
import { gapCheck } from './gap-check.ts'
import { providerAnswer, providerLimit } from './hosted.ts'
import { NAMES_SHOWN } from './limits.ts'
import { agentPath } from './paths.ts'

type Wanted = { readonly what: string; readonly kinds: readonly string[]; readonly unseen: string }

/** What C1 is proven by: a dated record of each, as the process had it. */
const WANTED: readonly Wanted[] = [
  { what: 'model in use', kinds: ['model'], unseen: 'no call to a model and no start-up probe named one' },
  {
    what: 'framework with its patches',
    kinds: ['framework', 'runtime', 'package'],
    unseen: 'no start-up probe, manifest or telemetry of the process named a framework',
  },
  {
    what: 'MCP servers and tools',
    kinds: ['mcp-server', 'tool'],
    unseen: 'no tool call, tool list or MCP session was recorded',
  },
  { what: 'prompt template as loaded', kinds: ['prompt-template'], unseen: 'no loaded prompt template was recorded' },
]

/** Q1: the inventory as it was at a past minute, and what has changed since (DEC-2). */
export function inventoryQuestion({ target, inventory, gaps, gapsCut }: DiagnosticFacts): readonly Check[] {
  if (inventory === undefined || !inventory.isKnown)
    return [unmet('inventory at the instant', `nothing was known of ${target.name} at ${target.at}`)]
  return [
    ...partChecks(target, inventory),
    sinceCheck(target, inventory),
    gapCheck('streams whole around the instant', target, { gaps, gapsCut, from: hourBefore(target.at), to: target.at }),
  ]
}

/** C1: what the process itself showed, never what a document says of it. */
export function inventoryCapability({ target, inventory }: DiagnosticFacts): readonly Check[] {
  if (inventory === undefined || !inventory.isKnown)
    return [unmet('inventory of the running process', `nothing is known of ${target.name}`)]
  return partChecks(target, inventory)
}

/** C2: the starting baseline follows what the agent is, not where it runs (DEC-4). */
export function classCapability({ target, inventory }: DiagnosticFacts): readonly Check[] {
  if (inventory === undefined || !inventory.isKnown)
    return [unmet('class of the agent', `nothing is known of ${target.name}`)]
  const seen = inventory.parts.flatMap(({ entries }) => entries)
  const shown = [evidence('what the class is derived from', seen, { path: agentPath(target, 'inventory') })]
  const classCheck =
    inventory.class === 'unclassified'
      ? unmet('class of the agent', `unclassified: ${inventory.classReasons.join('; ')}`, shown)
      : met('class of the agent', `${inventory.class}: ${inventory.classReasons.join('; ')}`, shown)
  return [classCheck, placeCheck(inventory, shown)]
}

function partChecks(target: DiagnosticTarget, { parts }: InventoryFacts): readonly Check[] {
  return WANTED.map(({ what, kinds, unseen }) => {
    const own = parts.filter(({ kind }) => kinds.includes(kind))
    const ran = own.filter(({ standing }) => standing !== 'declared')
    const path = agentPath(target, 'inventory')
    if (ran.length > 0) {
      const entries = ran.flatMap((part) => part.entries)
      return met(what, `${named(ran)}, as ${target.at} had it`, [evidence(what, entries, { path })])
    }
    const entries = own.flatMap((part) => part.entries)
    const shown = own.length === 0 ? [] : [evidence(`${what}, as documents state it`, entries, { path })]
    if (target.hostedBy !== undefined) {
      const stated = own.length === 0 ? 'its API names none' : `its API states ${named(own)}`
      return constrained(what, `${stated}; ${providerLimit(target.hostedBy, 'C1')}`, [
        providerAnswer(target.hostedBy),
        ...shown,
      ])
    }
    return unmet(what, own.length === 0 ? unseen : `documents state ${named(own)}; ${unseen}`, shown)
  })
}

function sinceCheck(target: DiagnosticTarget, { changes, parts }: InventoryFacts): Check {
  const what = 'every change since, dated and proven'
  const path = agentPath(target, 'inventory')
  const bare = changes.filter(({ entries }) => entries.length === 0)
  const shown = [
    evidence(
      'changes since',
      changes.flatMap(({ entries }) => entries),
      { path },
    ),
  ]
  if (bare.length > 0)
    return unmet(what, `${bare.length} of ${counted(changes.length, 'change')} without a proof`, shown)
  if (changes.length > 0) return met(what, `${changes.length} since ${target.at}`, shown)
  const seen = parts.flatMap(({ entries }) => entries)
  return met(what, `none since ${target.at}`, [evidence('the parts, unchanged', seen, { path })])
}

/** Held against the agents beside it: two classes in one namespace differ, one class is the same in every namespace. */
function placeCheck({ class: own, baseline, peers }: InventoryFacts, shown: Check['evidence']): Check {
  const what = 'baseline by class, whatever the namespace'
  const torn = peers.filter((peer) => (peer.class === own) !== (peer.baseline === baseline))
  const [first] = torn
  if (first !== undefined)
    return unmet(what, `${first.agent} of class ${first.class} contradicts it: baseline ${first.baseline}`, shown)
  const same = peers.filter((peer) => peer.class === own).length
  const others = peers.length - same
  return met(
    what,
    `baseline ${baseline.slice(0, 12)}; ${same} other agents of the class start from the same, ${others} of other classes from others`,
    shown,
  )
}

function named(parts: readonly PartFact[]): string {
  const names = parts
    .slice(0, NAMES_SHOWN)
    .map(({ name, version }) => (version === undefined ? name : `${name} ${version}`))
  const rest = parts.length - names.length
  return `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

function hourBefore(at: string): string {
  return new Date(Date.parse(at) - 3_600_000).toISOString()
}
