import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { NOTE_BYTES } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { parseDataRules } from '../../roster/parse-data-rules.ts'
import { readInput } from '../read-input.ts'
import type { ReasonFlags } from './command.ts'
import { decide } from './run.ts'

/** Puts the rules about data in force that a file holds. */
export async function rosterData(this: CliContext, flags: ReasonFlags, file: string): Promise<void> {
  const { name, text } = await readInput(this, file, NOTE_BYTES)
  const parsed = parseDataRules(text)
  if ('faults' in parsed) {
    const [first = '', ...others] = parsed.faults
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`
    throw new CliError('usage', `${inert(name)}: ${inert(first)}${more}; nothing of it is in force`)
  }
  await decide(this, flags, { decision: { do: 'data-rules', rules: parsed.rules }, reason: flags.reason })
}
