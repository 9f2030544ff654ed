import { applyAsks, type Body, type ResponsePolicyWire } from '@holdfast/api'
import { parseRfc3339 } from '@holdfast/model'
import type { Approver } from '@holdfast/respond'
import type { FastifyRequest } from 'fastify'
import { approverOf } from '../accounts/approver.ts'
import type { Caller } from '../http/auth.ts'
import type { Handlers } from '../http/handlers.ts'
import { assertMatches, etagOf } from '../http/conditional.ts'
import { HttpError } from '../http/problem.ts'
import type { Rosters } from '../roster/rosters.ts'
import type { PlanBook } from './plan-book.ts'
import type { KeptPlan } from './plan-state.ts'
import type { Plans } from './plans.ts'
import type { ResponsePolicies } from './policy.ts'
import type { Situations } from './situation.ts'
import { PLANS_LISTED } from './limits.ts'
import { planTag, planWire } from './wire.ts'

type ResponseRoute =
  | 'makeResponsePlan'
  | 'listResponsePlans'
  | 'listPlans'
  | 'getResponsePlan'
  | 'approveResponsePlan'
  | 'signResponsePlan'
  | 'applyResponsePlan'
  | 'releaseResponsePlan'
  | 'getResponsePolicy'
  | 'putResponsePolicy'

/** What answers incidents, and who lets it. */
export type Response = {
  readonly plans: Plans
  readonly book: PlanBook
  readonly policies: ResponsePolicies
  readonly situations: Situations
}

/** Who may approve is found out for each call, of the roster as it is then. */
export function responseHandlers({
  response: { plans, book, policies, situations },
  rosters,
}: {
  readonly response: Response
  readonly rosters: Rosters
}): Pick<Handlers, ResponseRoute> {
  const approverFor = (plan: string, caller: Caller): Approver =>
    approverOf(caller, plans.found(plan).made.basis.agents, rosters)
  return {
    makeResponsePlan: async ({ params, body, caller }) =>
      planWire(
        await plans.make({
          incident: params.incident,
          by: caller.name,
          told: body.told ?? {},
          rung: body.rung,
          ttlMs: body.ttlMs,
          // Who makes a plan by hand has a person say yes to it.
          automatic: 'off',
        }),
      ),
    listResponsePlans: async ({ params, query }) => ({
      items: updatedIn(query, book.list(await situations.incident(params.incident))).map(planWire),
    }),
    listPlans: async ({ query }) => {
      const all = updatedIn(query, query.standing === undefined ? book.list() : book.standing())
      return { items: all.slice(0, query.limit ?? PLANS_LISTED).map(planWire), total: all.length }
    },
    getResponsePlan: async ({ params }) => planWire(plans.found(params.plan)),
    approveResponsePlan: async ({ params, body, caller, request }) =>
      planWire(await plans.approve(params.plan, approverFor(params.plan, caller), body.role, asSeenBy(request))),
    signResponsePlan: async ({ params, body, caller }) =>
      planWire(await plans.sign(params.plan, approverFor(params.plan, caller), body.reason)),
    applyResponsePlan: async ({ params, body, caller, request }) => {
      assertAnswered(plans.found(params.plan), body)
      return planWire(await plans.apply(params.plan, caller.name, { reason: body.reason, look: asSeenBy(request) }))
    },
    releaseResponsePlan: async ({ params, body, caller }) =>
      planWire(await plans.release(params.plan, caller.name, body)),
    getResponsePolicy: async () => policyWire(policies.current()),
    putResponsePolicy: async ({ body, caller }) =>
      policyWire(await policies.decide(body.policy, body.reason, caller.name)),
  }
}

/** Those that something became of since then; all of them where nobody asks for that. */
function updatedIn(
  { updated_since: since }: { readonly updated_since?: string | undefined },
  plans: readonly KeptPlan[],
): readonly KeptPlan[] {
  const from = since === undefined ? undefined : parseRfc3339(since)
  return from === undefined ? plans : plans.filter(({ history }) => (history.at(-1)?.at ?? 0n) >= from)
}

/** Throws 412 for a plan that is no longer as the caller saw it, if the caller says how that was. */
function asSeenBy({ headers }: FastifyRequest): (kept: KeptPlan) => void {
  return (kept) => assertMatches(headers['if-match'], etagOf(planTag(kept)))
}

/** What the page asks before the deed is asked of everybody who applies by hand. */
function assertAnswered(kept: KeptPlan, { reason, name }: Body<'applyResponsePlan'>): void {
  const asked = applyAsks(planWire(kept))
  if (asked.name !== undefined && name !== asked.name)
    throw new HttpError(400, `name: it ends "${asked.name}" for good, and is applied with that name`)
  if (asked.reason !== undefined && (reason ?? '').trim() === '') throw new HttpError(400, `reason: ${asked.reason}`)
}

function policyWire({ policy, by, reason, entry }: ReturnType<ResponsePolicies['current']>): ResponsePolicyWire {
  const { twoPerson } = policy
  return {
    policy: { ...policy, twoPerson: { rungs: [...twoPerson.rungs], agents: [...twoPerson.agents] } },
    ...(by === undefined ? {} : { by, entry }),
    reason,
  }
}
