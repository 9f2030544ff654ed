import { buildCommand } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags, reasonFlag } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, idArgument } from '../documentation.ts'

export type LearnFlags = DataFlags &
  OutputFlags<ReportFormat> & { readonly apply: boolean; readonly withdraw?: string; readonly reason: string }
export type RecoverFlags = DataFlags &
  OutputFlags<ReportFormat> & { readonly mark: boolean; readonly since?: string; readonly reason?: string }
export type MetricsFlags = DataFlags & OutputFlags<ListFormat>

const incidentArgument = { kind: 'tuple', parameters: [idArgument('incident', 'ID', 'Incident')] } as const
const isAsked = (brief: string) => ({ kind: 'boolean', default: false, withNegated: false, brief }) as const
const text = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: String, optional: true, brief, placeholder }) as const

export const learnCommand = buildWritingCommand<LearnFlags, [string]>({
  loader: async () => (await import('./learn.ts')).incidentsLearn,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'what would change, and what it was held against'),
      apply: isAsked('Puts it in force where the replay is caught earlier and nothing ordinary is called anything new'),
      withdraw: text('Takes back what was applied under this id; nothing is replayed', 'LEARNING'),
      reason: reasonFlag,
    }),
    aliases: bare({ o: 'output' }),
    positional: incidentArgument,
  },
  docs: documentation('Learn from an incident: a rule and what to cut from profiles, tried on a replay of its chain', [
    ['inc-4bf9 --reason "post-incident"', 'the step at which it is caught before and after, and false alarms'],
    ['inc-4bf9 --apply --reason "post-incident"', 'in force from the next judgement on'],
    ['inc-4bf9 --withdraw 3f0c9a --reason "too loud"', 'taken back'],
  ]),
})

export const recoverCommand = buildWritingCommand<RecoverFlags, [string]>({
  loader: async () => (await import('./recover.ts')).incidentsRecover,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'each agent: from when on it is tainted, and how far it has come back'),
      mark: isAsked('Marks the profiles of its agents from the first tainted input on'),
      since: text('From this time on, in place of the proposed one: RFC 3339', 'T'),
      reason: text('Why; needed with --mark', 'TEXT'),
    }),
    aliases: bare({ o: 'output' }),
    positional: incidentArgument,
  },
  docs: documentation('How the agents of an incident come back, and from when on their profiles are tainted', [
    ['inc-4bf9', 'what is proposed, what may be restored, mode, parity and hours in monitoring'],
    ['inc-4bf9 --mark --reason "guideline G-12 was re-weighted"', 'marks the profiles; nothing is deleted'],
  ]),
})

export const metricsCommand = buildCommand<MetricsFlags, [], CliContext>({
  loader: async () => (await import('./metrics.ts')).incidentsMetrics,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'figures with what they were taken from') }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('How well incidents are responded to, counted from the recorded steps of their cases', [
    ['', 'time to classification, complete chains, applied refinements, times by stage, exposure'],
    ["--json | jq '.refinementApplied.share'", 'for scripts'],
  ]),
})
