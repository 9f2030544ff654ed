import type { CliContext } from '../../context.ts'
import { NOTE_BYTES } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { verifyAttestation } from '../../verify/index.ts'
import { readInput } from '../read-input.ts'
import { readVerifierKey } from '../verifier-key.ts'
import type { VerifyFlags } from './command.ts'

/** Checks the statement of a day; ends with `check-failed` where it is not intact. Asks no server. */
export async function attestVerify(this: CliContext, flags: VerifyFlags, file: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const { key = '' } = readVerifierKey(this.cwd, flags.key)
  const { name, text } = await readInput(this, file, NOTE_BYTES)
  const verdict = verifyAttestation(text, key)
  const paint = paintOf(this)
  if (format !== 'table') printDocument(this, format, verdict)
  else if (verdict.ok) {
    const { day, origin, size, whole, withGaps, silent, away } = verdict
    this.stdout.write(`${paint.good('INTACT')}  ${inert(name)}\n`)
    this.stdout.write(`log ${inert(origin)} at ${size} entries, day ${inert(day)}\n`)
    this.stdout.write(
      `${whole} streams whole, ${withGaps} with gaps, ${silent} silent, ${away} times without a server\n`,
    )
  } else this.stdout.write(`${paint.bad('NOT INTACT')}  ${inert(name)}\n${inert(verdict.problem)}\n`)
  if (!verdict.ok) this.exit('check-failed')
}
