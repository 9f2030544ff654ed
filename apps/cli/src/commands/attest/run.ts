import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { AttestationsWire, AttestationWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import type { ListFlags, ShowFlags } from './command.ts'

/** Lists the days. */
export async function attestList(this: CliContext, flags: ListFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const days = await openApi(this, flags).call('listAttestations')
  printList(this, { format, columns: DAYS, rows: days.items, document: days })
  if (format !== 'table' && format !== 'wide') return
  if (days.items.length === 0) say(this, 'no day is over yet since the log began')
  if (days.missing.length > 0) say(this, `no statement: ${days.missing.join(', ')}`)
}

/** Prints the statement of a day. */
export async function attestShow(this: CliContext, flags: ShowFlags, named: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const day = dayOf(named)
  const statement = await openApi(this, flags).call('getAttestation', { params: { day } })
  const { note } = statement
  if (flags.out !== undefined && note === undefined)
    throw new CliError('conflict', `${day} is not over, so nothing is signed`)
  printList(this, { format, columns: STREAMS, rows: statement.streams, document: statement })
  if (format === 'table' || format === 'wide') for (const line of wordsOf(statement)) say(this, line)
  if (flags.out !== undefined && note !== undefined) {
    writeFileSync(resolve(this.cwd, flags.out), note)
    say(this, `written to ${inert(flags.out)}; signed by ${inert(statement.key)}`)
  }
}

function wordsOf({
  day,
  entries,
  checkpoint,
  away,
  gaps,
  lateGaps,
  streamsLeftOut,
  gapsLeftOut,
  isProvisional,
}: AttestationWire) {
  return [
    `${day}${isProvisional ? ', not over' : ''}: log entries ${entries.from} up to ${entries.to}, in a log of ${checkpoint.size}`,
    ...away.map(({ from, to, reason }) => `nothing was recorded from ${from} to ${to}: ${reason}`),
    ...gaps.map((gap) => `gap ${gap.channel} ${gap.from} to ${gap.to}: ${gap.reason} (log entry ${gap.entry})`),
    ...lateGaps.map(
      (gap) =>
        `of earlier days, known since: ${gap.channel} ${gap.from} to ${gap.to}: ${gap.reason} (log entry ${gap.entry})`,
    ),
    ...(streamsLeftOut + gapsLeftOut === 0
      ? []
      : [`${streamsLeftOut} streams and ${gapsLeftOut} gaps are not told one by one`]),
  ].map(inert)
}

function dayOf(named: string): string {
  const ago = named === 'today' ? 0 : named === 'yesterday' ? 1 : undefined
  if (ago !== undefined) return new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
  // A date that no calendar has comes back as another one, or as none.
  const noon = new Date(/^\d{4}-\d{2}-\d{2}$/.test(named) ? `${named}T12:00:00Z` : Number.NaN)
  if (!Number.isNaN(noon.getTime()) && noon.toISOString().startsWith(named)) return named
  throw new CliError('usage', `"${inert(named)}" is no day: write 2026-11-20, today or yesterday`)
}

const DAYS: readonly Column<AttestationsWire['items'][number]>[] = [
  { title: 'DAY (UTC)', value: ({ day }) => day },
  { title: 'STREAMS', value: ({ streams }) => streams, align: 'right' },
  {
    title: 'NOT WHOLE',
    value: ({ withGaps }) => withGaps,
    align: 'right',
    paint: ({ withGaps }, text, paint) => (withGaps === 0 ? paint.good(text) : paint.warn(text)),
  },
  { title: 'SIGNED (UTC)', value: ({ recordedAt }) => recordedAt },
  { title: 'ENTRY', value: ({ entry }) => entry, align: 'right' },
]

const STREAMS: readonly Column<AttestationWire['streams'][number]>[] = [
  { title: 'STREAM', value: ({ name }) => name },
  { title: 'CHANNEL', value: ({ channel }) => channel },
  {
    title: 'STATE',
    value: ({ state }) => state,
    paint: ({ state }, text, paint) =>
      state === 'whole' ? paint.good(text) : state === 'silent' ? paint.bad(text) : paint.warn(text),
  },
  { title: 'ENTRIES', value: ({ entries }) => entries, align: 'right' },
  {
    title: 'HOURS (UTC)',
    value: ({ hours }) => hours,
    show: ({ hours }) => hours.replaceAll('1', '#').replaceAll('0', '.'),
  },
  { title: 'LAST HEARD', value: ({ lastHeard }) => lastHeard },
  { title: 'GAPS', value: ({ gaps }) => gaps.join(' ') || undefined },
  { title: 'AGENT', value: ({ agent }) => agent, isWide: true },
]
