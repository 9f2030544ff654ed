import { counted, type ArtifactKind } from '@holdfast/model'
import { constrained, evidence, met, unmet, type Check } from './checks.ts'
import type { DiagnosticFacts, EnvelopeFact, EnvelopeFacts } from './facts.ts'
import { providerAnswer, providerLimit } from './hosted.ts'
import { NAMES_SHOWN } from './limits.ts'

/** Layers below the agent's process: where a provider runs it, nobody else can set them. */
const OF_THE_MACHINE: ReadonlySet<ArtifactKind> = new Set([
  'network-policy',
  'cilium-network-policy',
  'seccomp',
  'host-egress',
])

/** Q3: two agents under two generated envelopes at one time, each line with its trace (ENF-4). */
export function envelopeQuestion(facts: DiagnosticFacts): readonly Check[] {
  const { envelopes, target } = facts
  if (envelopes === undefined || envelopes.own.length === 0) return [noEnvelope(facts)]
  const own = standing(envelopes.own)
  return [
    standingCheck(own, envelopes.own, target.name),
    otherCheck(own, envelopes),
    traceCheck(envelopes.own),
    outcomeCheck(envelopes, target.agent),
  ]
}

/** C6: artifacts for the network, for system calls and for permissions, each line with its derivation (ENF-1, ENF-2). */
export function artifactCapability(facts: DiagnosticFacts): readonly Check[] {
  const { envelopes } = facts
  if (envelopes === undefined || envelopes.own.length === 0) return [noEnvelope(facts)]
  return [
    layerCheck(facts, envelopes, 'network policy', ['network-policy', 'cilium-network-policy', 'host-egress']),
    layerCheck(facts, envelopes, 'syscall envelope', ['seccomp']),
    layerCheck(facts, envelopes, 'permission reduction', ['aws-iam', 'gcp-role', 'azure-role', 'mcp-tools']),
    traceCheck(envelopes.own),
    decisionCheck(envelopes.own),
    effectCheck(envelopes.own),
  ]
}

/** C7: two agents, two envelopes, one time. */
export function granularityCapability(facts: DiagnosticFacts): readonly Check[] {
  const { envelopes, target } = facts
  if (envelopes === undefined || envelopes.own.length === 0) return [noEnvelope(facts)]
  const own = standing(envelopes.own)
  return [
    standingCheck(own, envelopes.own, target.name),
    otherCheck(own, envelopes),
    outcomeCheck(envelopes, target.agent),
  ]
}

function noEnvelope({ target, envelopes }: DiagnosticFacts): Check {
  const what = 'a generated envelope'
  const { hostedBy, name } = target
  if (hostedBy !== undefined)
    return unmet(
      what,
      `${hostedBy.platform} hosts ${name}: a policy of its identity could stand, and none was generated`,
      [providerAnswer(hostedBy)],
    )
  const refusals = envelopes?.refusals ?? []
  return unmet(
    what,
    refusals.length === 0
      ? `no policy was generated for ${name}`
      : `none could be generated for ${name}: ${refusals.slice(0, NAMES_SHOWN).join('; ')}`,
  )
}

function standing(all: readonly EnvelopeFact[]): readonly EnvelopeFact[] {
  return all.filter(({ stage }) => stage === 'monitor' || stage === 'enforce')
}

function standingCheck(own: readonly EnvelopeFact[], all: readonly EnvelopeFact[], name: string): Check {
  const what = 'an envelope in force'
  const stages = [...new Set(all.map(({ stage }) => stage))].join(', ')
  return own.length > 0
    ? met(
        what,
        own.map(({ kind, stage, artifact }) => `${kind} ${short(artifact)} in ${stage}`).join('; '),
        recordsOf(own),
      )
    : unmet(what, `none of ${counted(all.length, 'artifact')} of ${name} stands: ${stages}`, recordsOf(all))
}

