import { ours } from '../../called-as.ts'
import { resolve } from 'node:path'
import type { Answer } from '@holdfast/api'
import { formatRfc3339 } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, printList } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { parseSince } from '../tail/since.ts'
import type { ColdListFlags, CoolFlags, RestoreFlags } from './command.ts'

/** Moves the content of old segments to cold storage. */
export async function logCool(this: CliContext, flags: CoolFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const before = instantOf(flags)
  const to = flags.to === undefined ? {} : { to: resolve(this.cwd, flags.to) }
  const reason = flags.reason ?? (flags.olderThan === undefined ? `before ${before}` : `older than ${flags.olderThan}`)
  const cooled = await openApi(this, flags).call('coolLog', { body: { before, reason, ...to } })
  if (format !== 'table') return printDocument(this, format, cooled)
  const { files, entries, bytes, kept } = cooled
  const stayed = kept === 0 ? '' : `; ${kept} segments of sealed incidents stayed`
  this.stdout.write(`${entries} entries, ${bytes} bytes moved to ${files.length} files${stayed}\n`)
  for (const path of files) this.stdout.write(`  ${inert(path)}\n`)
}

/** Brings back what lies in cold storage; ends with `partial` where a file is not there. */
export async function logRestore(this: CliContext, flags: RestoreFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const from = flags.from === undefined ? {} : { from: resolve(this.cwd, flags.from) }
  const body = { reason: flags.reason ?? 'restored by hand', ...from }
  const restored = await openApi(this, flags).call('restoreLog', { body })
  if (format === 'table') {
    this.stdout.write(`${restored.entries} entries brought back from ${restored.files.length} files\n`)
    for (const path of restored.absent) this.stdout.write(`  not there: ${inert(path)}\n`)
  } else printDocument(this, format, restored)
  if (restored.absent.length > 0) this.exit('partial')
}

/** Lists the files of cold storage. */
export async function logCold(this: CliContext, flags: ColdListFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const { files } = await openApi(this, flags).call('getColdStorage')
  printList(this, { format, columns: COLUMNS, rows: files, document: { files } })
}

const COLUMNS: readonly Column<Answer<'getColdStorage'>['files'][number]>[] = [
  { title: 'FILE', value: ({ path }) => path },
  { title: 'THERE', value: ({ isThere }) => (isThere ? 'yes' : 'no') },
  { title: 'ENTRIES', value: ({ entries }) => entries, align: 'right' },
  { title: 'BYTES', value: ({ bytes }) => bytes, align: 'right' },
  { title: 'SHA-256', value: ({ sha256 }) => sha256.slice(0, 16) },
]

function instantOf({ before, olderThan }: CoolFlags): string {
  if ((before === undefined) === (olderThan === undefined))
    throw new CliError('usage', 'say either --before or --older-than', {
      remedy: ours`holdfast log cool --older-than 90d`,
    })
  const since = parseSince(before ?? olderThan ?? '', Date.now(), before === undefined ? 'older-than' : 'before')
  if (since.kind !== 'time')
    throw new CliError('usage', 'an age is a time, no log entry', {
      remedy: '--older-than 90d, or --before 2026-08-01T00:00:00Z',
    })
  return formatRfc3339(since.time)
}
