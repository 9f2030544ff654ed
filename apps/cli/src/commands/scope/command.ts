import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, idArgument } from '../documentation.ts'

export type ScopeFlags = DataFlags & OutputFlags<ListFormat> & { readonly at?: string }

export const scopeCommand = buildCommand<ScopeFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).scope,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'every list, each row with grant, evidence and remedy'),
      at: { kind: 'parsed', parse: String, optional: true, brief: 'End of the window of 30 days', placeholder: 'TIME' },
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [idArgument('agent', 'AGENT', 'Agent id or name')] },
  },
  docs: documentation(
    'What an agent may, against what it does',
    [
      ['exporter', 'two lanes: what is granted and idle, and what is inherited and was never declared'],
      ['exporter --at 2026-03-02T12:00:00Z', 'the 30 days before that time'],
      ["exporter --json | jq '.unusedExcess[].remedy'", 'for scripts'],
    ],
    'Grants come from imported documents (docs/authority.md), use from audit logs. No list is called excess as a whole.',
  ),
})
