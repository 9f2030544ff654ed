import { counted } from '@holdfast/model'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { BomChangeWire, BomRowWire, IdentityRow, InventoryFindingWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { jsonText } from '../../render/json.ts'
import { formatOf, paintOf, printDocument, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import type { DiffFlags, ExportFlags, FindingsFlags, ShowFlags } from './command.ts'
import { instantOf } from '../../instant.ts'
import { refuseToReplace } from '../write-whole.ts'
import { sarifOf } from './sarif.ts'

/** Prints an agent's inventory at an instant. */
export async function bomShow(this: CliContext, flags: ShowFlags, name: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const query = queryOf(flags)
  const api = openApi(this, flags)
  const agent = await resolveAgent(api, name)
  const bom = await api.call('getBom', { params: { agent: agent.id }, query })
  const rows = bom.categories.flatMap((category) => category.rows)
  printList(this, { format, columns: rowColumns, rows, document: bom })
  if (format !== 'table' && format !== 'wide') return
  const instant = flags.at ?? flags.knownAt
  if (instant !== undefined && rows.length === 0 && bom.documents.length === 0)
    return say(
      this,
      `nothing that ${inert(agent.name)} is made of was known at ${inert(instant)}: no list, and no class`,
    )
  for (const { category, state, reason } of bom.categories)
    if (state === 'empty') say(this, `${category}: empty: ${reason ?? ''}`)
  say(this, `class ${bom.class}: ${inert(bom.classReasons.join('; '))}`)
  printFindings(this, bom.findings)
}

/** Prints what changed between two instants. */
export async function bomDiff(this: CliContext, flags: DiffFlags, name: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const now = Date.now()
  const query = {
    from: instantOf('from', flags.from, now),
    ...(flags.to === undefined ? {} : { to: instantOf('to', flags.to, now) }),
    ...(flags.knownAt === undefined ? {} : { knownAt: instantOf('known-at', flags.knownAt, now) }),
  }
  const api = openApi(this, flags)
  const agent = await resolveAgent(api, name)
  const diff = await api.call('getBomDiff', { params: { agent: agent.id }, query })
  const failing = diff.changes.filter(({ change }) => flags.failOn?.some((one) => one === 'any' || one === change))
  if (failing.length > 0) this.exit('check-failed')
  if (format === 'sarif') return printDocument(this, 'json', sarifOf(agent.id, diff.changes))
  printList(this, { format, columns: changeColumns, rows: diff.changes, document: diff })
  if (format !== 'table' && format !== 'wide') return
  if (diff.changes.length === 0) say(this, 'nothing changed')
  if (failing.length > 0)
    say(this, `${failing.length} of ${counted(diff.changes.length, 'change')} are such as --fail-on names`)
  for (const { name: tool, textBefore, textAfter } of diff.changes) {
    if (textBefore === undefined || textAfter === undefined) continue
    say(this, `${inert(tool)} was: ${inert(textBefore.description)}`)
    say(this, `${inert(tool)} is:  ${inert(textAfter.description)}`)
  }
}

/** Writes an agent's inventory as CycloneDX. */
export async function bomExport(this: CliContext, flags: ExportFlags, name: string): Promise<void> {
  const query = queryOf(flags)
  const path = flags.out === undefined ? undefined : resolve(this.cwd, flags.out)
  if (path !== undefined) refuseToReplace(path, flags.force)
  const api = openApi(this, flags)
  const agent = await resolveAgent(api, name)
  const document = await api.call('exportBom', { params: { agent: agent.id }, query })
  const text = `${jsonText(document, 2)}\n`
  if (path === undefined) this.stdout.write(text)
  else {
    await writeOut(path, text)
    say(this, `CycloneDX 1.7 of ${inert(agent.name)} written to ${inert(path)}`)
  }
}

async function writeOut(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault)
    throw new CliError('unavailable', `cannot write ${inert(path)}: ${inert(why)}`, { cause: fault })
  }
}

/** Prints where what is declared and what runs differ. */
export async function bomFindings(this: CliContext, flags: FindingsFlags, name?: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const agent = name === undefined ? undefined : await resolveAgent(api, name)
  const { items } = await api.call('listInventoryFindings', { query: agent === undefined ? {} : { agent: agent.id } })
  printList(this, { format, columns: findingColumns, rows: items })
  if (items.length === 0 && (format === 'table' || format === 'wide')) say(this, 'nothing was found')
}

