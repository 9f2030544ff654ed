import { buildWritingCommand } from '../../writing-command.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { REPORT_FORMATS, type ReportFormat } from '../../render/formats.ts'
import { documentation, idArgument } from '../documentation.ts'

export type IncidentsDecideFlags = DataFlags &
  OutputFlags<ReportFormat> & { readonly reason: string; readonly withdraw: boolean }

const text = (brief: string) => ({ kind: 'parsed', parse: String, brief, placeholder: 'TEXT' }) as const

const parameters = {
  flags: bare({
    ...dataFlag,
    ...outputFlags(REPORT_FORMATS, 'the log entry that it is recorded as'),
    reason: text('Why; it is recorded'),
    withdraw: { kind: 'boolean' as const, default: false, withNegated: false, brief: 'Take the word before back' },
  }),
  aliases: bare({ o: 'output' } as const),
  positional: { kind: 'tuple', parameters: [idArgument('incident', 'ID', 'Incident')] },
} as const

export const confirmCommand = buildWritingCommand<IncidentsDecideFlags, [string]>({
  loader: async () => (await import('./decide.ts')).incidentsConfirm,
  parameters,
  docs: documentation('Say that an incident is one; `holdfast detector train` learns from it', [
    ['inc-4bf92f3577b34da6 --reason "the mail was forged"', 'recorded with your name'],
  ]),
})

export const dismissCommand = buildWritingCommand<IncidentsDecideFlags, [string]>({
  loader: async () => (await import('./decide.ts')).incidentsDismiss,
  parameters,
  docs: documentation('Say that an incident is none; it stays listed, and hides no other', [
    ['inc-4bf92f3577b34da6 --reason "the owner asked for it by telephone"', 'recorded with your name'],
  ]),
})
