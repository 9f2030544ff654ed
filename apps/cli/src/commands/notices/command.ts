import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

const STATUSES = ['waiting', 'delivered', 'given-up'] as const

export type NoticesListFlags = DataFlags &
  OutputFlags<ListFormat> & { readonly incident?: string; readonly status?: (typeof STATUSES)[number] }
export type NoticesReplayFlags = DataFlags & OutputFlags<ReportFormat> & { readonly channel?: string }

const list = buildCommand<NoticesListFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).noticesList,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'notices, the newest first'),
      incident: { kind: 'parsed', parse: String, optional: true, brief: 'Of this incident alone', placeholder: 'ID' },
      status: { kind: 'enum', values: STATUSES, optional: true, brief: 'With a delivery that stands so' },
    }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('What people and other systems were told, and whether they got it', [
    ['', 'the newest first'],
    ['--status given-up', 'what never arrived'],
  ]),
})

const replay = buildWritingCommand<NoticesReplayFlags, [string]>({
  loader: async () => (await import('./run.ts')).noticesReplay,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'the notice with its deliveries'),
      channel: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'To this channel alone, whether or not it listened then',
        placeholder: 'NAME',
      },
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [textArgument('NOTICE', 'Id of a notice')] },
  },
  docs: documentation('Send a notice again, under the same key', [
    ['opened:inc-0123456789abcdef --channel soc', 'a receiver that has it already knows it by its key'],
  ]),
})

export const noticesCommands = buildRouteMap<'list' | 'replay', CliContext>({
  routes: bare({ list, replay }),
  aliases: bare({}),
  docs: { brief: 'What was told, to whom, and whether it arrived' },
})
