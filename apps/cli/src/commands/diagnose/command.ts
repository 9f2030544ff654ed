import { buildCommand, buildRouteMap } from '@stricli/core'
import { DIAGNOSTIC_QUESTIONS, type DiagnosticQuestion } from '@holdfast/model'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { REPORT_FORMATS, type ReportFormat } from '../../render/formats.ts'
import { documentation } from '../documentation.ts'

const text = <const B extends string>(brief: B, placeholder: string) =>
  ({ kind: 'parsed', parse: String, optional: true, brief, placeholder }) as const
const about = {
  agent: text('Agent id or name; the one with the most records unless told', 'AGENT'),
  at: text('The instant: RFC 3339, or 10m, 2h, 3d ago; the newest that its records claim unless told', 'T'),
}

export type AboutFlags = DataFlags & { readonly agent?: string; readonly at?: string }
export type AskFlags = AboutFlags & OutputFlags<ReportFormat> & { readonly question?: DiagnosticQuestion }

const ask = buildCommand<AskFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).diagnose,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'five questions and nine capabilities, each with its verdict and evidence'),
      ...about,
      question: { kind: 'enum', values: DIAGNOSTIC_QUESTIONS, optional: true, brief: 'This question alone' },
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation(
    'Asks the five questions and judges the nine capabilities, of what the log holds now',
    [
      ['--agent support-desk', 'as its newest record has it'],
      ['--agent support-desk --at 2026-11-17T14:32:00Z', 'as it was at that minute'],
      ['--agent support-desk --question Q2', 'one of the five, with what was looked at'],
    ],
    'A verdict without a log position that shows it is no. What the platform of an agent gives no means to have reads constrained.',
  ),
})

export const diagnoseCommands = buildRouteMap({
  routes: bare({ ask }),
  defaultCommand: 'ask',
  aliases: bare({}),
  docs: { brief: 'Five questions and nine capabilities of an agent, answered from the log' },
})
