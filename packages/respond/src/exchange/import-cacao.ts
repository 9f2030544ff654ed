import { MAX_CACAO_PLAYBOOKS } from '../limits.ts'
import type { Runbook } from '../runbook/runbook.ts'
import { PHASES } from '../runbook/runbook.ts'
import { runbookFrom } from '../runbook/parse-runbook.ts'
import type { CacaoPlaybook } from './cacao.ts'
import { brokenReferences, cacaoPlaybookSchema } from './cacao.ts'
import { RUNBOOK_EXTENSION } from './export-cacao.ts'

/** What came of an import. Nothing of it is in force: a person reviews a draft and puts it among the runbooks. */
export type CacaoImport =
  /** All that a runbook has was there. */
  | { readonly status: 'runbook-draft'; readonly runbook: Runbook }
  /** Somebody else's playbook: its steps in words, for a person to make tasks of. */
  | { readonly status: 'steps-draft'; readonly name: string; readonly steps: readonly ForeignStep[] }
  | { readonly status: 'refused'; readonly problems: readonly string[] }

export type ForeignStep = { readonly id: string; readonly name: string; readonly by: string; readonly says: string }

/** Reads playbooks that belong together. `values` are untrusted: what is not on the allow-list is refused, not skipped. */
export function importCacao(values: readonly unknown[]): CacaoImport {
  if (values.length > MAX_CACAO_PLAYBOOKS) return refused([`at most ${MAX_CACAO_PLAYBOOKS} playbooks are read at once`])
  const parsed = values.map((value) => cacaoPlaybookSchema.safeParse(value))
  const problems = parsed.flatMap((result, at) =>
    result.success
      ? brokenReferences(result.data).map((problem) => `playbook ${at + 1}: ${problem}`)
      : result.error.issues.map(({ path, message }) => `playbook ${at + 1}: ${path.join('.')}: ${message}`),
  )
  if (problems.length > 0) return refused(problems)
  const playbooks = parsed.flatMap((result) => (result.success ? [result.data] : []))
  const whole = playbooks.find((playbook) => extensionOf(playbook)?.['incident_type'] !== undefined)
  if (whole !== undefined) return runbookOf(whole, playbooks)
  const [first] = playbooks
  if (first === undefined) return refused(['there is no playbook'])
  return { status: 'steps-draft', name: first.name, steps: playbooks.flatMap(foreignSteps) }
}

function runbookOf(whole: CacaoPlaybook, playbooks: readonly CacaoPlaybook[]): CacaoImport {
  const extension = extensionOf(whole)
  const cells = PHASES.flatMap((phase) => {
    const playbook = playbooks.find((each) => each !== whole && extensionOf(each)?.['phase'] === phase)
    return playbook === undefined ? [] : [{ ...extensionOf(playbook), tasks: tasksOf(playbook) }]
  })
  const result = runbookFrom({
    type: extension?.['incident_type'],
    version: extension?.['runbook_version'],
    name: extension?.['runbook_name'],
    impact: whole.impact,
    procedures: extension?.['procedures'],
    cells,
  })
  return result.status === 'parsed'
    ? { status: 'runbook-draft', runbook: result.value }
    : refused(result.mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`))
}

/** Tasks in the order in which the workflow names them. */
function tasksOf({ workflow, workflow_start }: CacaoPlaybook): readonly unknown[] {
  const start = workflow[workflow_start]
  const first = start?.type === 'start' ? start.on_completion : ''
  const step = workflow[first]
  const ids = step?.type === 'parallel' ? step.next_steps : [first]
  return ids.flatMap((id) => {
    const action = workflow[id]
    if (action?.type !== 'action') return []
    const { task_id: taskId, team, skill } = action.step_extensions?.[RUNBOOK_EXTENSION] ?? {}
    return [{ id: taskId, team, says: action.commands[0]?.command, ...(skill === undefined ? {} : { skill }) }]
  })
}

function foreignSteps({ workflow, agent_definitions }: CacaoPlaybook): readonly ForeignStep[] {
  return Object.entries(workflow).flatMap(([id, step]) =>
    step.type === 'action'
      ? [
          {
            id,
            name: step.name ?? '',
            by: agent_definitions?.[step.agent]?.name ?? '',
            says: step.commands.map(({ command }) => command).join('; '),
          },
        ]
      : [],
  )
}

function extensionOf(playbook: CacaoPlaybook): Readonly<Record<string, unknown>> | undefined {
  return playbook.playbook_extensions?.[RUNBOOK_EXTENSION]
}

function refused(problems: readonly string[]): CacaoImport {
  return { status: 'refused', problems }
}
