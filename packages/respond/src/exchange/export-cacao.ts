import type { Cell, Phase, Runbook, Task } from '../runbook/runbook.ts'
import type { CacaoPlaybook, CacaoPlaybookType, CacaoStep } from './cacao.ts'
import { derivedUuid, playbookUuid } from './uuid.ts'

/** The extension under which our parts stand that CACAO has no word for: conditions, evidence, teams, the five procedures. */
export const RUNBOOK_EXTENSION = `extension-definition--${derivedUuid('holdfast', 'runbook-extension', '1')}`

export type CacaoExport = {
  /** `identity--<uuid>` of who publishes it. */
  readonly createdBy: string
  /** RFC 3339 in UTC with three digits of fraction. */
  readonly created: string
  readonly modified: string
}

export const PLAYBOOK_TYPE: Readonly<Record<Phase, CacaoPlaybookType>> = {
  detect: 'detection',
  analyze: 'investigation',
  contain: 'mitigation',
  eradicate: 'remediation',
  recover: 'remediation',
  learn: 'prevention',
}

const ACTIVITY: Readonly<Record<Phase, string>> = {
  detect: 'match-indicator',
  analyze: 'analyze-collected-data',
  contain: 'restrict-access',
  eradicate: 'eliminate-risk',
  recover: 'restore-capabilities',
  learn: 'configure-systems',
}

/** A runbook as CACAO 2.0: one playbook that calls six, one for each cell. Every step is work for a person to release. */
export function exportCacao(runbook: Runbook, options: CacaoExport): readonly CacaoPlaybook[] {
  const cells = runbook.cells.map((cell) => cellPlaybook(runbook, cell, options))
  const idFor = (type: string, part: string): string => `${type}--${derivedUuid(runbook.type, 'whole', part)}`
  const start = idFor('start', 'start')
  const end = idFor('end', 'end')
  const callOf = (at: number): string => (at < cells.length ? idFor('playbook-action', `call ${at}`) : end)
  const types = [...new Set(runbook.cells.map(({ phase }) => PLAYBOOK_TYPE[phase]))]
  const name = `${runbook.name}: all phases`
  const whole: CacaoPlaybook = {
    ...head({ name, types, activities: [...new Set(Object.values(ACTIVITY))], options }),
    description: runbook.procedures.containment,
    impact: runbook.impact,
    labels: [runbook.type],
    workflow_start: start,
    workflow: {
      [start]: { type: 'start', on_completion: callOf(0) },
      ...Object.fromEntries(
        cells.map((cell, at): [string, CacaoStep] => [
          callOf(at),
          { type: 'playbook-action', name: cell.name, playbook_id: cell.id, on_completion: callOf(at + 1) },
        ]),
      ),
      [end]: { type: 'end' },
    },
    playbook_extensions: {
      [RUNBOOK_EXTENSION]: {
        incident_type: runbook.type,
        runbook_version: runbook.version,
        runbook_name: runbook.name,
        procedures: runbook.procedures,
      },
    },
    extension_definitions: definition(options),
  }
  return [whole, ...cells]
}

function cellPlaybook(runbook: Runbook, cell: Cell, options: CacaoExport): CacaoPlaybook {
  const { phase, tasks, owner, action, csf, enters, leaves, evidence } = cell
  const idFor = (type: string, part: string): string => `${type}--${derivedUuid(runbook.type, phase, part)}`
  const teams = [...new Set(tasks.map(({ team }) => team))]
  const end = idFor('end', 'end')
  const actionStep = (task: Task, next: string): [string, CacaoStep] => [
    idFor('action', task.id),
    {
      type: 'action',
      name: task.id,
      commands: [{ type: 'manual', command: task.says, playbook_activity: ACTIVITY[phase] }],
      agent: idFor('group', task.team),
      on_completion: next,
      step_extensions: {
        [RUNBOOK_EXTENSION]: {
          task_id: task.id,
          team: task.team,
          ...(task.skill === undefined ? {} : { skill: task.skill }),
        },
      },
    },
  ]
  const body = tasks.length === 1 ? tasks.map((task) => actionStep(task, end)) : besideEachOther()
  const [first] = body[0] ?? [end]
  const start = idFor('start', 'start')
  return {
    ...head({
      name: `${runbook.name}: ${phase}`,
      types: [PLAYBOOK_TYPE[phase]],
      activities: [ACTIVITY[phase]],
      options,
    }),
    description: action,
    labels: [runbook.type, phase],
    workflow_start: start,
    workflow: {
      [start]: { type: 'start', on_completion: first },
      ...Object.fromEntries(body),
      [end]: { type: 'end' },
    },
    playbook_extensions: { [RUNBOOK_EXTENSION]: { phase, owner, action, csf, enters, leaves, evidence } },
    agent_definitions: Object.fromEntries(
      teams.map((team) => [idFor('group', team), { type: 'group', name: team } as const]),
    ),
    extension_definitions: definition(options),
  }

  /** Each branch of a parallel step has an end of its own, as CACAO asks. */
  function besideEachOther(): [string, CacaoStep][] {
    const branches = tasks.flatMap((task): [string, CacaoStep][] => {
      const branchEnd = idFor('end', `branch ${task.id}`)
      return [actionStep(task, branchEnd), [branchEnd, { type: 'end' }]]
    })
    const next_steps = tasks.map(({ id }) => idFor('action', id))
    return [[idFor('parallel', 'tasks'), { type: 'parallel', next_steps, on_completion: end }], ...branches]
  }
}

type Head = {
  readonly name: string
  readonly types: readonly CacaoPlaybookType[]
  readonly activities: readonly string[]
  readonly options: CacaoExport
}

function head({ name, types, activities, options: { createdBy, created, modified } }: Head) {
  return {
    type: 'playbook',
    spec_version: 'cacao-2.0',
    id: `playbook--${playbookUuid(name, types)}`,
    name,
    playbook_types: types,
    playbook_activities: activities,
    created_by: createdBy,
    created,
    modified,
  } as const
}

function definition({ createdBy }: CacaoExport): NonNullable<CacaoPlaybook['extension_definitions']> {
  return {
    [RUNBOOK_EXTENSION]: {
      type: 'extension-definition',
      name: 'Holdfast runbook',
      description: 'Conditions, evidence, owning teams and procedures of a runbook for incidents of AI agents.',
      created_by: createdBy,
      schema: 'docs/responding.md of Holdfast',
      version: '1.0.0',
    },
  }
}
