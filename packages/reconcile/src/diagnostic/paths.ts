import type { DiagnosticTarget } from './facts.ts'

/** A page of the agent in the workspace, as of the instant where one was chosen. */
export function agentPath({ agent, at, isChosen }: DiagnosticTarget, tab: string): string {
  return `/agents/${encodeURIComponent(agent)}/${tab}${isChosen ? `?at=${encodeURIComponent(at)}` : ''}`
}

/** The whole diagnostic of an agent; the instant is always in it, so that it can be shared. */
export function diagnosticPath({ agent, at }: DiagnosticTarget, question?: string): string {
  const query = `agent=${encodeURIComponent(agent)}&at=${encodeURIComponent(at)}`
  return `/diagnostic?${query}${question === undefined ? '' : `&question=${question}`}`
}