/** Prints non-human identities. */
export async function bomIdentities(this: CliContext, flags: FindingsFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const { items } = await openApi(this, flags).call('listIdentities', {})
  printList(this, { format, columns: identityColumns, rows: items })
}

function queryOf({ at, knownAt }: { readonly at?: string; readonly knownAt?: string }) {
  const now = Date.now()
  return {
    ...(at === undefined ? {} : { at: instantOf('at', at, now) }),
    ...(knownAt === undefined ? {} : { knownAt: instantOf('known-at', knownAt, now) }),
  }
}

function printFindings(context: CliContext, findings: readonly InventoryFindingWire[]): void {
  const paint = paintOf(context)
  for (const { title, detail, since, proof } of findings)
    say(
      context,
      `${paint.bad('finding')}: ${inert(title)} (${inert(detail)}; since ${since}; log entries ${proof.join(', ')})`,
    )
}

const rowColumns: readonly Column<BomRowWire>[] = [
  { title: 'KIND', value: (row) => row.kind },
  { title: 'NAME', value: (row) => row.name },
  { title: 'VERSION', value: (row) => row.version ?? row.digest?.slice(0, 12) },
  { title: 'DECLARED', value: (row) => row.declared?.first },
  { title: 'LOADED', value: (row) => row.loaded?.last },
  { title: 'CALLED', value: (row) => row.called?.last },
  { title: 'STANDING', value: (row) => row.standing },
  { title: 'TIER', value: (row) => row.tier },
  { title: 'DIGEST', value: (row) => row.digest, isWide: true },
  { title: 'PROOF', value: (row) => proofOf(row).join(' '), isWide: true },
  { title: 'CATEGORY', value: (row) => row.category, isWide: true },
]

function proofOf({ declared, loaded, called }: BomRowWire): readonly number[] {
  const entries = [declared, loaded, called].flatMap((seen) => seen?.entries ?? [])
  return [...new Set(entries)].toSorted((a, b) => a - b)
}

const changeColumns: readonly Column<BomChangeWire>[] = [
  { title: 'WHEN (UTC)', value: (change) => change.when },
  { title: 'CHANGE', value: (change) => change.change },
  { title: 'KIND', value: (change) => change.kind },
  { title: 'BEFORE', value: ({ before, after }) => (before === undefined ? undefined : labelOf(before, after)) },
  { title: 'AFTER', value: ({ before, after }) => (after === undefined ? undefined : labelOf(after, before)) },
  { title: 'TOOLS', value: (change) => change.tools.join(' ') },
  {
    title: 'BY',
    value: ({ by }) => (by === undefined ? undefined : [by.changeId, by.author].filter(Boolean).join(' ')),
  },
  { title: 'PROOF', value: (change) => change.proof.join(' ') },
]

type Named = NonNullable<BomChangeWire['before']>

/** Name and version, and the digest where there is no version, or where the other side of a change has the same. */
function labelOf({ name, version, digest }: Named, other: Named | undefined): string {
  const isSame = other !== undefined && other.name === name && other.version === version
  const short = version === undefined || isSame ? digest?.slice(0, 12) : undefined
  return [name, version, short].filter((part) => part !== undefined).join(' ')
}

const findingColumns: readonly Column<InventoryFindingWire>[] = [
  { title: 'SINCE (UTC)', value: (finding) => finding.since },
  { title: 'KIND', value: (finding) => finding.kind },
  { title: 'AGENT', value: (finding) => finding.agent },
  { title: 'FINDING', value: (finding) => finding.title },
  { title: 'PROOF', value: (finding) => finding.proof.join(' ') },
  { title: 'DETAIL', value: (finding) => finding.detail, isWide: true },
]

const identityColumns: readonly Column<IdentityRow>[] = [
  { title: 'IDENTITY', value: (row) => row.identity },
  { title: 'KIND', value: (row) => row.kind },
  { title: 'AGENTS', value: (row) => row.agents.join(' ') },
  { title: 'CALLS', value: (row) => row.calls, align: 'right' },
  { title: 'OWNER', value: (row) => row.owner ?? 'nobody stated one' },
]
