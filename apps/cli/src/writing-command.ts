import { buildCommand, type BaseArgs, type Command, type CommandBuilderArguments } from '@stricli/core'
import type { CliContext } from './context.ts'
import { bare } from './flags.ts'

/**
 * A command that changes something on the server: like {@link buildCommand}, and with `--dry-run`. The flag is not the command's to
 * obey: nothing that was opened by `openApi` writes under it.
 */
export function buildWritingCommand<
  const FLAGS extends Readonly<Partial<Record<keyof FLAGS, unknown>>>,
  const ARGS extends BaseArgs,
>(spec: CommandBuilderArguments<FLAGS, ARGS, CliContext>): Command<CliContext> {
  const { parameters, loader } = { loader: undefined, ...spec }
  const load = async (): Promise<Run> => {
    const loaded = await loader?.()
    // What a loader gives is the function itself, or a module of it; none of ours is a module.
    return loaded as unknown as Run
  }
  const dryRun = {
    kind: 'boolean',
    default: false,
    withNegated: false,
    brief: 'Say what the server would be asked to do; nothing is written',
  } as const
  return buildCommand<object, BaseArgs, CliContext>({
    docs: spec.docs,
    // The parameters are those of the command, and one more that is taken away again before it runs.
    parameters: { ...parameters, flags: bare({ ...parameters.flags, dryRun }) } as object,
    loader: async () => {
      const run = await load()
      return function (this: CliContext, flags: object, ...args: BaseArgs) {
        const { dryRun: isDryRun, ...own } = flags as { readonly dryRun?: boolean }
        return run.call(isDryRun === true ? { ...this, isDryRun } : this, own, ...args)
      }
    },
  })
}

type Run = (this: CliContext, flags: object, ...args: BaseArgs) => void | Error | Promise<void | Error>
