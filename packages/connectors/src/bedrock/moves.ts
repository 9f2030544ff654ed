import type { PlanStep } from '@holdfast/respond'

import { deedOf } from '../hold.ts'
import type { AliasWish } from './alias-hold.ts'

/** An agent of Bedrock, as the target of a step names it. */
export type AgentRef = { readonly region: string; readonly account: string; readonly id: string }

/** What a step comes to at the aliases of an agent: nobody gets through any of them, or those named lead elsewhere. */
export type Move =
  | { readonly kind: 'reject'; readonly ref: AgentRef }
  | { readonly kind: 'reroute'; readonly ref: AgentRef; readonly routes: ReadonlyMap<string, string> }

export function refText({ region, account, id }: AgentRef): string {
  return `arn:aws:bedrock:${region}:${account}:agent/${id}`
}

export function parseRef(text: string): AgentRef | undefined {
  const [, region, account, id] = /^arn:aws:bedrock:([a-z0-9-]+):(\d{12}):agent\/([0-9a-zA-Z]{10})$/.exec(text) ?? []
  return region === undefined || account === undefined || id === undefined ? undefined : { region, account, id }
}

/** One alias that leads elsewhere, as a part of a target: `ALIAS00001=2`. */
export function routePart(alias: string, route: string): string {
  return `${alias}=${route}`
}

/** The move of a step, or why Bedrock has none for it: what R3 and above need, no API of a hosted agent offers. */
export function moveOf(step: PlanStep): Move | string {
  const ref = parseRef(step.target.name)
  if (ref === undefined) return `"${step.target.name}" names no agent of Bedrock`
  const deed = deedOf(step)
  switch (deed) {
    case 'restrict':
      return rerouting(ref, step.target.parts ?? [])
    case 'soft-quarantine':
      return { kind: 'reject', ref }
    case 'pause':
      return 'R3 is not available: no API of Bedrock freezes an agent that runs; R2 lets nobody in by its aliases'
    case 'stop':
    case 'kill':
      return 'R4 and R5 are not available: Bedrock ends no agent but by deleting it, which cannot be undone'
    default:
      return `${deed} is nothing that is done to an alias`
  }
}

/** What is asked of an alias under a move; undefined for one that it leaves alone. */
export function wishFor(move: Move, alias: string): AliasWish | undefined {
  if (move.kind === 'reject') return { on: 'invocations', value: 'REJECT_INVOCATIONS' }
  const value = move.routes.get(alias)
  return value === undefined ? undefined : { on: 'route', value }
}

function rerouting(ref: AgentRef, parts: readonly string[]): Move | string {
  const routes = parts.flatMap((part): readonly (readonly [string, string])[] => {
    const [, alias, route] = /^([0-9a-zA-Z]{10})=((?:DRAFT|\d{1,5})(?: \S{1,200})?)$/.exec(part) ?? []
    return alias === undefined || route === undefined ? [] : [[alias, route]]
  })
  return routes.length === 0 || routes.length < parts.length
    ? 'R1 is not available: the history of no alias tells an earlier version that it could lead back to'
    : { kind: 'reroute', ref, routes: new Map(routes) }
}
