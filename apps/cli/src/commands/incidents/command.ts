import { INCIDENT_TYPES, type IncidentType } from '@holdfast/model'
import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, parseCount, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, idArgument } from '../documentation.ts'
import { lensCommand } from './lens-command.ts'
import { documentCommand } from './document-command.ts'
import { confirmCommand, dismissCommand } from './decide-commands.ts'
import { learnCommand, metricsCommand, recoverCommand } from './learn-commands.ts'
import { planCommand } from './plan-command.ts'
import { auditCommand, scopeCommand, sweepCommand } from './scope-commands.ts'
import { applyCommand, approveCommand, overrideCommand, plansCommand, releaseCommand } from './response-commands.ts'
import { classify, close, open, runbook } from './case-commands.ts'
import { noteCommand, standingCommand, takeCommand, timelineCommand } from './note-commands.ts'

export type IncidentsListFlags = DataFlags &
  OutputFlags<ListFormat> & { readonly agent?: string; readonly attempts: boolean; readonly limit?: number }
export type IncidentsReportFlags = DataFlags &
  OutputFlags<ListFormat> & {
    readonly conversation?: string
    readonly type?: IncidentType
    readonly reason: string
    readonly withdraw?: string
  }
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
    positional: { kind: 'tuple', parameters: [idArgument('incident', 'ID', 'Incident')] },
  },
  docs: documentation('One incident: three columns of evidence, each line with its log positions', [
    ['inc-4bf92f3577b34da6', 'type, evidence for, against and missing, chain and history'],
    ["inc-4bf92f3577b34da6 --json | jq '.type, .confidence'", 'for scripts'],
  ]),
})

const report = buildWritingCommand<IncidentsReportFlags, [string?]>({
  loader: async () => (await import('./report.ts')).incidentsReport,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'the report and the incident that it opens'),
      conversation: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Where it went wrong',
        placeholder: 'CONVERSATION',
      },
      type: {
        kind: 'parsed',
        parse: parseType,
        optional: true,
        brief: `One of ${INCIDENT_TYPES.join(', ')}`,
        placeholder: 'TYPE',
      },
      reason: { kind: 'parsed', parse: String, brief: 'What was seen, for the record', placeholder: 'TEXT' },
      withdraw: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Takes this report back; nothing else but --reason is needed',
        placeholder: 'ID',
      },
    }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'tuple',
      parameters: [{ ...idArgument('agent', 'AGENT', 'Agent id or name'), optional: true }],
    },
  },
  docs: documentation('Reports what no act shows, and opens an incident on it', [
    [
      'guideline-agent --conversation 7c1e --type reasoning-compromise --reason "suggests option B to everybody"',
      'recorded first; what the agent was given is then looked through',
    ],
    ['--withdraw 0d9c --reason "a test of mine"', 'takes a report back, by its id'],
  ]),
})

export const incidentsCommands = buildRouteMap({
  routes: bare({
    list,
    show,
    standing: standingCommand,
    timeline: timelineCommand,
    take: takeCommand,
    note: noteCommand,
    open,
    classify,
    confirm: confirmCommand,
    dismiss: dismissCommand,
    plan: planCommand,
    plans: plansCommand,
    approve: approveCommand,
    override: overrideCommand,
    apply: applyCommand,
    release: releaseCommand,
    scope: scopeCommand,
    sweep: sweepCommand,
    audit: auditCommand,
    runbook,
    recover: recoverCommand,
    learn: learnCommand,
    metrics: metricsCommand,
    close,
    document: documentCommand,
    lens: lensCommand,
    report,
  }),
  aliases: bare({}),
  docs: { brief: 'Incidents, each with one type and the evidence for it' },
})

function parseType(text: string): IncidentType {
  const found = INCIDENT_TYPES.find((known) => known === text)
  if (found === undefined) throw new SyntaxError(`a type is one of ${INCIDENT_TYPES.join(', ')}`)
  return found
}
