import type { CaseWire } from '@holdfast/api'

type Worked = Pick<CaseWire, 'incident' | 'opened' | 'type'>

/** The command that takes a case on, after the name of the program; undefined where it has ended. */
export function nextStep(found: Worked & Pick<CaseWire, 'phases' | 'end'>): string | undefined {
  const { incident, opened, type, phases, end } = found
  if (end !== undefined) return undefined
  if (opened === undefined) return `incidents open ${incident}`
  if (type === undefined) return `incidents classify ${incident} --type TYPE --reason TEXT`
  const at = phases.find(({ status }) => status !== 'closed')
  return at === undefined ? `incidents close ${incident} --as resolved --reason TEXT` : stepOf({ ...at, type }, found)
}

/** The command that takes one cell of the runbook on; before its type is named, the one that leads there. */
export function stepOf(
  cell: Pick<CaseWire['matrix'][number], 'type' | 'phase' | 'status'>,
  { incident, opened, type }: Worked,
): string {
  if (opened === undefined) return `incidents open ${incident}`
  if (type !== cell.type) return `incidents classify ${incident} --type ${cell.type} --reason TEXT`
  const isOpen = cell.status === 'open' || cell.status === 'reopened'
  return `incidents runbook ${incident} ${isOpen ? '--close' : '--open'} ${cell.phase}`
}
