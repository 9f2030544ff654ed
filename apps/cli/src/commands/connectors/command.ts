import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type ConnectorsListFlags = DataFlags & OutputFlags<ListFormat>
export type ConnectorsTestFlags = DataFlags & OutputFlags<ReportFormat>
export type ConnectorsPlatformsFlags = ConnectorsTestFlags & { readonly sweep: boolean }

const list = buildCommand<ConnectorsListFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).connectorsList,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'systems and channels') }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Systems that the server may act in, channels that it tells, and how that goes', [
    ['', 'what up --connectors FILE names; none of them is contacted'],
    ["--json | jq '.[].name'", 'for scripts'],
  ]),
})

const test = buildWritingCommand<ConnectorsTestFlags, [string]>({
  loader: async () => (await import('./test.ts')).connectorsTest,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(REPORT_FORMATS, 'checks of a system; of a channel how the try ended') }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [textArgument('NAME', 'System or channel, as connectors list shows it')] },
  },
  docs: documentation('Ask a system who we are there and what we may, or send a channel a test notice', [
    ['kubernetes:prod', 'changes nothing there; ends with 1 where a check fails'],
    ['soc', 'a channel gets one test notice; ends with 1 where it did not arrive'],
  ]),
})

const sweep = buildWritingCommand<ConnectorsListFlags, []>({
  loader: async () => (await import('./run.ts')).connectorsSweep,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'what was released, and what could not be looked through'),
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Release holds in other systems whose time is over', [
    ['', 'found by what stands in those systems; the server does so at its start and every five minutes'],
  ]),
})

const platforms = buildWritingCommand<ConnectorsPlatformsFlags, []>({
  loader: async () => (await import('./platforms.ts')).connectorsPlatforms,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'platforms that host agents, and what was read of each'),
      sweep: { kind: 'boolean', default: false, withNegated: false, brief: 'Read all of them now' },
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Platforms that host agents: what they tell, how late, and what they give no means for', [
    ['', 'as it was read last; none of them is contacted'],
    ['--sweep', 'reads agents and telemetry now; ends with 1 where a call failed'],
    ["--json | jq '.[].report.changes'", 'fields that a provider changed'],
  ]),
})

export const connectorsCommands = buildRouteMap<'list' | 'test' | 'sweep' | 'platforms', CliContext>({
  routes: bare({ list, test, sweep, platforms }),
  aliases: bare({}),
  docs: { brief: 'Other systems: where the server may act, and whom it tells' },
})
