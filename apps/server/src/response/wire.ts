import type { ResponsePlanWire } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import { approvalsMissing } from '@holdfast/respond'
import type { PlanDeed } from './plan-record.ts'
import { endsAt, type KeptPlan, type PlanEvent } from './plan-state.ts'

/** A plan as the API shows it. */
export function planWire(kept: KeptPlan): ResponsePlanWire {
  const { hash, made, approvals, signatures, appliedAt, appliedBy, outcome } = kept
  const { plan, basis, left } = made
  const ends = endsAt(kept)
  const confirmed = confirmedAt(kept)
  return {
    hash,
    etag: planTag(kept),
    incident: plan.incident,
    type: plan.type,
    row: plan.row,
    judgedAt: plan.judgedAt,
    tier: plan.tier,
    state: appliedAt !== undefined && outcome.state === 'planned' ? 'under-way' : outcome.state,
    words: outcome.words,
    approval: {
      kind: plan.approval.kind,
      roles: plan.approval.kind === 'people' ? [...plan.approval.roles] : [],
      people: plan.people,
      given: approvals.map(({ by, role, at }) => ({ by, role, at: String(at) })),
      missing: [...approvalsMissing(plan, approvals)],
    },
    signatures: signatures.map(({ name, reason, at }) => ({ by: name, reason, at: String(at) })),
    steps: stepsWire(kept),
    left: left.map((one) => ({ ...one })),
    duties: [...plan.duties],
    why: [...basis.why],
    seal: { ...basis.seal },
    completeness: basis.completeness,
    requestedBy: plan.requestedBy,
    plannedAt: String(plan.plannedAt),
    validUntil: String(plusMs(plan.plannedAt, plan.validMs)),
    graphAt: String(basis.graphAt),
    ...(basis.deadlineMs === undefined ? {} : { deadline: String(plusMs(basis.graphAt, basis.deadlineMs)) }),
    ...(appliedAt === undefined ? {} : { appliedAt: String(appliedAt) }),
    ...(appliedBy === undefined ? {} : { appliedBy }),
    ...(confirmed === undefined ? {} : { confirmedAt: String(confirmed) }),
    ...(ends === undefined ? {} : { endsAt: String(ends) }),
    history: kept.history.map(eventWire),
  }
}

/** Another one with everything that becomes of it: which plan, and its newest record. All of what is shown follows from these. */
export function planTag({ hash, madeEntry, history }: KeptPlan): string {
  return `${hash.slice(0, 16)}-${history.at(-1)?.entry ?? madeEntry}`
}

/** When the last of its steps was first found held; undefined where one never was. */
export function confirmedAt({ made: { plan }, steps }: KeptPlan): UnixNano | undefined {
  const times = plan.steps.flatMap(({ id }) => heldAt(steps, id) ?? [])
  if (times.length < plan.steps.length) return undefined
  return times.reduce(
    (latest: UnixNano | undefined, at) => (latest === undefined || at > latest ? at : latest),
    undefined,
  )
}

/** When one step was first found held, by every way that was tried. */
function heldAt(steps: KeptPlan['steps'], id: string): UnixNano | undefined {
  return steps.find(
    (record) =>
      record.step === id &&
      record.kind === 'probed' &&
      record.probes.length > 0 &&
      record.probes.every((probe) => probe.held),
  )?.at
}

function stepsWire({ made: { plan, previews }, outcome, steps }: KeptPlan): ResponsePlanWire['steps'] {
  return plan.steps.map((step, at) => {
    const state = outcome.steps[at]
    const own = steps.filter((record) => record.step === step.id)
    const probed = own.findLast((record) => record.kind === 'probed')
    const held = heldAt(own, step.id)
    const { parts, envelope, ...target } = step.target
    return {
      id: step.id,
      provider: step.provider,
      agent: step.agent,
      target: {
        ...target,
        ...(parts === undefined ? {} : { parts: [...parts] }),
        ...(envelope === undefined
          ? {}
          : { envelope: { ...envelope, lines: [...envelope.lines], shut: [...envelope.shut] } }),
      },
      deed: { ...step.deed },
      isReversible: step.isReversible,
      ttlMs: step.ttlMs,
      preview: previews.find((preview) => preview.step === step.id)?.words ?? '',
      state: state?.state ?? 'planned',
      effect: state?.effect ?? 'none',
      detail: state?.detail ?? '',
      probes: probed?.kind === 'probed' ? probed.probes.map((probe) => ({ ...probe })) : [],
      ...(held === undefined ? {} : { heldAt: String(held) }),
      entries: own.map(({ entry }) => entry),
    }
  })
}

function eventWire({ deed, by, at, entry }: PlanEvent): ResponsePlanWire['history'][number] {
  return { do: deed.do, by: by ?? 'Holdfast', at: String(at), entry, words: wordsOf(deed) }
}

function wordsOf(deed: PlanDeed): string {
  switch (deed.do) {
    case 'made':
      return `${deed.plan.steps.length} steps planned`
    case 'approved':
      return `approved as ${deed.role}`
    case 'approval-refused':
      return `may not approve as ${deed.role}: ${deed.reasons.join('; ')}`
    case 'signed':
      return `signed the override: ${deed.reason}`
    case 'applying':
      return `nothing stands against it${deed.reason === undefined ? '' : `: ${deed.reason}`}`
    case 'apply-refused':
      return `not applied: ${deed.reasons.join('; ')}`
    case 'releasing':
      return `to be released: ${deed.reason}`
    case 'step':
      return stepWords(deed.step)
  }
}

function stepWords(step: Extract<PlanDeed, { readonly do: 'step' }>['step']): string {
  switch (step.kind) {
    case 'requested':
      return `${step.step}: asked for`
    case 'answered':
      return `${step.step}: ${step.outcome.status}: ${step.outcome.detail}`
    case 'probed': {
      if (step.unable !== undefined) return `${step.step}: could not be tried: ${step.unable}`
      const open = step.probes.filter(({ held }) => !held)
      return `${step.step}: ${step.probes.length} probes, ${open.length} got through${open.map(({ way }) => ` ${way}`).join(',')}`
    }
    case 'reverting':
      return `${step.step}: to be taken back: ${step.why}`
    case 'reverted':
      return `${step.step}: taken back, ${step.outcome.status}: ${step.outcome.detail}`
  }
}

function plusMs(at: UnixNano, ms: number): bigint {
  return at + BigInt(ms) * 1_000_000n
}
