import { ours } from '../../called-as.ts'
import { openAsBlob } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { ImportResult } from '@holdfast/api'
import { counted, parseAgentId } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { IMPORT_FILE_BYTES } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi, type Api } from '../../server/api.ts'
import { awaitProjection } from '../../server/projection.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import { instantOf } from '../../instant.ts'
import type { ImportFlags } from './command.ts'
import { recordingsIn } from './recordings-in.ts'

/** What became of one file; a file that the server refused whole has `refused` and counts as read and rejected once. */
export type ImportedFile =
  | ({ readonly path: string; readonly refused?: undefined } & ImportResult)
  | {
      readonly path: string
      readonly read: 1
      readonly runs: 0
      readonly accepted: 0
      readonly duplicates: 0
      readonly rejected: 1
      readonly refused: string
    }

/** What `import --json` prints. */
export type ImportSummary = {
  readonly read: number
  readonly runs: number
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: number
  readonly agents: readonly string[]
  readonly files: readonly ImportedFile[]
}

/** Loads files one after the other; ends with `partial` where a part was rejected, with `check-failed` where all of it was. */
export async function importFiles(this: CliContext, flags: ImportFlags, ...paths: string[]): Promise<void> {
  const format = formatOf(flags, 'table')
  if (flags.name !== undefined && !paths.includes('-')) {
    throw new CliError('usage', '--name names standard input, and no PATH is -')
  }
  const api = openApi(this, flags)
  const declared = await declaredBy(api, flags)
  // All of them before any is sent: a mistyped name must not leave half an import behind.
  const names: string[] = []
  for (const path of paths) names.push(...(path === '-' ? [path] : await filesAt(this, path)))
  const files: ImportedFile[] = []
  for (const path of names) {
    // A file is sent as it is read: a history may be larger than memory.
    const body = path === '-' ? await this.readStdin(IMPORT_FILE_BYTES) : await openAsBlob(resolve(this.cwd, path))
    const name = path === '-' ? (flags.name ?? 'stdin') : basename(path)
    files.push(await importOne(api, { path, name, body, declared }))
  }
  const summary = summaryOf(files)
  const behind = await awaitProjection(api, this.signal)
  if (behind > 0)
    say(this, `the views are ${counted(behind, 'entry', 'entries')} behind the log: later lists will show more`)
  printList(this, { format, columns, rows: files, document: summary })
  if (format === 'table' || format === 'wide') printRejections(this, summary)
  if (summary.rejected > 0) this.exit(summary.accepted + summary.duplicates > 0 ? 'partial' : 'check-failed')
}

/** What is said of documents that do not say it themselves; a name is looked up, an id may be of an agent to come. */
async function declaredBy(api: Api, { agent, cluster, at }: ImportFlags) {
  const id = agent === undefined ? undefined : (parseAgentId(agent) ?? (await resolveAgent(api, agent)).id)
  return {
    ...(id === undefined ? {} : { agent: id }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(at === undefined ? {} : { at: instantOf('at', at, Date.now()) }),
  }
}

/** The file itself, or the recordings in the folder; checked, that the server can take each. */
async function filesAt(context: CliContext, path: string): Promise<readonly string[]> {
  const found = await stat(resolve(context.cwd, path)).catch(() => undefined)
  if (found?.isDirectory() !== true) {
    await checkFile(context, path)
    return [path]
  }
  const files = await recordingsIn(resolve(context.cwd, path))
  if (files.length === 0) throw new CliError('not-found', `no recording in ${inert(path)}`)
  for (const file of files) await checkFile(context, file)
  return files
}

async function checkFile(context: CliContext, path: string): Promise<void> {
  const file = resolve(context.cwd, path)
  const found = await stat(file).catch(() => undefined)
  if (found === undefined) throw new CliError('not-found', `no file ${inert(file)}`)
  if (!found.isFile()) throw new CliError('usage', `${inert(file)} is neither a file nor a folder`)
  if (found.size > IMPORT_FILE_BYTES && !(await isHistory(file))) {
    throw new CliError(
      'usage',
      `${inert(file)} has ${found.size} bytes, more than the ${IMPORT_FILE_BYTES} of one import`,
      {
        remedy: 'split it by lines or by traces',
      },
    )
  }
}

/** A history says so in its first line, is read piece by piece, and may have any size. */
async function isHistory(file: string): Promise<boolean> {
  await using opened = await open(file)
  const { buffer, bytesRead } = await opened.read({ buffer: Buffer.alloc(64) })
  return buffer.subarray(0, bytesRead).includes('"holdfastHistory"')
}

async function importOne(
  api: Api,
  file: {
    readonly path: string
    readonly name: string
    readonly body: Uint8Array | Blob
    readonly declared: Awaited<ReturnType<typeof declaredBy>>
  },
): Promise<ImportedFile> {
  try {
    return {
      path: file.path,
      ...(await api.call('importFile', {
        query: { name: file.name, ...file.declared },
        body: file.body,
      })),
    }
  } catch (fault) {
    // A file that cannot be read must not keep the others out; a server that cannot take any ends the command.
    if (!(fault instanceof CliError) || fault.code !== 'usage') throw fault
    return { path: file.path, read: 1, runs: 0, accepted: 0, duplicates: 0, rejected: 1, refused: fault.message }
  }
}

/** Adds up what became of the files. */
export function summaryOf(files: readonly ImportedFile[]): ImportSummary {
  const sum = (field: 'read' | 'runs' | 'accepted' | 'duplicates' | 'rejected'): number =>
    files.reduce((total, file) => total + file[field], 0)
  return {
    read: sum('read'),
    runs: sum('runs'),
    accepted: sum('accepted'),
    duplicates: sum('duplicates'),
    rejected: sum('rejected'),
    agents: [...new Set(files.flatMap((file) => (file.refused === undefined ? file.agents : [])))].toSorted(),
    files,
  }
}

const columns: readonly Column<ImportedFile>[] = [
  { title: 'FILE', value: (file) => file.path },
  { title: 'FORMAT', value: (file) => (file.refused === undefined ? file.format : undefined) },
  { title: 'CLOCK', value: (file) => (file.refused === undefined ? file.clock : undefined) },
  { title: 'RUNS', value: (file) => file.runs, align: 'right' },
  { title: 'READ', value: (file) => file.read, align: 'right' },
  { title: 'ACCEPTED', value: (file) => file.accepted, align: 'right' },
  { title: 'DUPLICATES', value: (file) => file.duplicates, align: 'right' },
  {
    title: 'REJECTED',
    value: (file) => file.rejected,
    align: 'right',
    paint: (file, text, paint) => (file.rejected > 0 ? paint.bad(text) : text),
  },
]

function printRejections(context: CliContext, summary: ImportSummary): void {
  const paint = paintOf(context)
  for (const file of summary.files) {
    if (file.refused !== undefined) say(context, `${inert(file.path)}: ${paint.bad('refused')}: ${inert(file.refused)}`)
    else
      for (const { where, why } of file.rejections) say(context, `${inert(file.path)}: ${inert(where)}: ${inert(why)}`)
  }
  say(context, `read ${summary.read}, accepted ${summary.accepted}, rejected ${summary.rejected}`)
  if (summary.accepted > 0) say(context, ours`see them: holdfast agents`)
}
