import { text_en, type ApplicationText } from '@stricli/core'
import { CliError } from './cli-error.ts'
import { inert, inertBlock } from './render/inert.ts'

/** What a person reads where a line is wrong or a command fails. */
export const FAULT_TEXTS: ApplicationText = {
  ...text_en,
  exceptionWhileParsingArguments: (fault) =>
    `holdfast: ${inert(fault instanceof Error ? fault.message : String(fault))}\nhelp: add --help`,
  exceptionWhileRunningCommand: faultText,
  noCommandRegisteredForInput: ({ input, corrections }) => {
    const guess = corrections.length === 0 ? '' : `, did you mean ${corrections.join(' or ')}?`
    return `holdfast: there is no command "${inert(input)}"${guess}\nhelp: holdfast --help`
  },
}

/** A fault of ours shows its stack, for the report that follows. */
function faultText(fault: unknown): string {
  if (fault instanceof CliError) {
    // Whoever made it was to make it inert; what one forgot must not reach a terminal either.
    return inertBlock(`holdfast: ${fault.message}${fault.remedy === undefined ? '' : `\nnext: ${fault.remedy}`}`)
  }
  return inertBlock(`holdfast: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`)
}
