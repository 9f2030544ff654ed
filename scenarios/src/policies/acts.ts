import { generatorOf } from '@holdfast/enforce'
import type {
  ArtifactKind,
  ArtifactLine,
  Event,
  KernelAction,
  PolicyArtifact,
  PolicyJudgement,
  ProfileDimension,
} from '@holdfast/model'
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

/** What happened since, as it was seen or as a cloud told it later. A record of many system calls is as many acts: each is let through or refused by itself. */
export function actsIn(events: readonly Event[], since: bigint): readonly Event[] {
  return events.flatMap((event): readonly Event[] => {
    if (event.claimedAt < since || event.source.clock === 'simulated') return []
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
  if (body.kind === 'kernel') return context.isSetup === true ? [] : [`syscall ${CALLS[body.action] ?? body.action}`]
  return observationsOf(event).flatMap((one) => {
    if (one.kind !== 'seen') return []
    const { dimension, key } = one
    if (dimension === 'tool') return [`tool ${key.replace(/^.*\//s, '')}`]
    const known = dimension === 'destination' ? (names.get(key.slice(0, key.lastIndexOf(':'))) ?? []) : []
    return [`${dimension} ${known.length === 0 ? key : namedDestination(key, known)}`]
  })
}

/** Acts that a record of calls tells of as well, under their own name. */
const CALLS: Readonly<Partial<Record<KernelAction, string>>> = { 'io-uring': 'io_uring_enter', memfd: 'memfd_create' }

type Judge = (event: Event) => PolicyJudgement

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
  const passed = unseen.filter(({ judgement }) => judgement.status === 'allowed' && !isWidened(artifact, judgement))
  const [open, missed] = [true, false].map((wanted) =>
    passed.filter(({ judgement }) => isOpen(artifact, judgement) === wanted),
  )
  return {
    acts: {
      judged: judged.length,
      denied: denied.length,
      deniedOfKnown: denied.filter(({ isUnseen }) => !isUnseen).length,
    },
    unseen: { judged: unseen.length, missed: namesOf(missed ?? []), open: namesOf(open ?? []) },
  }
}

/** Let through though never seen, because of a decision that the policy states: the family of what was seen, or what a runtime needs. */
export function isWidened(artifact: PolicyArtifact, judgement: PolicyJudgement): boolean {
  if (judgement.status !== 'allowed') return false
  const because = lineOf(artifact, judgement.pointer)?.because
  return because === 'closure' || because === 'runtime' || because === 'platform'
}

/** The line that a pointer stands under: a judge may name a place inside of it. */
export function lineOf({ lines }: PolicyArtifact, pointer: string): ArtifactLine | undefined {
  const above = lines.filter((line) => pointer === line.pointer || pointer.startsWith(`${line.pointer}/`))
  return above.toSorted((a, b) => b.pointer.length - a.pointer.length)[0]
}

/** Let through by a line that says of itself that it is open to every address, because none of its destination was recorded. */
function isOpen({ kind, document }: PolicyArtifact, judgement: PolicyJudgement): boolean {
  const at = judgement.status === 'allowed' ? /^\/spec\/egress\/(\d+)/.exec(judgement.pointer)?.[1] : undefined
  if (kind !== 'network-policy' || at === undefined) return false
  const { spec } = document as { readonly spec: { readonly egress: readonly unknown[] } } // of this kind
  return JSON.stringify(spec.egress[Number(at)]).includes('"0.0.0.0/0"')
}

function namesOf(judged: readonly { readonly judgement: PolicyJudgement }[]): readonly string[] {
  return [...new Set(judged.flatMap(({ judgement }) => (judgement.status === 'outside' ? [] : [judgement.what])))]
}
