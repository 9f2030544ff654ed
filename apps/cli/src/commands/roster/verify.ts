import { counted } from '@holdfast/model'
import type { CliContext } from '../../context.ts'
import { NOTE_BYTES } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { verifyRoster } from '../../verify/index.ts'
import { readInput } from '../read-input.ts'
import { readVerifierKey } from '../verifier-key.ts'
import type { VerifyFlags } from './command.ts'

/** Checks a roster document; ends with `check-failed` where it is not intact. Asks no server. */
export async function rosterVerify(this: CliContext, flags: VerifyFlags, file: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const { key = '' } = readVerifierKey(this.cwd, flags.key)
  const { name, text } = await readInput(this, file, NOTE_BYTES)
  const verdict = verifyRoster(text, key)
  const paint = paintOf(this)
  if (format !== 'table') printDocument(this, format, verdict)
  else if (verdict.ok) {
    this.stdout.write(`${paint.good('INTACT')}  ${inert(name)}\n`)
    const { origin, size, mode, agents, tools } = verdict
    this.stdout.write(
      `log ${inert(origin)} at ${counted(size, 'entry', 'entries')}: ${counted(agents.length, 'agent')}, ${tools.length} approvals, ${inert(mode)}\n`,
    )
  } else this.stdout.write(`${paint.bad('NOT INTACT')}  ${inert(name)}\n${inert(verdict.problem)}\n`)
  if (!verdict.ok) this.exit('check-failed')
}
