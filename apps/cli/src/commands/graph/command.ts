import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, parseCount, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type GraphFlags = DataFlags &
  OutputFlags<ListFormat> & {
    readonly limit?: number
    readonly at?: string
    readonly known: boolean
    readonly with?: readonly string[]
    readonly values?: string
  }

export const graphCommand = buildCommand<GraphFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).graph,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'the whole execution graph'),
      at: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'As it was at T: RFC 3339, 14:32Z, an epoch, or 2h for so long ago',
        placeholder: 'T',
      },
      known: { kind: 'boolean', default: false, brief: 'With --at: what the log knew by then, not what had happened' },
      with: {
        kind: 'parsed',
        parse: String,
        optional: true,
        variadic: true,
        brief: 'Another conversation, as one graph with ID; up to 7 of them',
        placeholder: 'ID',
      },
      values: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'The values that a step was joined by, masked; that you read them is recorded',
        placeholder: 'STEP',
      },
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
      ['4bf92f35 --at 14:32Z --known', 'as much of it as the log knew at 14:32 today'],
      ['4bf92f35 --with 00f067aa', 'with another conversation, as one graph'],
      ['4bf92f35 --values 00f067aa', 'what travelled by the joins of one step; NODE in -o wide names steps'],
      ['4bf92f35 --json | jq \'.edges[] | select(.basis=="content")\'', 'the joins that are inferred'],
    ],
    'A basis of trace, call-id, socket or lineage is proven. content, exclusive and temporal are inferred.',
  ),
})
