import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { REPORT_FORMATS, type ReportFormat } from '../../render/formats.ts'
import { documentation } from '../documentation.ts'

export type DemoFlags = DataFlags &
  OutputFlags<ReportFormat> & { readonly only?: readonly string[]; readonly otlp?: string }

export const demoCommand = buildCommand<DemoFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).demo,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'what ran, and the conversations that appeared'),
      only: {
        kind: 'parsed',
        parse: String,
        optional: true,
        variadic: true,
        brief: 'Only this scenario; may be repeated',
        placeholder: 'NAME',
      },
      otlp: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Where agents send OTLP over HTTP, where the server does not say',
        placeholder: 'URL',
      },
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation(
    'Run real agents against the server, so that there is something to look at',
    [
      ['', 'into the running server, or into one that runs as long as the demo'],
      ['--only support-desk', 'one scenario'],
    ],
    'Agents are real programs on public frameworks; only the model behind them answers from a script.',
  ),
})
