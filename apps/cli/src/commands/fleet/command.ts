import { FLEET_MARKS, type FleetMark } from '@holdfast/api'
import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation } from '../documentation.ts'

export type FleetFlags = DataFlags & OutputFlags<ListFormat> & { readonly mark?: FleetMark; readonly class?: string }

export const fleetCommand = buildCommand<FleetFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).fleet,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'counts, blind spots, ingest and integrity; with --mark or --class the agents'),
      mark: { kind: 'enum', values: FLEET_MARKS, optional: true, brief: 'The agents that bear it, the worst first' },
      class: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'The agents of a class, the worst first',
        placeholder: 'CLASS',
      },
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('All agents together: by class and state, blind spots, ingest and integrity', [
    ['', 'how the fleet stands'],
    ['--mark incident', 'the agents behind a count'],
    ["--json | jq '.blind[]'", 'where nobody looks'],
  ]),
})
