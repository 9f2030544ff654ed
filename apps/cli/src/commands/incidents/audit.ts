import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Answer } from '@holdfast/api'
import { counted, type Audit } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { type Api, openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { AuditFlags } from './scope-commands.ts'

type Wire = Answer<'getIncidentAudit'>

/** Rows of one request to mark. */
const MARKED_AT_ONCE = 500
/** Rows of one audit on a page, open ones first. */
const SHOWN = 20

/** Prints the audits of an incident, marks rows, or attaches a scan. Exits with 1 while a row is open. */
export async function incidentsAudit(this: CliContext, flags: AuditFlags, id: string): Promise<void> {
  const api = openApi(this, flags)
  const params = { incident: await resolveIncident(api, id) }
  const audit = await audited(api, { ...flags, cwd: this.cwd }, params)
  const format = formatOf(flags, 'table')
  if (format === 'table') this.stdout.write(pageText(audit, paintOf(this)))
  else printDocument(this, format, audit)
  if (auditsOf(audit).some(({ of }) => of.open + of.cut > 0)) this.exit('check-failed')
}

async function audited(
  api: Api,
  flags: AuditFlags & Pick<CliContext, 'cwd'>,
  params: { readonly incident: string },
): Promise<Wire> {
  const { mark, item, as: verdict, reason, entries = [], scan, image } = flags
  if (scan !== undefined) {
    if (image === undefined) throw new CliError('usage', 'say which image was scanned', { remedy: 'add --image NAME' })
    return await api.call('attachScan', { params, query: { image }, body: documentIn(resolve(flags.cwd, scan)) })
  }
  const shown = await api.call('getIncidentAudit', { params })
  if (mark === undefined) return shown
  if (verdict === undefined || reason === undefined)
    throw new CliError('usage', 'a mark says what came of it and why', { remedy: 'add --as settled --reason TEXT' })
  const open = rowsOf(shown, mark).flatMap((row) => (row.isOpen ? [row.key] : []))
  const items = [...(item ?? open)].slice(0, MARKED_AT_ONCE)
  if (items.length === 0) throw new CliError('usage', `nothing of audit ${mark} is open`)
  return await api.call('markAudit', {
    params,
    body: { audit: mark, items, verdict, reason, entries: [...entries] },
  })
}

function documentIn(path: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CliError('usage', `${inert(path)} cannot be read as JSON: ${inert(why)}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CliError('usage', `${inert(path)} is no JSON document of a scanner`)
  return value as Record<string, unknown> // an object, as was just seen
}

type Shown = { readonly key: string; readonly isOpen: boolean; readonly words: string }
type Of = {
  readonly name: Audit
  readonly title: string
  readonly of: { readonly open: number; readonly cut: number }
  readonly rows: readonly Shown[]
}

function auditsOf(audit: Wire): readonly Of[] {
  const { siblings, channels, descriptions, reach, principals, receivers, holders, credentials } = audit
  return [
    {
      name: 'sibling',
      title: 'SIBLINGS of what carried it',
      of: siblings,
      rows: siblings.rows.map((row) => ({
        ...row,
        words: `${row.because}; ${counted(row.executionsTotal, 'execution')} retrieved it${row.isQuarantined ? '; in quarantine' : ''}${row.notWithheld === undefined ? '' : `, not withheld: ${row.notWithheld}`}`,
      })),
    },
    {
      name: 'gate',
      title: 'CHANNELS into the context, and their gates',
      of: channels,
      rows: channels.rows.map((row) => ({
        ...row,
        words: `${row.broughtTaint ? 'brought it; ' : ''}${row.gates.map(gateText).join('; ')}`,
      })),
    },
    {
      name: 'description',
      title: 'TOOL DESCRIPTIONS in scope',
      of: descriptions,
      rows: descriptions.rows.map((row) => ({
        ...row,
        words: `${row.state}${row.isChanged ? ', changed' : ''}${row.since === undefined ? '' : ` since ${row.since}`}${row.author === undefined ? '' : ` by ${row.author}`}${row.approver === undefined ? '' : `, approved by ${row.approver}`}`,
      })),
    },
    ...(reach === undefined
      ? []
      : [
          {
            name: 'reach' as const,
            title: 'REACH of the code',
            of: reach,
            rows: reach.rows.map((row) => ({ ...row, words: row.isSignal ? 'speaks of the escape' : row.kind })),
          },
        ]),
    {
      name: 'principal',
      title: 'PRINCIPALS and the paths that let them act',
      of: principals,
      rows: principals.rows.map((row) => ({
        ...row,
        words: `${row.isMisused ? 'misused; ' : ''}${row.paths.length === 0 ? 'no document says what lets it act' : counted(row.paths.length, 'statement')}${row.unexplained.length === 0 ? '' : `; ${counted(row.unexplained.length, 'act')} that none lets`}`,
      })),
    },
    {
      name: 'receiver',
      title: 'RECEIVERS that the sweep could not decide',
      of: receivers,
      rows: receivers.rows.map((row) => ({ ...row })),
    },
    ...(holders === undefined
      ? []
      : [
          {
            name: 'holder' as const,
            title: 'OTHER HOLDERS of what was misused',
            of: holders,
            rows: holders.rows.map((row) => ({ ...row, words: `acts as ${row.principal}` })),
          },
        ]),
    {
      name: 'credential',
      title: 'CREDENTIALS of what was misused',
      of: credentials,
      rows: credentials.rows.map((row) => ({ ...row, words: `${row.state}: ${row.words}` })),
    },
  ]
}

function gateText({ name, results, hasResult }: Wire['channels']['rows'][number]['gates'][number]): string {
  const told = results.map(({ verdict, count }) => `${verdict} ${count}`).join(', ')
  return `${name}: ${told === '' ? 'no result' : told}${hasResult ? '' : ' (not for the whole window)'}`
}

function rowsOf(audit: Wire, name: Audit): readonly Shown[] {
  return auditsOf(audit).find((one) => one.name === name)?.rows ?? []
}

function pageText(audit: Wire, paint: Paint): string {
  return `${[
    paint.bold(audit.incident),
    ...auditsOf(audit)
      .filter(({ rows }) => rows.length > 0)
      .flatMap(({ name, title, of, rows }) => {
        const ordered = rows.toSorted((a, b) => Number(b.isOpen) - Number(a.isOpen))
        return [
          '',
          `${paint.bold(title)}  ${of.open === 0 ? paint.good('nothing open') : paint.warn(`${of.open} of ${rows.length} open`)}${of.cut === 0 ? '' : paint.warn(`, ${of.cut} left out`)}  (${name})`,
          ...ordered
            .slice(0, SHOWN)
            .map(
              ({ key, isOpen, words }) =>
                `  ${isOpen ? paint.warn('-') : paint.good('+')} ${inert(key)}: ${inert(words)}`,
            ),
          ...(rows.length > SHOWN ? [`  and ${rows.length - SHOWN} more`] : []),
        ]
      }),
    ...audit.scans.flatMap(({ image, scanner, findings, worst, entry }) => [
      '',
      `${paint.bold('SCAN')}  ${inert(image)} by ${inert(scanner)}: ${findings === 0 ? paint.good('no findings') : paint.bad(counted(findings, 'finding'))}  #${entry}`,
      ...worst.slice(0, SHOWN).map((one) => `  ${inert(one)}`),
    ]),
  ].join('\n')}\n`
}
