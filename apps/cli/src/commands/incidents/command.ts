import { buildCommand, buildRouteMap } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, parseCount, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type IncidentsListFlags = DataFlags &
  OutputFlags<ListFormat> & { readonly agent?: string; readonly attempts: boolean; readonly limit?: number }
export type IncidentsShowFlags = DataFlags & OutputFlags<ReportFormat>

const list = buildCommand<IncidentsListFlags, [], CliContext>({
  loader: async () => (await import('./list.ts')).incidentsList,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'incidents, the latest first'),
      agent: { kind: 'parsed', parse: String, optional: true, brief: 'Only of this agent', placeholder: 'AGENT' },
      attempts: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Also instructions that were taken up without an effect',
      },
      limit: { kind: 'parsed', parse: parseCount, optional: true, brief: 'Rows at most', placeholder: 'N' },
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('Incidents: what happened, of which of the three types, and how sure that is', [
    ['', 'the latest first; repeats of one are one row'],
    ['--agent support-desk', 'of one agent, without a bound on its rows'],
    ['--json | jq \'.[] | select(.triage == "page").id\'', 'for scripts'],
  ]),
})

const show = buildCommand<IncidentsShowFlags, [string], CliContext>({
  loader: async () => (await import('./show.ts')).incidentsShow,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(REPORT_FORMATS, 'type, confidence, evidence, graph') }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [textArgument('ID', 'Incident')] },
  },
  docs: documentation('One incident: three columns of evidence, each line with its log positions', [
    ['inc-4bf92f3577b34da6', 'type, evidence for, against and missing, chain and history'],
    ["inc-4bf92f3577b34da6 --json | jq '.type, .confidence'", 'for scripts'],
  ]),
})

export const incidentsCommands = buildRouteMap({
  routes: bare({ list, show }),
  aliases: bare({}),
  docs: { brief: 'Incidents, each with one type and the evidence for it' },
})
