import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, parseCount, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type GraphFlags = DataFlags & OutputFlags<ListFormat> & { readonly limit?: number }

export const graphCommand = buildCommand<GraphFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).graph,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'the whole execution graph'),
      limit: { kind: 'parsed', parse: parseCount, optional: true, brief: 'Rows at most', placeholder: 'N' },
    }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'tuple',
      parameters: [textArgument('ID', 'Conversation or trace, its full id or a prefix that no other has')],
    },
  },
  docs: documentation(
    'What one prompt set off: the execution graph of a conversation',
    [
      ['4bf92f35', 'as a tree, with lane, basis and state of every step'],
      ['4bf92f35 -o wide', 'with node ids, agents and times'],
      ['4bf92f35 --json | jq \'.edges[] | select(.basis=="content")\'', 'the joins that are inferred'],
    ],
    'A basis of trace, call-id, socket or lineage is proven. content, exclusive and temporal are inferred.',
  ),
})
