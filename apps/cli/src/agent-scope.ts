import { counted } from '@holdfast/model'
import type { CliContext } from './context.ts'
import { say } from './render/output.ts'

/** Which agents a list is narrowed to, where whoever started the command said so. */
export type AgentScope = {
  /** Whether an agent, by its id, is one of them. */
  readonly shows: (agent: string) => boolean
  /** What it was narrowed by, for who reads the list. */
  readonly words: string
}

/** The rows that speak of an agent of the scope, all of them where there is none; how many were left out is said. */
export function withinScope<T>(
  context: CliContext,
  rows: readonly T[],
  agentsOf: (row: T) => readonly string[],
): readonly T[] {
  const { scope } = context
  if (scope === undefined) return rows
  const shown = rows.filter((row) => agentsOf(row).some((agent) => scope.shows(agent)))
  if (shown.length < rows.length)
    say(context, `left out: ${counted(rows.length - shown.length, 'row')} not of ${scope.words}`)
  return shown
}

/** The namespace and the workload in the id of an agent of a cluster; undefined of any other. */
export function placeOf(agent: string): { readonly namespace: string; readonly workload: string } | undefined {
  // The cluster's name comes first and may hold anything; a namespace and a workload hold no slash.
  const { namespace, workload } = /^k8s:.*\/(?<namespace>[^/]+)\/(?<workload>[^/]+)$/s.exec(agent)?.groups ?? {}
  return namespace === undefined || workload === undefined ? undefined : { namespace, workload }
}
