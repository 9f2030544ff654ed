import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation } from '../documentation.ts'

export type SearchFlags = DataFlags & OutputFlags<ListFormat>

export const searchCommand = buildCommand<SearchFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).search,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS) }),
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Any id, the start of a name, or words of it', parse: String, placeholder: 'TEXT' }],
    },
    aliases: bare({ o: 'output' }),
  },
  docs: documentation(
    'What an id or a name stands for: incident, plan, finding, agent, pod, conversation, trace, span, event, tool, document, digest',
    [
      ['inc-4bf92f3577b34da6', 'an incident, also by an id that it went by before'],
      ['4bf92f3577b34da6a3ce929d0e0e4736', 'where a trace is shown'],
      ['research-agent-6b7d9f8c55-m4k2p', 'a pod: the agent that it was, and its records'],
      ['wire_', 'tools, documents, agents and conversations that begin so'],
      ['"refund policy"', 'tools and documents with these words in their name or address'],
    ],
  ),
})
