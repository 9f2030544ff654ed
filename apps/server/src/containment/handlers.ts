import type { Answer } from '@holdfast/api'
import type { ContainmentPlan } from '@holdfast/model'
import type { Handlers } from '../http/handlers.ts'
import type { ViewsClient } from '../views/client.ts'
import type { Containments, Known } from './containments.ts'
import { CONVERSATIONS_LOOKED_AT } from './limits.ts'
import { obstaclesOf, planHashOf } from './plan.ts'

/** The routes that hold agents. */
export function containmentHandlers(
  containments: Containments,
): Pick<
  Handlers,
  'planContainment' | 'applyContainment' | 'confirmContainment' | 'releaseContainment' | 'listContainments'
> {
  return {
    planContainment: async ({ body }) => {
      const plan = await containments.plan(body)
      return { plan: planWire(plan), planHash: planHashOf(plan), obstacles: [...obstaclesOf(plan)] }
    },
    applyContainment: async ({ body, caller }) => wireOf(await containments.apply(body, caller.name)),
    confirmContainment: async ({ params, caller }) =>
      wireOf(await containments.confirm(params.containment, caller.name)),
    releaseContainment: async ({ params, body, caller }) =>
      wireOf(await containments.release(params.containment, caller.name, body.reason)),
    listContainments: async ({ query }) => ({
      items: containments.list(query.target).map(wireOf),
      older: containments.forgotten,
    }),
  }
}

function wireOf({ record, since, endsAt, steps, isExpired }: Known) {
  const { plan, checks } = record
  return {
    ...record,
    plan: planWire(plan),
    checks: [...checks],
    since: since.toString(),
    ...(endsAt === undefined ? {} : { endsAt: endsAt.toString() }),
    steps: steps.map(({ state, by, detail, at, checks: tried }) => ({
      state,
      by,
      detail,
      at: at.toString(),
      checks: [...tried],
    })),
    expired: isExpired,
  }
}

/** Least completeness over an agent's conversations; undefined where it has none. */
export async function leastCompleteness(views: Pick<ViewsClient, 'ask'>, agent: string): Promise<number | undefined> {
  const asked = await views.ask('listConversations', { query: { agent, limit: CONVERSATIONS_LOOKED_AT } })
  const { items, nextCursor } = JSON.parse(asked) as {
    readonly items: readonly { readonly id: string }[]
    readonly nextCursor?: string
  } // our own worker's answer
  if (nextCursor !== undefined) return 0
  let least: number | undefined
  for (const { id } of items) {
    const evidence = await views.ask('getEvidence', { conversation: id })
    const { completeness } = JSON.parse(evidence) as { readonly completeness: number } // likewise
    least = Math.min(least ?? 1, completeness)
  }
  return least
}

function planWire({ envelope, ...plan }: ContainmentPlan): Answer<'planContainment'>['plan'] {
  return {
    ...plan,
    paths: [...plan.paths],
    allow: [...plan.allow],
    ...(envelope === undefined
      ? {}
      : { envelope: { ...envelope, lines: [...envelope.lines], shut: [...envelope.shut] } }),
  }
}
