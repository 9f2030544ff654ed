import { buildCommand, buildRouteMap } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type ConnectorsListFlags = DataFlags & OutputFlags<ListFormat>
export type ConnectorsTestFlags = DataFlags & OutputFlags<ReportFormat>

const list = buildCommand<ConnectorsListFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).connectorsList,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'channels') }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Whom the server speaks to, and how that goes', [['', 'what waits, arrived and was given up']]),
})

const test = buildCommand<ConnectorsTestFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).connectorsTest,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(REPORT_FORMATS, 'how the try ended') }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [textArgument('NAME', 'Channel of connectors.yaml')] },
  },
  docs: documentation('Send a test notice, and wait for the first try', [
    ['soc', 'ends with 1 where it did not arrive'],
  ]),
})

export const connectorsCommands = buildRouteMap<'list' | 'test', CliContext>({
  routes: bare({ list, test }),
  aliases: bare({}),
  docs: { brief: 'Whom the server speaks to: channels of notices' },
})
