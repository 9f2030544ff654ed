import { counted } from '@holdfast/model'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { verifyAudit, type AuditFacts, type Verdict } from '../../verify/index.ts'
import { problemLines } from '../problem-lines.ts'
import { verdictJunit } from '../verdict-junit.ts'
import { readVerifierKey } from '../verifier-key.ts'
import type { AuditVerifyFlags } from './command.ts'

/** Checks a row, a pack or a stopped log; ends with `check-failed` where anything in it is wrong. Asks no server. */
export async function auditVerify(this: CliContext, flags: AuditVerifyFlags, path: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const file = resolve(this.cwd, path)
  if (!existsSync(file)) throw new CliError('not-found', `no file ${inert(file)}`)
  const verdict = verifyAudit(file, readVerifierKey(this.cwd, flags.key))
  const { ok, problems, problemsTotal, facts } = verdict
  if (format === 'table') this.stdout.write(reportOf(this, file, verdict))
  else if (format === 'junit') this.stdout.write(verdictJunit('audit verify', file, verdict))
  else printDocument(this, format, { ok, path: file, problems, problemsTotal, ...facts })
  if (!ok) this.exit('check-failed')
}

function reportOf(context: CliContext, file: string, verdict: Verdict<AuditFacts>): string {
  const paint = paintOf(context)
  const { kind, row, entries, key, isKeyTrusted, size } = verdict.facts
  if (!verdict.ok) return `${paint.bad('NOT INTACT')}  ${inert(file)}\n${problemLines(verdict)}`
  // A bundle of another kind is whole too, and its reader looked for a row: that none was judged comes before that it is whole.
  const isOther = row === undefined && kind === 'pack'
  return [
    isOther
      ? `${paint.warn('NO AUDIT ROW')}  ${inert(file)}\nits files and entries are intact, and no audit row is in it: holdfast evidence verify says what it holds\n`
      : `${paint.good('INTACT')}  ${inert(file)}\n`,
    row === undefined ? '' : `${inert(row.id)}: ${inert(row.about)}\n${row.layers.map(inert).join(', ')}\n`,
    `${counted(entries, 'entry', 'entries')}${kind === 'row' ? ', without their bodies' : ''}; log of ${size}\n`,
    isKeyTrusted
      ? 'signed by the key you gave\n'
      : `signed by ${inert(key)}\n${paint.warn('that key came with it')}: to know who signed, compare it or give --key\n`,
  ].join('')
}
