import { ours, remedyAs, wordsAs } from '../../called-as.ts'
import { counted, junitText } from '@holdfast/model'
import type { Check, EvidenceReadyWire, ModelCoverageWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printList } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import type { DoctorFlags } from './command.ts'
import { localChecks } from './local-checks.ts'

/** Prints the checks of this machine and of the server; ends with `check-failed` where one of them says FAIL. */
export async function doctor(this: CliContext, flags: DoctorFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  // Data name our commands as they are, whoever called this one (docs/cli.md).
  const program = format === 'table' ? this.program : undefined
  const remote = await serverChecks(this, { flags, program })
  const checks = [...(await localChecks({ hasServer: remote.isReachable })), ...remote.checks]
  const { evidence, modelCalls } = remote
  if (format === 'table')
    this.stdout.write(reportOf(checks, paintOf(this), program) + evidenceText(evidence, paintOf(this), program))
  else if (format === 'junit') this.stdout.write(junitOf(checks))
  else {
    const document = {
      checks,
      ...(evidence === undefined ? {} : { evidence }),
      ...(modelCalls === undefined ? {} : { modelCalls }),
    }
    printList(this, { format, columns, rows: checks, document })
  }
  if (checks.some((check) => check.status === 'FAIL')) this.exit('check-failed')
}

/** For a pipeline, which is to end where this command ends with 1: a FAIL is a failure, and a WARN is said beside its case. */
function junitOf(checks: readonly Check[]): string {
  const cases = checks.map(({ title, group, status, detail, remedy }) => {
    const fix = remedy === undefined ? [] : [`fix: ${remedy}`]
    const base = { name: title, group }
    if (status === 'FAIL')
      return { ...base, found: [{ kind: 'failure', message: detail, lines: [detail, ...fix] } as const] }
    return status === 'WARN' ? { ...base, note: [`WARN: ${detail}`, ...fix].join('; ') } : base
  })
  return junitText({ name: 'holdfast doctor', suite: 'doctor', cases })
}

type Remote = {
  readonly isReachable: boolean
  readonly checks: readonly Check[]
  readonly evidence?: EvidenceReadyWire
  readonly modelCalls?: ModelCoverageWire
}

/** What the server says of itself, after the check that there is one. */
async function serverChecks(
  context: CliContext,
  { flags, program }: { readonly flags: DoctorFlags; readonly program: string | undefined },
): Promise<Remote> {
  const base = { group: 'machine', id: 'server', title: 'server answers' } as const
  try {
    const api = openApi(context, flags)
    const { checks, ...rest } = await api.call('doctor')
    return { isReachable: true, checks: [{ ...base, status: 'PASS', detail: api.server.http }, ...checks], ...rest }
  } catch (fault) {
    // Wrong usage is not a finding about the machine; anything else is exactly what this command is asked about.
    if (!(fault instanceof CliError) || fault.code === 'usage') throw fault
    const remedy = wordsAs(fault.remedy ?? ours`holdfast up`, program)
    return { isReachable: false, checks: [{ ...base, status: 'FAIL', detail: fault.message, remedy }] }
  }
}

const columns: readonly Column<Check>[] = [
  { title: 'STATUS', value: (check) => check.status },
  { title: 'GROUP', value: (check) => check.group, isWide: true },
  { title: 'CHECK', value: (check) => check.title },
  { title: 'DETAIL', value: (check) => check.detail },
  { title: 'REMEDY', value: (check) => check.remedy },
  { title: 'ID', value: (check) => check.id, isWide: true },
]

/** One line a check, its remedy below it: remedies are to be copied whole, so they are never cut. */
function reportOf(checks: readonly Check[], paint: Paint, program: string | undefined): string {
  const count = (status: Check['status']): number => checks.filter((check) => check.status === status).length
  const lines = checks.map((check) => {
    const detail = check.detail === '' ? '' : `: ${inert(check.detail)}`
    const remedy = check.remedy === undefined ? '' : `      fix: ${remedyAs(inert(check.remedy), program)}\n`
    return `${paintStatus(check.status, paint)}  ${inert(check.title)}${detail}\n${remedy}`
  })
  return `${lines.join('')}\n${count('PASS')} passed, ${count('WARN')} to look at, ${count('FAIL')} failed\n`
}

/** If an incident happened now: a line for each agent, and below it what would be missing and the setting that captures it. */
function evidenceText(evidence: EvidenceReadyWire | undefined, paint: Paint, program: string | undefined): string {
  if (evidence === undefined || evidence.agents.length === 0) return ''
  const lines = evidence.agents.map(({ name, ready, of, artifacts, why }) => {
    if (why !== undefined) return `  ${paint.warn('?')}  ${inert(name)}: ${inert(why)}\n`
    const marks = artifacts.map(({ id, state }) => `${id} ${SIGNS[state]}`).join('  ')
    const short = artifacts.filter(({ state }) => state === 'partial' || state === 'missing')
    const told = short.map(({ id, because: [first = ''], fix: [remedy] }) => {
      const fix = remedy === undefined ? '' : `\n        fix: ${remedyAs(inert(remedy), program)}`
      return `      ${id}: ${inert(first)}${fix}\n`
    })
    const count = `${ready} of ${of}`
    return `  ${ready === of ? paint.good(count) : paint.warn(count)}  ${inert(name)}: ${marks}\n${told.join('')}`
  })
  const looked = evidence.agents.length
  const rest = evidence.total > looked ? `; the ${looked} heard last of ${counted(evidence.total, 'agent')}` : ''
  return `\nIf an incident happened now, complete would be${rest} (✓ complete, ~ in part, ✗ missing, - not expected):\n${lines.join('')}`
}

const SIGNS = { complete: '✓', partial: '~', missing: '✗', 'not-expected': '-' } as const

function paintStatus(status: Check['status'], paint: Paint): string {
  switch (status) {
    case 'PASS':
      return paint.good(status)
    case 'WARN':
      return paint.warn(status)
    case 'FAIL':
      return paint.bad(status)
  }
}