function otherCheck(own: readonly EnvelopeFact[], { others }: EnvelopeFacts): Check {
  const what = 'another agent under another envelope at that time'
  const ours = new Set(own.map(({ artifact }) => artifact))
  const kinds = new Set(own.map(({ kind }) => kind))
  const found = standing(others).filter(({ artifact, kind }) => !ours.has(artifact) && kinds.has(kind))
  const [first] = found
  if (first === undefined) return unmet(what, 'no other agent stood under an envelope of the same layer')
  return met(what, `${first.agent}: ${first.kind} ${short(first.artifact)} in ${first.stage}`, recordsOf(found))
}

function traceCheck(all: readonly EnvelopeFact[]): Check {
  const what = 'every line traced to what was observed'
  const grounds = evidence(
    'observations that lines rest on',
    all.flatMap((one) => one.grounds),
  )
  const lines = all.reduce((sum, one) => sum + one.grounded, 0)
  const lost = all.reduce((sum, one) => sum + one.lostGround, 0)
  if (lost > 0) return unmet(what, `${lost} of ${counted(lines, 'line')} lost their ground`, [grounds])
  return met(what, `${counted(lines, 'line rests', 'lines rest')} on observations that are in the log now`, [grounds])
}

/** The same call let through for one and refused for the other. */
function outcomeCheck({ outcomes }: EnvelopeFacts, agent: string): Check {
  const what = 'one act allowed to one and denied to the other'
  const isPair = (a: (typeof outcomes)[number], b: (typeof outcomes)[number]): boolean =>
    a.what === b.what && a.agent !== b.agent && a.outcome !== b.outcome && (a.agent === agent || b.agent === agent)
  const one = outcomes.find((a) => outcomes.some((b) => isPair(a, b)))
  const two = one === undefined ? undefined : outcomes.find((b) => isPair(one, b))
  const told = outcomes.filter((outcome) => outcome.agent === agent)
  if (one === undefined || two === undefined) {
    const shown = evidence(
      'what envelopes of the agent did',
      told.map(({ entry }) => entry),
    )
    return unmet(what, 'no act is on record that the two envelopes treat differently', [shown])
  }
  const tell = ({ agent: whose, outcome, artifact }: typeof one): string =>
    `${outcome} to ${whose} by ${short(artifact)}`
  return met(what, `${one.what}: ${tell(one)}, ${tell(two)}`, [
    evidence('both outcomes', [one.entry, two.entry], {
      events: [one.event, two.event].filter((event) => event !== undefined),
    }),
  ])
}

function layerCheck(
  { target }: DiagnosticFacts,
  { own, refusals }: EnvelopeFacts,
  what: string,
  kinds: readonly ArtifactKind[],
): Check {
  const found = own.filter(({ kind }) => kinds.includes(kind))
  if (found.length > 0)
    return met(what, found.map(({ kind, artifact }) => `${kind} ${short(artifact)}`).join(', '), recordsOf(found))
  const { hostedBy } = target
  if (hostedBy !== undefined && kinds.every((kind) => OF_THE_MACHINE.has(kind)))
    return constrained(what, providerLimit(hostedBy, 'C6'), [providerAnswer(hostedBy)])
  return unmet(what, refusals.length === 0 ? 'none was generated' : refusals.slice(0, NAMES_SHOWN).join('; '))
}

function decisionCheck(all: readonly EnvelopeFact[]): Check {
  const what = 'the four decisions behind each'
  const without = all.filter(({ decisions }) => decisions < 4)
  return without.length === 0
    ? met(what, 'granularity, closure, confidence and validity name who chose', recordsOf(all))
    : unmet(what, `${counted(without.length, 'artifact lacks', 'artifacts lack')} one of the four`, recordsOf(without))
}

function effectCheck(all: readonly EnvelopeFact[]): Check {
  const what = 'an effect beside the policies already there'
  const idle = all.filter(({ narrows }) => !narrows)
  return idle.length < all.length
    ? met(what, `${all.length - idle.length} of ${all.length} narrow something`, recordsOf(all))
    : unmet(what, 'none narrows anything', recordsOf(idle))
}

function recordsOf(found: readonly EnvelopeFact[]): Check['evidence'] {
  return [
    evidence(
      'records of the artifacts',
      found.map(({ record }) => record),
      { path: '/policies' },
    ),
  ]
}

function short(digest: string): string {
  return digest.slice(0, 12)
}
