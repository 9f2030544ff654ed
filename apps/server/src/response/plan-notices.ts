import type { UnixNano } from '@holdfast/model'
import { type Notice, RUNG_NATURE } from '@holdfast/respond'
import type { KeptPlan } from './plan-state.ts'
import type { Situation } from './situation.ts'

/** Somebody has to say yes. */
export function approvalAsked(kept: KeptPlan, { incident, decision }: Situation, at: UnixNano): Notice {
  const { plan, previews, left, basis } = kept.made
  const roles = plan.approval.kind === 'people' ? plan.approval.roles : []
  return {
    id: `${kept.hash}/approval-asked`,
    kind: 'approval-asked',
    incident: incident.id,
    type: incident.type,
    severity: decision.clock === '60 s' ? 'critical' : 'high',
    title: `${RUNG_NATURE[decision.rung].code} ${decision.rung} waits for ${roles.join(' and ')}`,
    lines: [
      ...basis.why,
      ...previews.map(({ step, words }) => `${step}: ${words}`),
      ...left.map(({ what, why }) => `not in it: ${what}: ${why}`),
    ],
    for: roles,
    plan: kept.hash,
    path: pathOf(incident.id),
    at,
  }
}

/** Nobody can do anything of what an incident asks for. `why`: a refusal, whose lines are lines here; `thought` tells one judgement from the next. */
export function nothingPlanned(
  incident: string,
  { why, rungAt, thought }: { readonly why: string; readonly rungAt: number; readonly thought: string },
  at: UnixNano,
): Notice {
  return {
    id: `${incident}/nothing-connected/${rungAt}/${thought}`.slice(0, 200),
    kind: 'plan-failed',
    incident,
    severity: 'critical',
    title: 'an incident asks for a hold and nobody is connected who can make it',
    lines: why.split('\n'),
    for: ['on-call'],
    path: pathOf(incident),
    at,
  }
}

/** What came of a plan, once each of its steps was answered and tried. */
export function planDone({ hash, made: { plan, left }, outcome }: KeptPlan, at: UnixNano): Notice {
  const isWhole = outcome.state === 'confirmed'
  return {
    id: `${hash}/done`,
    kind: isWhole ? 'plan-applied' : 'plan-failed',
    incident: plan.incident,
    type: plan.type,
    severity: isWhole ? 'high' : 'critical',
    title: isWhole ? 'a response is confirmed in effect' : 'a response is not in effect as a whole',
    lines: [
      outcome.words,
      ...outcome.steps.map(({ step, state, detail }) => `${step}: ${state} (${detail})`),
      // Who approved it has read what is not in it.
      ...(plan.approval.kind === 'people' ? [] : left.map(({ what, why }) => `not in it: ${what}: ${why}`)),
    ],
    for: plan.approval.kind === 'people' ? plan.approval.roles : ['on-call'],
    plan: hash,
    path: pathOf(plan.incident),
    at,
  }
}

/** Something that was held is held no longer, or was found open. */
export function holdEnded(
  { hash, made: { plan } }: KeptPlan,
  what: { readonly step: string; readonly detail: string },
  at: UnixNano,
): Notice {
  return {
    id: `${hash}/${what.step}/ended/${at}`,
    kind: 'hold-ended',
    incident: plan.incident,
    type: plan.type,
    severity: 'high',
    title: 'a hold of an incident is over',
    lines: [`${what.step}: ${what.detail}`],
    for: ['on-call'],
    plan: hash,
    path: pathOf(plan.incident),
    at,
  }
}

/** Somebody took back what a plan had done. */
export function planReleased(
  { hash, made: { plan } }: KeptPlan,
  { steps, by, reason }: { readonly steps: readonly string[]; readonly by: string; readonly reason: string },
  at: UnixNano,
): Notice {
  return {
    id: `${hash}/released/${at}`,
    kind: 'hold-ended',
    incident: plan.incident,
    type: plan.type,
    severity: 'medium',
    title: `${by} released what held an incident`,
    lines: [`${steps.join(', ')}: ${reason}`],
    for: ['on-call'],
    plan: hash,
    path: pathOf(plan.incident),
    at,
  }
}

/** What is to end cannot be taken back; it is tried on, and people are told once. */
export function notReleased(
  { hash, made: { plan } }: KeptPlan,
  what: { readonly step: string; readonly detail: string },
  at: UnixNano,
): Notice {
  return {
    id: `${hash}/${what.step}/not-released`,
    kind: 'plan-failed',
    incident: plan.incident,
    type: plan.type,
    severity: 'high',
    title: 'a hold that is over could not be released',
    lines: [`${what.step}: ${what.detail}`],
    for: ['on-call'],
    plan: hash,
    path: pathOf(plan.incident),
    at,
  }
}

function pathOf(incident: string): string {
  return `/incidents/${encodeURIComponent(incident)}`
}
