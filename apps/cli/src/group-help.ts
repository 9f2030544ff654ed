import type { Command, RouteMap } from '@stricli/core'
import type { CliContext } from './context.ts'

type Target = Command<CliContext> | RouteMap<CliContext>
type HelpArguments = Parameters<RouteMap<CliContext>['formatHelp']>[0]

/** The target with a help of its own where it is a group, and all groups below it: an example of each command, then what each does. */
export function withGroupHelp<T extends Target>(target: T): T {
  if (!isGroup(target)) return target
  return {
    ...target,
    formatHelp: (asked: HelpArguments) => groupHelp(target, asked),
    getRoutingTargetForInput: (input: string) => {
      const below = target.getRoutingTargetForInput(input)
      return below === undefined ? undefined : withGroupHelp(below)
    },
  }
}

function groupHelp(group: RouteMap<CliContext>, asked: HelpArguments): string {
  const entries = group.getAllEntries().filter(({ hidden }) => !hidden)
  const commands = entries.map(({ name, target }) => ({ name: name['convert-camel-to-kebab'], target }))
  const width = Math.max(...commands.map(({ name }) => name.length))
  const examples = commands.map(({ name, target }) =>
    isGroup(target)
      ? [`  ${[...asked.prefix, name].join(' ')} ...`, `    ${target.brief}`]
      : firstExample(target.formatHelp({ ...asked, prefix: [...asked.prefix, name], aliases: [] })),
  )
  return `${[
    'EXAMPLES',
    ...examples.flat(),
    '',
    group.brief,
    '',
    'COMMANDS',
    ...commands.map(({ name, target }) => `  ${name.padEnd(width)}  ${target.brief}`),
    '',
    `Flags and more examples of each: ${asked.prefix.join(' ')} ${commands[0]?.name ?? ''} --help`,
  ].join('\n')}\n`
}

/** The line and what it gives, as the help of the command begins. */
function firstExample(help: string): readonly string[] {
  return help
    .split('\n')
    .slice(1, 3)
    .map((line) => line.trimEnd())
}

function isGroup(target: Target): target is RouteMap<CliContext> {
  return 'getAllEntries' in target
}
