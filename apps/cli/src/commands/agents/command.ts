import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, parseCount, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation } from '../documentation.ts'

export type AgentsFlags = DataFlags &
  OutputFlags<ListFormat> & { readonly limit?: number; readonly unlisted: boolean; readonly principals: boolean }

export const agentsCommand = buildCommand<AgentsFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).agents,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'a list of agents, all of them'),
      unlisted: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Only those that no document and no operator declares',
      },
      principals: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Instead, people, roles and services of which only audit logs tell',
      },
      limit: { kind: 'parsed', parse: parseCount, optional: true, brief: 'Rows at most', placeholder: 'N' },
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Agents that were heard, the latest first', [
    ['', 'who is there, with how many events'],
    ['--unlisted', 'who nobody declared: shadow agents among them'],
    ['-o wide', 'with ids, versions, channels and clocks'],
    ["--json | jq -r '.[].name'", 'for scripts'],
  ]),
})
