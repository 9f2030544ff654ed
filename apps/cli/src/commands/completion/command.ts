import { buildCommand, buildRouteMap } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare } from '../../flags.ts'
import { documentation } from '../documentation.ts'

const script = (shell: 'bash' | 'zsh' | 'fish', file: string) =>
  buildCommand<object, [], CliContext>({
    loader: async () => {
      const { scriptOf } = await import('./scripts.ts')
      return function (this: CliContext): void {
        this.stdout.write(scriptOf(shell))
      }
    },
    parameters: { flags: bare({}), aliases: bare({}) },
    docs: documentation(`Print what completes holdfast in ${shell}`, [[`> ${file}`, 'for every new shell']]),
  })

/** What the printed scripts call with the words of the line so far, the one under the cursor last. */
const words = buildCommand<object, string[], CliContext>({
  loader: async () => (await import('./propose.ts')).proposeWords,
  parameters: {
    flags: bare({}),
    aliases: bare({}),
    positional: { kind: 'array', parameter: { brief: 'Words after holdfast', parse: String, placeholder: 'WORD' } },
  },
  docs: documentation('Print what may stand for the last word; the scripts ask it', [['-- incidents li', 'list']]),
})

export const completionCommands = buildRouteMap<'bash' | 'zsh' | 'fish' | 'words', CliContext>({
  routes: bare({
    bash: script('bash', '~/.local/share/bash-completion/completions/holdfast'),
    zsh: script('zsh', '~/.zsh/completions/_holdfast'),
    fish: script('fish', '~/.config/fish/completions/holdfast.fish'),
    words,
  }),
  aliases: bare({}),
  docs: { brief: 'Completion of commands, flags and ids in a shell', hideRoute: { words: true } },
})
