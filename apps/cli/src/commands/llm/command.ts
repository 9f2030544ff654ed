import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag } from '../../flags.ts'
import { proxyFlags, type ProxyFlags } from '../../proxy/flags.ts'
import { documentation } from '../documentation.ts'

export type LlmFlags = ProxyFlags & {
  readonly url: URL
  readonly residency: 'enforce' | 'report'
  readonly rosterKey?: string
}

export const llmCommand = buildCommand<LlmFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).runLlm,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...proxyFlags,
      url: { ...proxyFlags.url, brief: 'The model provider to stand before' },
      residency: {
        kind: 'enum',
        values: ['enforce', 'report'],
        default: 'report',
        brief: 'Keep data from models outside of its regions (docs/data-rules.md), or only report them',
      },
      rosterKey: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'With --residency enforce: verifier key that must have signed the roster (default: that of the server)',
        placeholder: 'KEY',
      },
    }),
    aliases: bare({}),
  },
  docs: documentation('Stand before a model provider and record each call', [
    ['--url https://api.openai.com/v1', 'prints the address to use as the base URL'],
    ['--residency enforce --name desk --url https://api.openai.com/v1', 'data goes where the roster lets it'],
    ['--url http://127.0.0.1:11434 --listen 127.0.0.1:7002 --name support-desk', 'a model of this machine'],
  ]),
})
