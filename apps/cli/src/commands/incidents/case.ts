import { ours } from '../../called-as.ts'
import type { CaseDeedWire, CaseWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { CaseFlags, ClassifyFlags, CloseFlags, RunbookFlags } from './case-commands.ts'

/** Opens the case of an incident. */
export async function incidentsOpen(this: CliContext, flags: CaseFlags, id: string): Promise<void> {
  await take(this, flags, id, { do: 'open' })
}

/** Accepts a type. */
export async function incidentsClassify(this: CliContext, flags: ClassifyFlags, id: string): Promise<void> {
  await take(this, flags, id, { do: 'classify', type: flags.type, reason: flags.reason })
}

/** Closes a case. */
export async function incidentsClose(this: CliContext, flags: CloseFlags, id: string): Promise<void> {
  await take(this, flags, id, { do: 'close', resolution: flags.as, reason: flags.reason })
}

/** Shows where a case stands, or takes one step of it. */
export async function incidentsRunbook(this: CliContext, flags: RunbookFlags, id: string): Promise<void> {
  const api = openApi(this, flags)
  const steps = deedsOf(flags)
  const [deed, ...others] = steps
  if (others.length > 0) throw new CliError('usage', 'one step at a time: name one of --open, --close, --done, ...')
  if (deed === undefined)
    return print(this, flags, await api.call('getCase', { params: { incident: await resolveIncident(api, id) } }))
  await take(this, flags, id, deed)
}

function deedsOf(flags: RunbookFlags): readonly CaseDeedWire[] {
  const { open, close, done, attach, notExpected, state, revert, justify, reason, entries = [] } = flags
  const proof = { entries: [...entries] }
  const none = notExpected && reason !== undefined ? ({ notExpected: true, reason } as const) : {}
  if (notExpected && (attach === undefined || reason === undefined || entries.length > 0))
    throw new CliError('usage', '--not-expected goes with --attach and --reason, and without --entries')
  if ((done !== undefined || (attach !== undefined && !notExpected)) && entries.length === 0)
    throw new CliError('usage', 'what was done is shown by log entries', { remedy: 'add --entries 311,318' })
  const settled = (action: string | undefined, how: 'reverted' | 'justified'): readonly CaseDeedWire[] => {
    if (action === undefined) return []
    if (reason === undefined) throw new CliError('usage', 'say why with --reason: it is recorded')
    return [{ do: 'settle', action, how, reason }]
  }
  return [
    ...(open === undefined ? [] : [{ do: 'open-phase', phase: open } as const]),
    ...(close === undefined ? [] : [{ do: 'close-phase', phase: close } as const]),
    ...(done === undefined ? [] : [{ do: 'finish-task', task: done, ...proof } as const]),
    ...(attach === undefined ? [] : [{ do: 'attach', evidence: attach, ...proof, ...none } as const]),
    ...(state === undefined ? [] : [{ do: 'state', ...state, ...proof } as const]),
    ...settled(revert, 'reverted'),
    ...settled(justify, 'justified'),
  ]
}

async function take(context: CliContext, flags: CaseFlags, id: string, deed: CaseDeedWire): Promise<void> {
  const api = openApi(context, flags)
  const incident = await resolveIncident(api, id)
  print(context, flags, await api.call('stepCase', { params: { incident }, body: deed }))
}

function print(context: CliContext, flags: CaseFlags, found: CaseWire): void {
  const format = formatOf(flags, 'table')
  if (format === 'table') context.stdout.write(pageText(found, paintOf(context), context.program))
  else printDocument(context, format, found)
}

const MARKS = { 'not-open': '.', open: 'o', closed: 'x', reopened: 'o', superseded: '-' } as const

function pageText(found: CaseWire, paint: Paint, program: string | undefined): string {
  const { incident, opened, type, seals, phases, actions, end, refused } = found
  if (opened === undefined) return ours`${incident} has no case yet: holdfast incidents open ${incident}\n`.as(program)
  const seal = seals.at(-1)
  return `${[
    `${paint.bold(incident)}  ${type ?? paint.warn(ours`no type is accepted: holdfast incidents classify`.as(program))}`,
    ...(end === undefined ? [] : [`closed as ${end.resolution} by ${inert(end.by)}: ${inert(end.reason)}`]),
    ...(seal === undefined
      ? []
      : [
          `sealed to entry ${seal.size}, complete to ${Math.floor(seal.completeness * 100)} %, root ${seal.rootHash.slice(0, 12)}`,
        ]),
    '',
    ...matrixLines(found),
    '  x closed   o open   . not open   - left for another type',
    ...shownOf(phases).flatMap((phase) => phaseLines(phase, paint)),
    ...(actions.length === 0 ? [] : ['', paint.bold('ACTIONS')]),
    ...actions.map((one) => `  ${inert(one.id)}  ${inert(one.words)}: ${one.state}, ${one.settlement}`),
    ...refused.map(({ position, reason }) => paint.warn(`step #${position} does not stand: ${inert(reason)}`)),
  ].join('\n')}\n`
}

/** The phases that are worked, else the next one. */
function shownOf(phases: CaseWire['phases']): CaseWire['phases'] {
  const worked = phases.filter(({ status }) => status === 'open' || status === 'reopened')
  return worked.length > 0 ? worked : phases.filter(({ status }) => status !== 'closed').slice(0, 1)
}

/** Three types by six phases: x closed, o open, - left for another type. */
function matrixLines({ matrix, type }: CaseWire): readonly string[] {
  const rows = [...Map.groupBy(matrix, (cell) => cell.type)]
  const names = rows[0]?.[1].map(({ phase }) => phase.padEnd(9)) ?? []
  return [
    `  ${''.padEnd(28)}${names.join(' ')}`,
    ...rows.map(([of, cells]) =>
      `${of === type ? '> ' : '  '}${of.padEnd(28)}${cells.map(({ status }) => MARKS[status].padEnd(9)).join(' ')}`.trimEnd(),
    ),
  ]
}

function phaseLines(phase: CaseWire['phases'][number], paint: Paint): readonly string[] {
  const line = ({ says, holds, found, entries }: CaseWire['phases'][number]['leaves'][number]): string => {
    const at = entries.length === 0 ? '' : `  #${entries.slice(0, 3).join(' #')}`
    return `  ${holds ? paint.good('+') : paint.warn('-')} ${says} (${inert(found)})${at}`
  }
  return [
    '',
    `${paint.bold(phase.phase.toUpperCase())}  ${phase.status}; ${phase.action}; owner ${phase.owner}`,
    ...(phase.status === 'not-open' ? ['opens when', ...phase.enters.map(line)] : []),
    'closes when',
    ...phase.leaves.map(line),
    'tasks',
    ...phase.tasks.map(({ id, team, done }) => `  ${done === undefined ? ' ' : 'x'} ${id}  ${team}`),
    'evidence',
    ...phase.evidence.map(({ id, says, entries, notExpected }) => {
      const none = notExpected === undefined ? '' : ` (not expected: ${inert(notExpected)})`
      return `  ${entries.length === 0 && none === '' ? ' ' : 'x'} ${id}  ${says}${none}`
    }),
  ]
}
