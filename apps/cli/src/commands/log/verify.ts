import { ours } from '../../called-as.ts'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { formatRfc3339, parseUnixNanoText, shellWord } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { apiOf } from '../../server/api.ts'
import { findServer, nearestLogFolder, readServerFile } from '../../server/find-server.ts'
import { verifyFolder, type FolderFacts, type Verdict } from '../../verify/index.ts'
import { problemLines } from '../problem-lines.ts'
import { verdictJunit } from '../verdict-junit.ts'
import { readVerifierKey } from '../verifier-key.ts'
import type { LogVerifyFlags } from './command.ts'
import { type KeptCheckpoint, readKeptCheckpoint } from './kept-checkpoint.ts'
import { verifyServedLog } from './served-log.ts'

/** What both ways to verify a log say about it. */
export type LogFacts = {
  readonly size: number
  /** Root of the tree, recomputed from the leaves. */
  readonly root: string
  /** `signedAt` in RFC 3339 where the folder tells it, `note` where a server does. */
  readonly lastCheckpoint: { readonly size: number; readonly signedAt?: string; readonly note?: string } | undefined
  /** How many were compared, and how many the log has. */
  readonly checkpoints: number
  readonly checkpointsTotal: number
  /** The checkpoint that was given, where its signature holds; `ok` says whether the log begins with it. */
  readonly kept: { readonly size: number } | undefined
  readonly gaps: number
  readonly origin: string
  readonly key: string
  readonly isKeyTrusted: boolean
  /** What was looked at besides leaves, checkpoints and signatures. */
  readonly covers: 'leaves' | 'leaves and bodies' | 'every byte'
}

/** Verifies the log of a running server or of a stopped folder; ends with `check-failed` where anything is wrong. */
export async function logVerify(this: CliContext, flags: LogVerifyFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const key = readVerifierKey(this.cwd, flags.key)
  const kept = await readKeptCheckpoint(this, flags.checkpoint)
  const given = { ...key, ...(kept === undefined ? {} : { kept }) }
  const { source, verdict } = await verdictOf(this, flags, given)
  if (format === 'table') {
    this.stdout.write(reportOf(this, source, verdict))
  } else if (format === 'junit') {
    this.stdout.write(verdictJunit('log verify', source, verdict))
  } else {
    const { ok, problems, problemsTotal, facts } = verdict
    printDocument(this, format, { ok, source, ...facts, problems, problemsTotal })
  }
  if (!verdict.ok) this.exit('check-failed')
}

/** What the caller has from elsewhere, to hold the log against. */
export type Given = { readonly key?: string; readonly kept?: KeptCheckpoint }

type Checked = { readonly source: string; readonly verdict: Verdict<LogFacts> }

async function verdictOf(context: CliContext, flags: LogVerifyFlags, given: Given): Promise<Checked> {
  const folder = flags.data === undefined ? undefined : resolve(context.cwd, flags.data)
  if (folder !== undefined && readServerFile(folder) === undefined) {
    if (!existsSync(join(folder, 'log.db'))) throw new CliError('not-found', `no log in ${inert(folder)}`)
    return { source: folder, verdict: folderVerdict(folder, given) }
  }
  try {
    const server = findServer({ env: context.env, cwd: context.cwd, data: flags.data })
    return { source: server.http, verdict: await verifyServedLog(apiOf(context, server), given) }
  } catch (fault) {
    throw withoutServer(context, fault)
  }
}

/** A log needs no server to be verified: where none answers, the way over its folder is the next step as well. */
function withoutServer(context: CliContext, fault: unknown): unknown {
  if (!(fault instanceof CliError) || fault.code !== 'unavailable') return fault
  const near = nearestLogFolder(context.cwd)
  const folder = near === undefined ? 'DIR' : shellWord(near)
  const where = near === undefined ? ' (its data folder)' : ''
  const remedy = ours`${fault.remedy ?? ours`holdfast up`}\nor without a server: holdfast log verify --data ${folder}${where}`
  return new CliError(fault.code, fault.message, { cause: fault, remedy })
}

function folderVerdict(folder: string, given: Given): Verdict<LogFacts> {
  const { facts, ...verdict } = verifyFolder(folder, given)
  return {
    ...verdict,
    facts: {
      size: facts.size,
      root: facts.rootHash,
      lastCheckpoint: signedCheckpoint(facts.lastCheckpoint),
      checkpoints: facts.checkpoints,
      checkpointsTotal: facts.checkpoints,
      kept: facts.kept,
      gaps: facts.gaps,
      origin: facts.origin,
      key: facts.key,
      isKeyTrusted: facts.isKeyTrusted,
      covers: facts.isSealed ? 'every byte' : 'leaves and bodies',
    },
  }
}

/** What the log says of itself that it may not have seen is no fault of the log. */
function gapsOf(gaps: number): string {
  if (gaps === 0) return 'no gaps on record'
  return `${gaps} ${gaps === 1 ? 'gap' : 'gaps'} on record: times in which something was refused, lost or not watched; the page Integrity names each`
}

function signedCheckpoint(checkpoint: FolderFacts['lastCheckpoint']): LogFacts['lastCheckpoint'] {
  if (checkpoint === undefined) return undefined
  const time = parseUnixNanoText(checkpoint.signedAt)
  return { size: checkpoint.size, ...(time === undefined ? {} : { signedAt: formatRfc3339(time) }) }
}

function reportOf(context: CliContext, source: string, verdict: Verdict<LogFacts>): string {
  const paint = paintOf(context)
  const { facts } = verdict
  const last = facts.lastCheckpoint
  const signedAt = last?.signedAt === undefined ? '' : ` at ${last.signedAt}`
  const head = verdict.ok ? paint.good('INTACT') : paint.bad('NOT INTACT')
  const key = facts.isKeyTrusted ? 'the key you gave' : `the key that the log itself states: ${inert(facts.key)}`
  return [
    `${head}  ${inert(source)}\n`,
    verdict.ok ? '' : problemLines(verdict),
    `${facts.size} entries, root ${facts.root}\n`,
    facts.kept === undefined || !verdict.ok
      ? ''
      : `begins with the ${facts.kept.size} entries of the checkpoint given\n`,
    `${checkpointsOf(facts)}, the last one over ${last?.size ?? 0} entries${signedAt}\n`,
    `${gapsOf(facts.gaps)}\n`,
    `checked: ${facts.covers}; signed by ${key}\n`,
  ].join('')
}

function checkpointsOf({ checkpoints, checkpointsTotal }: LogFacts): string {
  if (checkpoints === checkpointsTotal) return `${checkpoints} checkpoints`
  return `the newest ${checkpoints} of ${checkpointsTotal} checkpoints (all of them: --data on the stopped folder)`
}
