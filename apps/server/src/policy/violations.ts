import { generatorOf } from '@holdfast/enforce'
import type { ArtifactKind, Event, PolicyArtifact, PolicyJudgement } from '@holdfast/model'
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
  /** Ids of agents for which a policy was ever in force. */
  readonly agents: () => ReadonlySet<string>
}

/**
 * `inForce` says which artifacts held for an agent when the entry was recorded, so an old event is judged by the policy of its
 * time and the answer never changes. An act that several deny is told by one that was enforced, where there is one.
 */
export function violationsBy(inForce: (event: Event) => readonly InForce[]): Violations {
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
      const holding = inForce(event).toSorted((a, b) => rank(a) - rank(b))
      for (const { artifact, mode } of holding) {
        const judgement = judgeOf(artifact)(event)
        if (judgement.status !== 'denied') continue
        const { pointer, what } = judgement
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

function rank({ mode }: InForce): number {
  return mode === 'enforce' ? 0 : 1
}
