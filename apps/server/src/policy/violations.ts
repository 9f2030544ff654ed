import { generatorOf } from '@holdfast/enforce'
import type { ArtifactKind, Event, PolicyArtifact, PolicyJudgement, PolicyMode } from '@holdfast/model'
import { JUDGES_HELD } from './limits.ts'

/** An act that a policy in force denies, or that a host refused in its name. */
export type Violation = {
  /** Id of the artifact. */
  readonly artifact: string
  readonly kind: ArtifactKind
  /** Line of the document that says so: RFC 6901. */
  readonly pointer: string
  readonly what: string
  readonly mode: 'monitor' | 'enforce'
  readonly profileDigest: string
}

/** An artifact as it was in force when something happened. */
export type InForce = { readonly artifact: PolicyArtifact; readonly mode: 'monitor' | 'enforce' }

export type Violations = { readonly violationOf: (event: Event) => Violation | undefined }

export type Allowances = {
  /** The line by which a policy in force lets through what left; undefined where none speaks of it, or one denies it. */
  readonly allowanceOf: (event: Event) => Violation | undefined
}

export type PoliciesInForce = Violations & {
  /** Ids of agents for which a policy was ever made, or that a host ran under one: of others nothing can be a violation. */
  readonly agents: () => ReadonlySet<string>
}

/**
 * `inForce` says which artifacts held for an agent when the entry was recorded, so an old event is judged by the policy of its
 * time. Names and definitions that the log told after it count for nothing; those told before it count once they were read, which
 * whoever reads backwards does later. `artifactOf` finds what an event cites. An act that several deny is told by one that was enforced, where there is one.
 */
export function violationsBy(
  inForce: (event: Event) => readonly InForce[],
  artifactOf: (id: string) => PolicyArtifact | undefined = () => undefined,
): Violations & Allowances {
  const judges = new Map<string, (event: Event) => PolicyJudgement>()
  const judgeOf = (artifact: PolicyArtifact): ((event: Event) => PolicyJudgement) => {
    const known = judges.get(artifact.id)
    if (known !== undefined) return known
    const judge = generatorOf(artifact.kind)?.judge(artifact) ?? ((): PolicyJudgement => ({ status: 'outside' }))
    judges.set(artifact.id, judge)
    const oldest = judges.keys().next().value
    if (judges.size > JUDGES_HELD && oldest !== undefined) judges.delete(oldest)
    return judge
  }
  /** Of several the one that is enforced, as violations are told. */
  const allowanceIn = (event: Event): Violation | undefined => {
    let allowed: Violation | undefined
    for (const { artifact, mode } of inForce(event).toSorted((a, b) => rank(a) - rank(b))) {
      const judgement = judgeOf(artifact)(event)
      if (judgement.status === 'denied') return undefined
      if (judgement.status === 'allowed') allowed ??= rulingOf(artifact, { ...judgement, mode })
    }
    return allowed
  }
  return {
    allowanceOf: (event) => (isDeparture(event) && citedBy(event) === undefined ? allowanceIn(event) : undefined),
    violationOf: (event) => {
      const cited = citedBy(event)
      const artifact = cited === undefined ? undefined : artifactOf(cited.artifact)
      // What a host did in the name of an artifact is told by that one, whether it is rolled out or was given by hand.
      const named: readonly InForce[] =
        artifact === undefined || cited === undefined ? [] : [{ artifact, mode: cited.mode }]
      const holding = [...named, ...inForce(event).toSorted((a, b) => rank(a) - rank(b))]
      for (const { artifact, mode } of holding) {
        const judgement = judgeOf(artifact)(event)
        const denial = judgement.status === 'denied' ? judgement : deniedByHolder(artifact, { event, cited })
        if (denial === undefined) continue
        return rulingOf(artifact, { ...denial, mode })
      }
      return undefined
    },
  }
}

function rulingOf(
  { id, kind, profile }: PolicyArtifact,
  { pointer, what, mode }: Pick<Violation, 'pointer' | 'what' | 'mode'>,
): Violation {
  return { artifact: id, kind, pointer, what, mode, profileDigest: profile.digest }
}

/** Something left, or an authority let something be done elsewhere. What failed was let through by nobody. */
function isDeparture({ body }: Event): boolean {
  if (body.kind === 'connection') return body.action === 'connect' || body.action === 'unlisted'
  return body.kind === 'egress' || body.kind === 'api-call'
}

/**
 * What the one who refused says of the line, where the artifact's judge does not see it: an egress list has one line that refuses,
 * and knows nothing of what stays on the machine; a proxy names the line itself.
 */
function deniedByHolder(
  { id, kind }: PolicyArtifact,
  { event, cited }: { readonly event: Event; readonly cited: ReturnType<typeof citedBy> },
): { readonly pointer: string; readonly what: string } | undefined {
  if (cited?.artifact !== id) return undefined
  const { body } = event
  if (body.kind === 'guardrail' && kind === 'mcp-tools' && cited.pointer !== undefined)
    return { pointer: cited.pointer, what: body.target ?? 'a tool' }
  if (kind !== 'host-egress' || body.kind !== 'connection') return undefined
  const { remote, protocol } = body
  return { pointer: '/default', what: remote === undefined ? protocol : `${remote.address}:${remote.port}/${protocol}` }
}

type Cited = { readonly artifact: string; readonly mode: PolicyMode; readonly pointer?: string }

/** The artifact in whose name the kernel of a host or a proxy refused, or would have. */
function citedBy({ body, source }: Event): Cited | undefined {
  if (body.kind === 'connection') return body.policy
  // An agent may say what it likes of guardrails; a proxy's word is its own.
  if (body.kind === 'guardrail') return source.channel === 'mcp-proxy' ? citedByProxy(body) : undefined
  if (body.kind !== 'kernel' || body.action !== 'seccomp-refused') return undefined
  const { artifact, mode } = body.details
  return artifact === undefined ? undefined : { artifact, mode: modeOf(mode) }
}

function citedByProxy({ name, detail }: Extract<Event['body'], { readonly kind: 'guardrail' }>): Cited | undefined {
  if (name !== 'policy' || !('text' in detail)) return undefined
  const said = parsed(detail.text)
  const { artifact, line, mode } = said
  if (typeof artifact !== 'string') return undefined
  return { artifact, mode: modeOf(mode), ...(typeof line === 'string' ? { pointer: line } : {}) }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function modeOf(mode: unknown): PolicyMode {
  return mode === 'enforce' ? 'enforce' : 'monitor'
}

function rank({ mode }: InForce): number {
  return mode === 'enforce' ? 0 : 1
}
