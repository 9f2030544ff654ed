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

export type PoliciesInForce = Violations & {
  /** Ids of agents for which a policy was ever made: of others nothing can be a violation. */
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
): Violations {
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
  return {
    violationOf: (event) => {
      const cited = citedBy(event)
      const artifact = cited === undefined ? undefined : artifactOf(cited.artifact)
      // What a host did in the name of an artifact is told by that one, whether it is rolled out or was given by hand.
      const named: readonly InForce[] =
        artifact === undefined || cited === undefined ? [] : [{ artifact, mode: cited.mode }]
      const holding = [...named, ...inForce(event).toSorted((a, b) => rank(a) - rank(b))]
      for (const { artifact, mode } of holding) {
        const judgement = judgeOf(artifact)(event)
        const denial = judgement.status === 'denied' ? judgement : deniedByKernel(artifact, { event, cited })
        if (denial === undefined) continue
        const { pointer, what } = denial
        return {
          artifact: artifact.id,
          kind: artifact.kind,
          pointer,
          what,
          mode,
          profileDigest: artifact.profile.digest,
        }
      }
      return undefined
    },
  }
}

/** An egress list has one line that refuses. Its judge knows nothing of what stays on the machine, which the kernel refuses too. */
function deniedByKernel(
  { id, kind }: PolicyArtifact,
  { event, cited }: { readonly event: Event; readonly cited: ReturnType<typeof citedBy> },
): { readonly pointer: string; readonly what: string } | undefined {
  if (cited?.artifact !== id || kind !== 'host-egress' || event.body.kind !== 'connection') return undefined
  const { remote, protocol } = event.body
  return { pointer: '/default', what: remote === undefined ? protocol : `${remote.address}:${remote.port}/${protocol}` }
}

/** The artifact in whose name the kernel of a host refused, or would have. */
function citedBy({ body }: Event): { readonly artifact: string; readonly mode: PolicyMode } | undefined {
  if (body.kind === 'connection') return body.policy
  if (body.kind !== 'kernel' || body.action !== 'seccomp-refused') return undefined
  const { artifact, mode } = body.details
  return artifact === undefined ? undefined : { artifact, mode: mode === 'enforce' ? 'enforce' : 'monitor' }
}

function rank({ mode }: InForce): number {
  return mode === 'enforce' ? 0 : 1
}
