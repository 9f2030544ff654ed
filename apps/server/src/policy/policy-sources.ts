import type { PolicyArtifact } from '@holdfast/model'
import type { HandlerSources } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import type { Around } from './around.ts'
import type { PolicyBook } from './policy-book.ts'
import type { PolicyCluster } from './policy-place.ts'
import type { Simulations } from './simulations.ts'
import type { PoliciesInForce } from './violations.ts'

export type PolicyParts = PoliciesInForce & {
  readonly book: PolicyBook
  readonly simulations: Simulations
  readonly around: (agent: string) => Promise<Around>
  readonly clusters: readonly PolicyCluster[]
}

/** What the routes of policies are answered from. */
export type PolicySources = Pick<HandlerSources, 'views' | 'parseAgent' | 'policies' | 'demos'>

/** Throws HttpError 404 where no policy has this id. */
export function artifactIn(book: Pick<PolicyBook, 'artifact'>, id: string): PolicyArtifact {
  const artifact = book.artifact(id)
  if (artifact === undefined) throw new HttpError(404, `no policy "${id.slice(0, 64)}"`)
  return artifact
}

/** Throws HttpError 404 where the text is no agent id. */
export function agentIn({ parseAgent }: Pick<PolicySources, 'parseAgent'>, text: string): string {
  const agent = parseAgent(text)
  if (agent === undefined) throw new HttpError(404, `"${text.slice(0, 200)}" is not an agent id`)
  return agent
}
