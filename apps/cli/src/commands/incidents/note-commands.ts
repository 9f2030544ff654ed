import { buildCommand } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, parseCount, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, idArgument } from '../documentation.ts'

export type IncidentsNoteFlags = DataFlags &
  OutputFlags<ReportFormat> & { readonly pin: boolean; readonly event?: string; readonly remove?: string }
export type IncidentsTimelineFlags = DataFlags & OutputFlags<ListFormat> & { readonly limit?: number }
export type IncidentsStandingFlags = DataFlags & OutputFlags<ReportFormat>
export type IncidentsTakeFlags = IncidentsStandingFlags & { readonly reason?: string; readonly giveBack: boolean }

const incident = idArgument('incident', 'ID', 'Incident')
const text = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: String, optional: true, brief, placeholder }) as const

export const noteCommand = buildWritingCommand<IncidentsNoteFlags, [string, string?]>({
  loader: async () => (await import('./note.ts')).incidentsNote,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'the note as it is kept'),
      pin: { kind: 'boolean', default: false, withNegated: false, brief: 'A pin: kept in sight above the timeline' },
      event: text('Event that it is about', 'EVENT'),
      remove: text('Takes the note with this id out of sight, instead', 'NOTE'),
    }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'tuple',
      parameters: [incident, { parse: String, brief: 'What to write down', placeholder: 'TEXT', optional: true }],
    },
  },
  docs: documentation('Writes a note or a pin beside an incident; it stands on its timeline, with your name', [
    ['inc-4bf92f3577b34da6 "the vendor confirms: the mailbox is not theirs"', 'a note'],
    ['inc-4bf92f3577b34da6 "the order that it took up" --pin --event EVENT', 'a pin on one event'],
    ['inc-4bf92f3577b34da6 --remove 0d9c71f2-8a54', 'out of sight; what it said stays in the log'],
  ]),
})

export const timelineCommand = buildCommand<IncidentsTimelineFlags, [string], CliContext>({
  loader: async () => (await import('./timeline.ts')).incidentsTimeline,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'what happened, the earliest first'),
      limit: { kind: 'parsed', parse: parseCount, optional: true, brief: 'The newest so many', placeholder: 'N' },
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [incident] },
  },
  docs: documentation('Everything that happened about an incident: agents, conclusions, people, the product', [
    ['inc-4bf92f3577b34da6', 'the earliest first, each with its log position'],
    ['inc-4bf92f3577b34da6 --json | jq \'.[] | select(.kind == "operator")\'', 'what people did'],
  ]),
})

export const standingCommand = buildCommand<IncidentsStandingFlags, [string], CliContext>({
  loader: async () => (await import('./standing.ts')).incidentsStanding,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(REPORT_FORMATS, 'harm, trigger, clocks and owner') }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [incident] },
  },
  docs: documentation('Whether harm is still possible, what that rests on, two clocks, and who has it', [
    ['inc-4bf92f3577b34da6', 'one line each'],
    ['inc-4bf92f3577b34da6 --json | jq .harm.state', 'continuing, stopped, held, ended, unknown or none-seen'],
  ]),
})

export const takeCommand = buildWritingCommand<IncidentsTakeFlags, [string]>({
  loader: async () => (await import('./standing.ts')).incidentsTake,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'harm, trigger, clocks and owner'),
      reason: text('Why; it is recorded', 'TEXT'),
      giveBack: { kind: 'boolean', default: false, withNegated: false, brief: 'Give it back: nobody has it then' },
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [incident] },
  },
  docs: documentation('Takes an incident in hand, from whoever has it; recorded with your name', [
    ['inc-4bf92f3577b34da6', 'it is yours'],
    ['inc-4bf92f3577b34da6 --give-back --reason "end of shift"', 'nobody has it'],
  ]),
})
