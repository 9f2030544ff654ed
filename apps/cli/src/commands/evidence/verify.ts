import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { isZipAtAll, verifyBundle, type BundleFacts, type Problem, type Verdict } from '../../verify/index.ts'
import { problemLines } from '../problem-lines.ts'
import { verdictJunit } from '../verdict-junit.ts'
import { readVerifierKey } from '../verifier-key.ts'
import type { EvidenceVerifyFlags } from './command.ts'
import { digestOf, keptStamp, signerOf, stampBeside } from './kept-stamp.ts'

/** Checks one bundle, and with `--ca` the stamp beside it; ends with `check-failed` where anything is wrong. Asks no server. */
export async function evidenceVerify(this: CliContext, flags: EvidenceVerifyFlags, path: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const file = resolve(this.cwd, path)
  if (!existsSync(file)) throw new CliError('not-found', `no file ${inert(file)}`)
  const bundle = verifyBundle(file, readVerifierKey(this.cwd, flags.key))
  const stamp = await stampOf(file, flags.ca === undefined ? undefined : resolve(this.cwd, flags.ca))
  const verdict = typeof stamp === 'string' ? withProblem(bundle, { where: 'stamp', what: stamp }) : bundle
  const checked = typeof stamp === 'object' ? { stamp } : {}
  const unchecked = flags.ca === undefined && existsSync(stampBeside(file)) ? UNCHECKED : ''
  if (format === 'table') this.stdout.write(`${reportOf(this, file, verdict)}${stampLine(this, checked)}${unchecked}`)
  else if (format === 'junit') this.stdout.write(verdictJunit('evidence verify', file, verdict))
  else printDocument(this, format, { ok: verdict.ok, path: file, ...problemsOf(verdict), ...verdict.facts, ...checked })
  if (!verdict.ok) this.exit('check-failed')
}

type CheckedStamp = { readonly time: string; readonly signer: string; readonly serial: string }

/**
 * Who dated the bundle as it is now, and to when, as far as certificates are given that are trusted with that; what does not hold
 * in words. Throws for certificates that cannot be read, and where no stamp lies beside the bundle.
 */
async function stampOf(file: string, ca: string | undefined): Promise<CheckedStamp | string | undefined> {
  if (ca === undefined) return undefined
  const stamp = stampBeside(file)
  try {
    const { time, serial } = keptStamp(stamp, await digestOf(file))
    return { time: time.toISOString(), signer: await signerOf(file, { stamp, ca }), serial }
  } catch (fault) {
    if (fault instanceof CliError && fault.code === 'check-failed') return fault.message
    throw fault
  }
}

function withProblem<T>(verdict: Verdict<T>, problem: Problem): Verdict<T> {
  const { problems, problemsTotal } = verdict
  return { ...verdict, ok: false, problems: [...problems, problem], problemsTotal: problemsTotal + 1 }
}

function stampLine(context: CliContext, { stamp }: { readonly stamp?: CheckedStamp }): string {
  if (stamp === undefined) return ''
  const signer = inert(stamp.signer.replaceAll('\n', ', '))
  return `${paintOf(context).good('STAMPED')}  it existed at ${stamp.time}, says ${signer}\n`
}

const UNCHECKED = 'a time stamp lies beside it and was not checked: give --ca FILE\n'

function problemsOf({ problems, problemsTotal }: Verdict<unknown>) {
  return { problems, problemsTotal }
}

function reportOf(context: CliContext, file: string, verdict: Verdict<BundleFacts>): string {
  const paint = paintOf(context)
  const { facts } = verdict
  if (!verdict.ok && !isZipAtAll(file))
    return `${paint.bad('NO BUNDLE')}  ${inert(file)}\n  it is no zip, at neither end: holdfast evidence export writes bundles, holdfast audit verify checks rows\n`
  if (!verdict.ok) return `${paint.bad('NOT INTACT')}  ${inert(file)}\n${problemLines(verdict)}`
  const erased = facts.missing === 0 ? '' : `, content of ${facts.missing} of them erased before the export`
  const key = facts.isKeyTrusted
    ? `signed by the key you gave\n`
    : `signed by ${inert(facts.key)}\n${paint.warn('that key came with the bundle')}: to know who signed, compare it or give --key\n`
  return [
    `${paint.good('INTACT')}  ${inert(file)}\n`,
    `${facts.entries} log entries${erased}; ${facts.files} files, ${facts.bytes} bytes\n`,
    `log ${inert(facts.origin)}, ${facts.size} entries, root ${facts.rootHash}\n`,
    redactedLines(facts),
    key,
  ].join('')
}

/** What was hidden, and whose word the rest of those records is: the leaf alone cannot show it. */
function redactedLines({ redacted }: BundleFacts): string {
  if (redacted === undefined) return ''
  const { fields, entries, statements } = redacted
  const of = (count: number, word: string, words: string): string => `${count} ${count === 1 ? word : words}`
  const lines = fields.map(
    ({ field, values, entries: holders }) =>
      `  ${inert(field)}: ${of(values, 'value', 'values')} in ${of(holders, 'entry', 'entries')}\n`,
  )
  const where = `${of(statements.length, 'entry', 'entries')} of the log (${statements.slice(0, 5).join(', ')}${statements.length > 5 ? ', ...' : ''})`
  return [
    'hidden by who exported it:\n',
    ...lines,
    `the rest of ${of(entries, 'entry', 'entries')} is unchanged since the log stated it before the export, in ${where};\n`,
    'that the statement fits what was recorded, whoever holds the log can check: holdfast log verify --data DIR\n',
  ].join('')
}
