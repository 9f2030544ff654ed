import type { Query } from '@holdfast/api'
import { agentNamed, type DeclaredOptions } from '@holdfast/capture'
import { parseRfc3339 } from '@holdfast/model'
import { HttpError } from '../http/problem.ts'

/** What whoever imports says of documents that do not say it themselves. Throws HttpError 400. */
export function declaredBy({ agent, cluster, at }: Query<'importFile'>): DeclaredOptions {
  const named = agentNamed(agent)
  if (agent !== undefined && named === undefined) throw new HttpError(400, `agent "${agent}" is not an agent id`)
  if (at !== undefined && parseRfc3339(at) === undefined) throw new HttpError(400, `at "${at}" is no time in RFC 3339`)
  return {
    ...(named === undefined ? {} : { agent: named }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(at === undefined ? {} : { at }),
  }
}
