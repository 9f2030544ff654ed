import type { CliContext } from '../context.ts'

/** One example: what is typed after the command's name, and what that gives. */
export type Example = readonly [input: string, gives: string]

/** Help that leads with examples, as every command's does. */
export function documentation(brief: string, examples: readonly Example[], more?: string) {
  return {
    brief,
    ...(more === undefined ? {} : { fullDescription: `${brief}\n\n${more}` }),
    customUsage: examples.map(([input, gives]) => ({ input, brief: gives })),
  }
}

/** A positional argument that is passed on as it was typed. */
export function textArgument(placeholder: string, brief: string) {
  return { parse: String, brief, placeholder } as const
}

/** An argument that names something the server knows, so that a shell may ask what begins like it. */
export function idArgument(of: 'agent' | 'incident', placeholder: string, brief: string) {
  return {
    ...textArgument(placeholder, brief),
    async proposeCompletions(this: CliContext, partial: string): Promise<readonly string[]> {
      return (await import('../server/known-ids.ts')).knownIds(this, of, partial)
    },
  } as const
}
