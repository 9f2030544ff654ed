import { ours } from '../../called-as.ts'
import { resolve } from 'node:path'
import type { Answer, AuditHit } from '@holdfast/api'
import { counted, shellWord } from '@holdfast/model'
import type { AuditItem, AuditRow } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { jsonText } from '../../render/json.ts'
import { formatOf, paintOf, printDocument, say } from '../../render/output.ts'
import { type Api, openApi } from '../../server/api.ts'
import { fileName, refuseToReplace, writeWhole } from '../write-whole.ts'
import type { AuditRowFlags } from './command.ts'

/** Prints the row that an id stands in, or writes its pack. */
export async function auditRow(this: CliContext, flags: AuditRowFlags, id: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const [hit, ...others] = await rowsWith(api, id)
  if (others.length > 0)
    say(
      this,
      `${others.length === 1 ? 'one more row holds' : `${others.length} more rows hold`} it: ${others
        .slice(0, 5)
        .map(({ row }) => inert(row))
        .join(', ')}`,
    )
  if (flags.pack !== undefined) return await writePack({ context: this, api, flags, hit })
  const row = JSON.parse(await (await api.fetch('getAuditRow', { params: { row: hit.row } })).text()) as AuditRow // the route's answer
  if (format === 'table') this.stdout.write(pageText(this, row))
  // Times as the row has them: another spelling would not be what was signed.
  else if (format === 'json') this.stdout.write(`${jsonText(row)}\n`)
  else printDocument(this, format, row)
}

async function rowsWith(api: Api, id: string): Promise<readonly [AuditHit, ...AuditHit[]]> {
  const { items }: Answer<'findAudit'> = await api.call('findAudit', { query: { id } })
  const [first, ...others] = items
  if (first === undefined)
    throw new CliError('not-found', `no row holds "${inert(id)}"`, { remedy: ours`holdfast audit list` })
  return [first, ...others]
}

type Packing = {
  readonly context: CliContext
  readonly api: Api
  readonly flags: AuditRowFlags
  readonly hit: AuditHit
}

async function writePack({ context, api, flags, hit }: Packing): Promise<void> {
  const format = formatOf(flags, 'table')
  const path = resolve(
    context.cwd,
    flags.pack === '' || flags.pack === undefined ? `${fileName(hit.row)}.zip` : flags.pack,
  )
  refuseToReplace(path, flags.force)
  const response = await api.fetch('exportAuditRow', { params: { row: hit.row } })
  if (response.body === null) throw new CliError('fault', 'the server sent a pack without a body')
  const written = await writeWhole(response.body, path)
  if (format !== 'table') return printDocument(context, format, { path, row: hit.row, ...written })
  context.stdout.write(`${path}\n${written.bytes} bytes, sha256 ${written.sha256}\n`)
  say(context, ours`check it anywhere, without a server: holdfast audit verify ${shellWord(path)}`)
}

const SHOWN = 12

function pageText(context: CliContext, row: AuditRow): string {
  const paint = paintOf(context)
  const { about, trigger, layers, coverage, violations, allowed = [], identities, shortened, gaps, proof } = row
  const items = new Map(row.items.map((item) => [item.id, item]))
  const lines = [
    `${inert(row.id)}  ${about.kind}`,
    inert(about.words),
    `agents ${row.agents.map(inert).join(', ')}; conversations ${row.conversations.map(inert).join(', ')}`,
    '',
    `TRIGGER  ${trigger === undefined ? 'nothing recorded leads to one' : inert(firstLine(trigger.what))}`,
    ...(trigger?.input === undefined
      ? []
      : [
          `  on the word of: ${inert(firstLine(trigger.input.quote))}`,
          ...(trigger.input.askedFor === undefined
            ? []
            : [
                `  brought by: ${inert(firstLine(labelOf(items.get(trigger.input.broughtBy ?? ''))))} ${inert(trigger.input.askedFor)}`,
              ]),
        ]),
    ...identities
      .slice(0, SHOWN)
      .map(({ principal, kind, tier }) => `IDENTITY ${inert(principal)} (${inert(kind)}, ${tier})`),
    '',
    ...layers.flatMap(({ layer, state, reason, items: ids }) => [
      `${layer.toUpperCase().padEnd(8)} ${state === 'complete' ? paint.good(state) : paint.warn(state)}: ${inert(reason)}`,
      ...linesOf(ids.flatMap((id) => items.get(id) ?? [])),
    ]),
    ...violations.map(
      ({ what, artifact, pointer, mode }) =>
        `${paint.bad('VIOLATED')} ${inert(what)} by ${artifact.slice(0, 12)} ${inert(pointer)} (${mode})`,
    ),
    ...allowed
      .slice(0, SHOWN)
      .map(
        ({ what, artifact, pointer, kind, mode }) =>
          `ALLOWED  ${inert(what)} by ${kind} ${artifact.slice(0, 12)} ${inert(pointer)} (${mode})`,
      ),
    ...(allowed.length > SHOWN ? [`ALLOWED  and ${allowed.length - SHOWN} more`] : []),
    ...shortened.map(({ reason }) => `SHORTENED ${inert(reason)}`),
    ...gaps.map(({ reason, detail, entry }) => `GAP      ${inert(reason)} (entry ${entry}): ${inert(detail)}`),
    '',
    `joins ${joinsText(row)}`,
    `coverage ${coverage.filled} of ${coverage.expected} layers; ${counted(proof.entries.length, 'entry', 'entries')} proven in the checkpoint of ${proof.size}`,
  ]
  return `${lines.join('\n')}\n`
}

/** Alike items are one line with a count; what others than the agent saw comes first. */
function linesOf(items: readonly AuditItem[]): readonly string[] {
  const groups = [...Map.groupBy(items, labelOf)].toSorted((a, b) => rank(a[1]) - rank(b[1]))
  const shown = groups
    .slice(0, SHOWN)
    .map(([label, { length }]) => `  ${inert(label)}${length === 1 ? '' : ` x ${length}`}`)
  return groups.length > SHOWN ? [...shown, `  and ${groups.length - SHOWN} more kinds`] : shown
}

function rank([item]: readonly AuditItem[]): number {
  return item?.tier === 'kernel' || item?.tier === 'provider' ? 0 : 1
}

function labelOf(item: AuditItem | undefined): string {
  if (item === undefined) return '-'
  const { remote, bytesSent } = item.facts
  const more = [remote, bytesSent === undefined ? undefined : `${String(bytesSent)} bytes sent`].filter(
    (part) => part !== undefined,
  )
  return `${item.kind} ${item.label} (${item.tier}${more.length === 0 ? '' : `, ${more.join(', ')}`})`
}

function firstLine(text: string): string {
  const [line = ''] = text.split('\n')
  return line.length > 160 || line.length < text.length ? `${line.slice(0, 160)} ...` : line
}

function joinsText({ joins }: AuditRow): string {
  const counts = Map.groupBy(joins, ({ basis }) => basis)
  const parts = [...counts].map(([basis, some]) => `${basis} ${some.length}`)
  const inferred = joins.filter(({ isProven }) => !isProven).length
  return `${joins.length} (${parts.join(', ')}), ${inferred === 0 ? 'all proven' : `${inferred} of them inferred`}`
}
