import { counted } from '@holdfast/model'
import type { ScopeRowWire, ScopeWire } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printList, say } from '../../render/output.ts'
import { tableText, type Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import type { ScopeFlags } from './command.ts'

/** Prints what an agent may against what it did, in lanes; ends with 0 whatever they hold. */
export async function scope(this: CliContext, flags: ScopeFlags, name: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const { id } = await resolveAgent(api, name)
  const query = flags.at === undefined ? {} : { at: flags.at }
  const report = await api.call('getScope', { params: { agent: id }, query })
  if (format !== 'table' && format !== 'wide') {
    printList(this, { format, columns, rows: allRows(report), document: report })
    return
  }
  this.stdout.write(lanesText(report, { paint: paintOf(this), isWide: format === 'wide' }))
  for (const gap of report.gaps) say(this, `partial: ${inert(gap)}`)
}

type Style = { readonly paint: Paint; readonly isWide: boolean }

function lanesText(report: ScopeWire, style: Style): string {
  const { from, to, days } = report.window
  const who =
    report.actsAs.length === 0 ? 'no known identity' : report.actsAs.map(({ principal }) => inert(principal)).join(', ')
  const head = `${inert(report.agent)}  acts as ${who}\n${from} to ${to}, ${days} ${days === 1 ? 'day' : 'days'} of claimed time, profile ${report.profile}\n`
  const lanes: readonly (readonly [title: string, rows: readonly ScopeRowWire[]])[] = [
    ['UNUSED EXCESS: granted and idle', report.unusedExcess],
    ['INHERITED OVERREACH: inherited and never declared, used or not', report.inheritedOverreach],
  ]
  const others: readonly (readonly [title: string, rows: readonly ScopeRowWire[]])[] = [
    ['Undeclared use', report.undeclaredUse],
    ['In-scope anomaly: look at it as drift', report.inScopeAnomalies],
    ['Justified', report.justified],
    ['Undetermined: nothing of the plane was recorded', report.undetermined],
    ['Without effect: denied or limited', report.withoutEffect],
  ]
  const lane = ([title, rows]: readonly [string, readonly ScopeRowWire[]]): string =>
    `\n${style.paint.warn(`${title} (${rows.length})`)}\n${rows.length === 0 ? '  none\n' : tableText({ columns, rows, ...style })}`
  return [
    head,
    ...lanes.map(lane),
    ...others.filter(([, rows]) => rows.length > 0).map(lane),
    gapsText(report, style),
    unresolvedText(report),
  ].join('')
}

function gapsText({ inventoryGaps }: ScopeWire, { paint }: Style): string {
  if (inventoryGaps.length === 0) return ''
  const lines = inventoryGaps.map((gap) => {
    const what = `${inert(gap.action)}${gap.resource === '' ? '' : ` on ${inert(gap.resource)}`}`
    return `  ${what} by ${inert(gap.principal)}, ${counted(gap.uses, 'time')}${gap.isType2Candidate ? paint.bad('  Type 2 candidate') : ''}\n`
  })
  return `\n${paint.bad(`Done without a known grant (${inventoryGaps.length})`)}\n${lines.join('')}`
}

function unresolvedText({ unresolved }: ScopeWire): string {
  if (unresolved.length === 0) return ''
  const lines = unresolved.map(({ name, via }) => `  ${inert(name)}  by ${via.map(inert).join(' > ')}\n`)
  return `\nBound to it, and described by no known document (${unresolved.length})\n${lines.join('')}`
}

function allRows(report: ScopeWire): readonly ScopeRowWire[] {
  return [
    ...report.unusedExcess,
    ...report.inheritedOverreach,
    ...report.undeclaredUse,
    ...report.inScopeAnomalies,
    ...report.justified,
    ...report.undetermined,
    ...report.withoutEffect,
  ]
}

const columns: readonly Column<ScopeRowWire>[] = [
  { title: 'CATEGORY', value: ({ category }) => category, isWide: true },
  { title: 'ACTION', value: ({ grant }) => grant.action },
  { title: 'ON', value: ({ grant }) => grant.resources.join(' '), widest: 60 },
  {
    title: 'BUT',
    value: ({ grant }) => grant.except.map(({ action, why }) => `${action} ${why}`).join('; ') || undefined,
    widest: 40,
    isWide: true,
  },
  { title: 'FROM', value: ({ grant }) => (grant.path === 'direct' ? 'direct' : grant.ancestor), widest: 40 },
  { title: 'SOURCE', value: ({ grant }) => `${grant.source}, ${grant.statement}`, widest: 60 },
  {
    title: 'CONDITIONS',
    value: ({ grant }) => [...grant.conditions, ...grant.limitedBy].join('; ') || undefined,
    widest: 40,
  },
  {
    title: 'DOCUMENT',
    value: ({ evidence }) => `${evidence.document.document} #${evidence.document.entry}`,
    isWide: true,
  },
  { title: 'USES', value: ({ evidence }) => evidence.uses, align: 'right' },
  { title: 'LAST USE (UTC)', value: ({ evidence }) => evidence.lastUse },
  { title: 'OWNER', value: ({ owner }) => owner },
  { title: 'REMEDY', value: ({ remedy }) => remedy.text, widest: 80 },
]
