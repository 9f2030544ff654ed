import { counted } from '@holdfast/model'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, printList } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { LensFlags } from './lens-command.ts'

type Act = {
  readonly at: string
  readonly agent: string
  readonly recipients: readonly string[]
  readonly entry: number
  readonly unread?: string
}
type Access = Act & {
  readonly tool: string
  readonly subject: string
  readonly record: string
  readonly purpose: string
}
type Frame = { readonly kind: string; readonly label: string; readonly isRootCause: boolean }
type Stack = Act & { readonly tool: string; readonly depth: number; readonly frames: readonly Frame[] }
type Field = { readonly field: string; readonly class: string }
type Hop = Act & {
  readonly processor: string
  readonly region: string
  readonly legalBasis: string
  readonly fields: readonly Field[]
}
type Crossing = { readonly at: string; readonly from: string; readonly to: string }
type Totals = {
  readonly acts: number
  readonly records: number
  readonly recipients: number
  readonly unread: number
  readonly cut: number
  readonly first?: string
  readonly last?: string
}

/** What `GET /incidents/{id}/lenses` answers. */
type Reading = {
  readonly lenses: {
    readonly access: { readonly lines: readonly Access[]; readonly totals: Totals }
    readonly stacks: { readonly stacks: readonly Stack[] }
    readonly trajectory: {
      readonly executions: readonly {
        readonly execution: string
        readonly hops: readonly Hop[]
        readonly crossings: readonly Crossing[]
      }[]
    }
    readonly actsLeftOut: number
  }
  readonly entriesLeftOut: number
  readonly stacksLeftOut: number
}

/** Prints one lens of an incident; as data all three. */
export async function incidentsLens(this: CliContext, flags: LensFlags, id: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const response = await api.fetch('getLenses', { params: { incident: await resolveIncident(api, id) } })
  const reading = JSON.parse(await response.text()) as Reading // the route's own answer
  if (format === 'json' || format === 'yaml') return printDocument(this, format, reading)
  const { access, stacks, trajectory } = reading.lenses
  if (flags.lens === 'access') printList(this, { format, columns: ACCESS, rows: access.lines, document: access })
  else if (flags.lens === 'stacks') printList(this, { format, columns: STACKS, rows: stacks.stacks, document: stacks })
  else
    printList(this, {
      format,
      columns: HOPS,
      rows: trajectory.executions.flatMap(({ hops }) => hops),
      document: trajectory,
    })
  if (format !== 'table' && format !== 'wide') return
  for (const { crossings } of flags.lens === 'trajectory' ? trajectory.executions : [])
    for (const { at, from, to } of crossings)
      this.stdout.write(`crossed from ${inert(from)} to ${inert(to)} at ${inert(at)}\n`)
  this.stdout.write(totalsText(access.totals))
  const { entriesLeftOut, stacksLeftOut } = reading
  const { actsLeftOut } = reading.lenses
  if (actsLeftOut > 0) this.stdout.write(`${actsLeftOut} later acts are left out of all three: there are too many\n`)
  if (entriesLeftOut > 0) this.stdout.write(`${entriesLeftOut} log entries were not read\n`)
  if (stacksLeftOut > 0) this.stdout.write(`the way to ${counted(stacksLeftOut, 'act')} was not looked for\n`)
}

function totalsText({ acts, records, recipients, unread, cut, first, last }: Totals): string {
  const when = first === undefined ? '' : `, ${first} to ${last ?? first}`
  const unknown = unread === 0 ? '' : `; of ${counted(unread, 'act')} not all records are known`
  const unlisted = cut === 0 ? '' : `; ${cut} more records are not listed`
  return `\n${counted(acts, 'act')}, ${counted(records, 'record')}, ${recipients} recipients${when}${unknown}${unlisted}: the same in all three lenses\n`
}

const ACTS = [
  { title: 'TIME', value: ({ at }: Act) => at },
  { title: 'AGENT', value: ({ agent }: Act) => agent },
] as const
const RECIPIENTS = { title: 'RECIPIENTS', value: ({ recipients }: Act) => recipients.join(' '), widest: 60 } as const
const ENTRY = { title: 'ENTRY', value: ({ entry }: Act) => entry, align: 'right' } as const

const ACCESS: readonly Column<Access>[] = [
  ...ACTS,
  { title: 'TOOL', value: ({ tool }) => tool },
  { title: 'SUBJECT', value: ({ subject }) => subject },
  {
    title: 'RECORD',
    value: ({ record, unread }) => (unread === undefined ? record : `${record} (${unread})`),
    widest: 60,
  },
  { title: 'PURPOSE', value: ({ purpose }) => purpose, widest: 60 },
  RECIPIENTS,
  ENTRY,
]

const STACKS: readonly Column<Stack>[] = [
  ...ACTS,
  { title: 'TOOL', value: ({ tool }) => tool },
  { title: 'DEPTH', value: ({ depth }) => depth, align: 'right' },
  {
    title: 'STACK',
    value: ({ frames }) =>
      frames.map(({ kind, label, isRootCause }) => `${isRootCause ? '*' : ''}${kind} ${label}`).join(' > '),
    widest: 160,
  },
  RECIPIENTS,
  ENTRY,
]

const HOPS: readonly Column<Hop>[] = [
  ...ACTS,
  { title: 'PROCESSOR', value: ({ processor }) => processor },
  { title: 'REGION', value: ({ region }) => region },
  { title: 'LEGAL BASIS', value: ({ legalBasis }) => legalBasis },
  {
    title: 'PERSONAL DATA',
    value: ({ fields }) => fields.map((one) => `${one.field} (${one.class})`).join(' '),
    widest: 80,
  },
  RECIPIENTS,
  ENTRY,
]
