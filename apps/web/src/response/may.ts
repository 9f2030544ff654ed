import type { Answer } from '@holdfast/api'
import type { Plan } from './plan.ts'

type Session = Answer<'getSession'>

/** Weakest first; what a role may, those behind it may too. */
const RANKS: readonly string[] = ['viewer', 'analyst', 'responder', 'admin']

/** Why the caller may not do what needs a role; undefined where it may. */
export function roleObstacle(
  session: Session | undefined,
  needed: 'analyst' | 'responder' | 'admin',
): string | undefined {
  if (session === undefined) return 'who you are is not known yet'
  const has = RANKS.indexOf(session.role) >= RANKS.indexOf(needed)
  return has ? undefined : `it needs the role ${needed}, and you are ${session.role}`
}

/** As whom the caller could say yes to a plan, or why it cannot. */
export function approvalBy(
  session: Session | undefined,
  { approval, state }: Plan,
): { readonly role: Plan['approval']['roles'][number] } | { readonly obstacle: string } {
  const refused = roleObstacle(session, 'analyst')
  if (refused !== undefined || session === undefined) return { obstacle: refused ?? '' }
  if (state !== 'planned') return { obstacle: `it is ${state} already` }
  if (approval.kind === 'automatic') return { obstacle: 'nobody has to say yes to it' }
  if (approval.missing.length === 0) return { obstacle: 'everybody who has to has said yes' }
  const given = approval.given.filter(({ by }) => by === session.name).map(({ role }) => role)
  const own = approval.roles.find((role) => session.approves.includes(role) && !given.includes(role))
  return own === undefined ? { obstacle: `you have given what you can; ${approval.missing.join(', ')}` } : { role: own }
}

/** Why a plan cannot be applied now; undefined where the server may be asked to. */
export function applyObstacle(session: Session | undefined, plan: Plan, nowMs: number): string | undefined {
  const refused = roleObstacle(session, 'responder')
  if (refused !== undefined) return refused
  if (plan.state !== 'planned') return `it is ${plan.state} already`
  if (plan.approval.missing.length > 0) return plan.approval.missing.join(', ')
  // Nanoseconds since 1970 as milliseconds: exact enough for a quarter of an hour.
  return nowMs > Number(BigInt(plan.validUntil) / 1_000_000n) ? 'it is stale: make a new one' : undefined
}

/** Why nothing of a plan can be taken back; undefined where something can. */
export function releaseObstacle(session: Session | undefined, plan: Plan): string | undefined {
  const refused = roleObstacle(session, 'responder')
  if (refused !== undefined) return refused
  const isInEffect = plan.steps.some(({ state }) => state === 'applied' || state === 'confirmed' || state === 'failed')
  return isInEffect ? undefined : 'nothing of it is in effect'
}
