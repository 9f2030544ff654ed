import { buildCommand, buildRouteMap } from '@stricli/core'
import { DIAGNOSTIC_QUESTIONS, type DiagnosticQuestion } from '@holdfast/model'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation } from '../documentation.ts'

const text = <const B extends string>(brief: B, placeholder: string) =>
  ({ kind: 'parsed', parse: String, optional: true, brief, placeholder }) as const
const about = {
  agent: text('Agent id or name; the one with the most records unless told', 'AGENT'),
  at: text('The instant: RFC 3339, or 10m, 2h, 3d ago; the newest that its records claim unless told', 'T'),
}
const question = {
  kind: 'enum',
  values: DIAGNOSTIC_QUESTIONS,
  optional: true,
  brief: 'This question alone',
} as const
const aliases = bare({ o: 'output' as const })

export type AboutFlags = DataFlags & { readonly agent?: string; readonly at?: string }
export type AskFlags = AboutFlags &
  OutputFlags<ReportFormat> & {
    readonly question?: DiagnosticQuestion
    readonly record: boolean
    readonly reason?: string
  }
export type ExportFlags = AboutFlags &
  OutputFlags<ReportFormat> & {
    readonly question?: DiagnosticQuestion
    readonly out?: string
    readonly force: boolean
  }
export type HistoryFlags = DataFlags & OutputFlags<ListFormat> & { readonly agent?: string }
export type ScheduleFlags = DataFlags &
  OutputFlags<ListFormat> & {
    readonly every?: number
    readonly agents?: readonly string[]
    readonly reason?: string
  }

const ask = buildWritingCommand<AskFlags, DiagnosticQuestion[]>({
  loader: async () => (await import('./run.ts')).diagnose,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'five questions and nine capabilities, each with its verdict and evidence'),
      ...about,
      question,
      record: { kind: 'boolean', default: false, withNegated: false, brief: 'Keep what it came to in the log' },
      reason: text('Why it is held; with --record', 'TEXT'),
    }),
    aliases,
    positional: {
      kind: 'array',
      maximum: DIAGNOSTIC_QUESTIONS.length,
      parameter: { parse: parseQuestion, brief: 'Only these of the five: q1 to q5', placeholder: 'QUESTION' },
    },
  },
  docs: documentation(
    'Asks the five questions and judges the nine capabilities, of what the log holds now',
    [
      ['--agent support-desk', 'as its newest record has it'],
      ['--agent support-desk --at 2026-11-17T14:32:00Z', 'as it was at that minute'],
      ['q2 --agent support-desk', 'one of the five, with what was looked at'],
      ['--agent support-desk --record --reason "Q4 review"', 'a self-audit: kept, and compared with the last'],
    ],
    'A verdict without a log position that shows it is no. What the platform of an agent gives no means to have reads constrained.',
  ),
})

const exportPack = buildCommand<ExportFlags, [], CliContext>({
  loader: async () => (await import('./export.ts')).diagnoseExport,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'path, bytes and digest'),
      ...about,
      question,
      out: text('File to write', 'FILE'),
      force: { kind: 'boolean', default: false, withNegated: false, brief: 'Replace a file that is there' },
    }),
    aliases,
  },
  docs: documentation('The answers with the log entries that they rest on, as one file', [
    ['--agent support-desk --out review.zip', 'holdfast evidence verify review.zip checks it without a server'],
    ['--agent support-desk --question Q2 --out q2.zip', 'one question alone'],
  ]),
})

const history = buildCommand<HistoryFlags, [], CliContext>({
  loader: async () => (await import('./audits.ts')).diagnoseHistory,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'audits, the schedule, and what became different'),
      agent: text('Of this agent alone', 'AGENT'),
    }),
    aliases,
  },
  docs: documentation('Self-audits that were held, each against the one before it', [
    ['--agent support-desk', 'the newest first'],
  ]),
})

const schedule = buildWritingCommand<ScheduleFlags, []>({
  loader: async () => (await import('./audits.ts')).diagnoseSchedule,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'audits, the schedule, and what became different'),
      every: {
        kind: 'parsed',
        parse: parseDays,
        optional: true,
        brief: 'Days between two audits of an agent; 91 is a quarter, 0 ends it',
        placeholder: 'DAYS',
      },
      agents: {
        kind: 'parsed',
        parse: String,
        variadic: ',',
        optional: true,
        brief: 'Only these agents',
        placeholder: 'A,B',
      },
      reason: text('Why; it is recorded', 'TEXT'),
    }),
    aliases,
  },
  docs: documentation('How often audits are held by themselves; shows it where no days are told', [
    ['--every 91 --reason "quarterly, as the committee decided"', 'of every agent, from now on'],
    ['--every 0 --reason "held elsewhere"', 'ends it'],
  ]),
})

export const diagnoseCommands = buildRouteMap({
  routes: bare({ ask, export: exportPack, history, schedule }),
  defaultCommand: 'ask',
  aliases: bare({}),
  docs: { brief: 'Five questions and nine capabilities of an agent, answered from the log' },
})

function parseQuestion(text: string): DiagnosticQuestion {
  const found = DIAGNOSTIC_QUESTIONS.find((known) => known.toLowerCase() === text.toLowerCase())
  if (found === undefined) throw new SyntaxError('a question is one of q1, q2, q3, q4, q5')
  return found
}

function parseDays(days: string): number {
  if (!/^(0|[1-9][0-9]{0,2})$/.test(days) || Number(days) > 366)
    throw new SyntaxError('days are a number from 0 to 366')
  return Number(days)
}
