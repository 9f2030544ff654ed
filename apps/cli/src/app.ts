import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  text_en,
  type Application,
  type PartialApplicationConfiguration,
  type RouteMap,
} from '@stricli/core'
import { CliError } from './cli-error.ts'
import { ROOT_COMMANDS, type RootCommand, type RootName } from './command-table.ts'
import type { CliContext } from './context.ts'
import { EXIT } from './exit-codes.ts'
import { bare } from './flags.ts'
import { withGroupHelp } from './group-help.ts'
import { rootHelp } from './root-help.ts'
import { VERSION } from './version.ts'

/** The whole command as far as a line needs it: the one that its first word names is loaded, of the others the names are there. */
export async function appFor(args: readonly string[], program?: string): Promise<Application<CliContext>> {
  const entries = await Promise.all(
    Object.entries<RootCommand>(ROOT_COMMANDS).map(
      async ([name, { brief, load }]) =>
        [name, args[0] === name || args[0] === kebab(name) ? withGroupHelp(await load()) : unloaded(brief)] as const,
    ),
  )
  const root = buildRouteMap<RootName, CliContext>({
    // Proven by where the entries come from: every name of the table, once.
    routes: bare(Object.fromEntries(entries) as Record<RootName, ReturnType<typeof unloaded>>),
    aliases: bare({}),
    docs: { brief: 'Runtime security for AI agents' },
  })
  const withHelp: RouteMap<CliContext> = {
    ...root,
    formatHelp: () =>
      rootHelp(Object.entries<RootCommand>(ROOT_COMMANDS).map(([name, { brief }]) => [kebab(name), brief])),
  }
  const [word] = args
  const text =
    args.length < 2 && ASKS_FOR_NO_MORE.has(word) ? text_en : (await import('./fault-texts.ts')).faultTexts(program)
  return buildApplication<CliContext>(withHelp, { ...CONFIGURATION, localization: { text } })
}

/** A command that the line does not name: it has a name to suggest and is never run. */
function unloaded(brief: string) {
  return buildCommand<object, [], CliContext>({
    loader: async () => () => undefined,
    parameters: {},
    docs: { brief },
  })
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** The help of the root and the version say nothing of what was typed, and are not kept waiting for the code that makes it inert. */
const ASKS_FOR_NO_MORE: ReadonlySet<string | undefined> = new Set([undefined, '--help', '-h', '--version', '-v'])

/** How every line is read. */
export const CONFIGURATION: PartialApplicationConfiguration = {
  name: 'holdfast',
  versionInfo: { currentVersion: VERSION },
  scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
  documentation: { caseStyle: 'convert-camel-to-kebab', useAliasInUsageLine: false, disableAnsiColor: true },
  determineExitCode: (fault) => (fault instanceof CliError ? EXIT[fault.code] : EXIT.fault),
}
