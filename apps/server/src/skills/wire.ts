import type { RehearsalWire, SkillRunWire, SkillsWire } from '@holdfast/api'
import type { rehearse, Skill } from '@holdfast/respond'
import type { KnownSkill } from './library.ts'
import type { RunState } from './run-state.ts'
import type { Approval } from './skills.ts'

export function skillWire({ skill, origin }: KnownSkill, approval: Approval | undefined): SkillsWire['skills'][number] {
  const { front, steps, digest } = skill
  return {
    name: front.name,
    description: front.description,
    version: steps.version,
    digest,
    origin,
    standing: origin === 'shipped' ? 'shipped' : approval === undefined ? 'not-approved' : 'approved',
    ...(approval === undefined
      ? {}
      : { approved: { by: approval.by, reason: approval.reason, entry: approval.entry } }),
    inputs: steps.inputs.map(({ name, kind }) => ({ name, kind })),
  }
}

export function rehearsalWire(rehearsed: ReturnType<typeof rehearse>): RehearsalWire {
  return rehearsed.status === 'missing'
    ? { status: 'missing', missing: [...rehearsed.inputs], steps: [] }
    : { status: 'ready', missing: [], steps: rehearsed.steps.map((step) => ({ ...step })) }
}

/** A run as the API shows it. Steps that were not come to are those of the skill as it is now, where it still is there. */
export function runWire({ started, state, steps }: RunState, skill: Skill | undefined): SkillRunWire {
  const { run, skill: name, version, digest, incident, targets, by } = started
  const known = skill?.digest === digest ? skill.steps.steps : []
  const ids = [...new Set([...known.map(({ id }) => id), ...steps.keys()])]
  return {
    run,
    skill: name,
    version,
    digest,
    incident,
    targets: { ...targets },
    state,
    by,
    steps: ids.map((id) => {
      const step = steps.get(id)
      return {
        id,
        do: known.find((one) => one.id === id)?.do ?? 'unknown',
        state: step?.state ?? 'open',
        detail: step?.detail ?? '',
        ...(step?.plan === undefined ? {} : { plan: step.plan }),
        entries: [...(step?.entries ?? [])],
      }
    }),
  }
}
