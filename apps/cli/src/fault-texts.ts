import { text_en, type ApplicationText } from '@stricli/core'
import { wordsAs } from './called-as.ts'
import { CliError } from './cli-error.ts'
import { inert, inertBlock } from './render/inert.ts'

/** What a person reads where a line is wrong or a command fails; `program` is what commands in it begin with. */
export const faultTexts = (program: string | undefined): ApplicationText => ({
  ...text_en,
  exceptionWhileParsingArguments: (fault) =>
    `holdfast: ${inert(fault instanceof Error ? fault.message : String(fault))}\nhelp: add --help`,
  exceptionWhileRunningCommand: (fault) => faultText(fault, program),
  noCommandRegisteredForInput: ({ input, corrections }) => {
    const guess = corrections.length === 0 ? '' : `, did you mean ${corrections.join(' or ')}?`
    return `holdfast: there is no command "${inert(input)}"${guess}\nhelp: ${program ?? 'holdfast'} --help`
  },
})

/** A fault of ours shows its stack, for the report that follows. */
function faultText(fault: unknown, program: string | undefined): string {
  if (fault instanceof CliError) {
    // Whoever made it was to make it inert; what one forgot must not reach a terminal either.
    const next = fault.remedy === undefined ? '' : `\nnext: ${wordsAs(fault.remedy, program)}`
    return inertBlock(`holdfast: ${fault.message}${next}`)
  }
  return inertBlock(`holdfast: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`)
}
