import { generatorOf } from '@holdfast/enforce'
import type { ArtifactKind, Event, PolicyArtifact, PolicyJudgement, ProfileDimension } from '@holdfast/model'
import { namedDestination, observationsOf } from '@holdfast/observe'
import type { LayerCoverage } from './coverage.ts'

/** Which dimension of the profile a layer speaks of. */
const DIMENSION: Readonly<Record<ArtifactKind, ProfileDimension>> = {
  'network-policy': 'destination',
  'cilium-network-policy': 'destination',
  'host-egress': 'destination',
  seccomp: 'syscall',
  'mcp-tools': 'tool',
  'aws-iam': 'identity',
  'gcp-role': 'identity',
  'azure-role': 'identity',
}

/** What the quiet weeks of an agent showed, in the profile's own vocabulary; it knows no policy. */
export type Seen = { readonly keys: ReadonlySet<string>; readonly names: Names }
/** Names that DNS answers gave an address. */
type Names = ReadonlyMap<string, readonly string[]>

export function seenBefore(
  events: readonly Event[],
  { agent, at }: { readonly agent: string; readonly at: bigint },
): Seen {
  const own = events.filter((event) => isOf(event, agent))
  const names = namesIn(own)
  const before = own.filter((event) => event.claimedAt < at)
  return { keys: new Set(before.flatMap((event) => keysOf(event, names))), names }
}

/** What an agent did, and what a cloud account says of anybody: a policy of an account is for its own principals alone. */
export function isOf({ agent: { id }, body }: Event, agent: string): boolean {
  return id === agent || body.kind === 'api-call'
}

/** What happened since, as it was seen. A record of many system calls is as many acts: each is let through or refused by itself. */
export function actsIn(events: readonly Event[], since: bigint): readonly Event[] {
  return events.flatMap((event): readonly Event[] => {
    if (event.claimedAt < since || event.source.clock !== 'live') return []
    const { body } = event
    return body.kind === 'syscall-set'
      ? body.calls.map((call) => ({ ...event, body: { ...body, calls: [call] } }))
      : [event]
  })
}

function namesIn(events: readonly Event[]): Names {
  const names = new Map<string, string[]>()
  for (const { body } of events)
    if (body.kind === 'dns' && body.action === 'answer')
      for (const answer of body.answers) names.set(answer, [...(names.get(answer) ?? []), body.name])
  return names
}

/**
 * What an event shows, `<dimension> <key>`. A tool is the same one whether its server was told or not, and an address is the name
 * that it was asked for by. Namespaces, mounts, other processes and the like enter no profile: each is one that no quiet day shows.
 */
export function keysOf(event: Event, names: Names): readonly string[] {
  const { body, context } = event
  if (body.kind === 'kernel') return context.isSetup === true ? [] : [`syscall ${body.action}`]
  return observationsOf(event).flatMap((one) => {
    if (one.kind !== 'seen') return []
    const { dimension, key } = one
    if (dimension === 'tool') return [`tool ${key.replace(/^.*\//s, '')}`]
    const known = dimension === 'destination' ? (names.get(key.slice(0, key.lastIndexOf(':'))) ?? []) : []
    return [`${dimension} ${known.length === 0 ? key : namedDestination(key, known)}`]
  })
}

export type Judge = (event: Event) => PolicyJudgement

export function judgeOf(artifact: PolicyArtifact): Judge {
  const judge = generatorOf(artifact.kind)?.judge(artifact)
  if (judge === undefined) throw new Error(`nothing judges ${artifact.kind}`)
  return judge
}

/** Of what a layer judges: what it stops, and what of the never seen it lets through. */
export function actsAgainst(
  artifact: PolicyArtifact,
  { agent, acts, seen }: { readonly agent: string; readonly acts: readonly Event[]; readonly seen: Seen },
): Pick<LayerCoverage, 'acts' | 'unseen'> {
  const judge = judgeOf(artifact)
  const dimension = DIMENSION[artifact.kind]
  const judged = acts.flatMap((event) => {
    const judgement = judge(event)
    // Of others it only learns which address a name has.
    if (judgement.status === 'outside' || !isOf(event, agent)) return []
    const keys = keysOf(event, seen.names).filter((key) => key.startsWith(`${dimension} `))
    return [{ judgement, isUnseen: keys.some((key) => !seen.keys.has(key)) }]
  })
  const denied = judged.filter(({ judgement }) => judgement.status === 'denied')
  const unseen = judged.filter(({ isUnseen }) => isUnseen)
  const missed = unseen.filter(({ judgement }) => judgement.status === 'allowed' && !isWidened(artifact, judgement))
  return {
    acts: {
      judged: judged.length,
      denied: denied.length,
      deniedOfKnown: denied.filter(({ isUnseen }) => !isUnseen).length,
    },
    unseen: { judged: unseen.length, missed: [...new Set(missed.flatMap(({ judgement }) => whatOf(judgement)))] },
  }
}

/** Let through though never seen, because of a decision that the policy states: the family of what was seen, or what a runtime needs. */
export function isWidened({ lines }: PolicyArtifact, judgement: PolicyJudgement): boolean {
  if (judgement.status !== 'allowed') return false
  const because = lines.find(({ pointer }) => pointer === judgement.pointer)?.because
  return because === 'closure' || because === 'runtime' || because === 'platform'
}

function whatOf(judgement: PolicyJudgement): readonly string[] {
  return judgement.status === 'outside' ? [] : [judgement.what]
}
