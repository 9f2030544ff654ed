import { basename } from 'node:path'

/** Options of launchers that have no value: what stands behind one is still what is run. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set(['-y', '--yes', '-q', '--quiet', '-m', '-u', '-i', '--rm', '--'])

/**
 * How a server's command is told of: the program and what it runs, `npx @modelcontextprotocol/server-filesystem`. What may be
 * the value of an option, or an assignment, may be a key and is left out.
 */
export function commandName([program = '', ...args]: readonly string[]): string {
  const subject = args.find((argument) => !WITHOUT_VALUE.has(argument) && !/^-[^=]*=/.test(argument))
  const isName = subject !== undefined && /^(?!-)[\w@./:~+-]+$/.test(subject)
  return isName ? `${basename(program)} ${subject}` : basename(program)
}
