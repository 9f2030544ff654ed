import { buildCommand, buildRouteMap } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type ListFlags = DataFlags & OutputFlags<ListFormat>
export type ShowFlags = ListFlags & { readonly out?: string }
export type VerifyFlags = OutputFlags<ReportFormat> & { readonly key: string }

const aliases = bare({ o: 'output' as const })

const list = buildCommand<ListFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).attestList,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'days, and those without a statement') }),
    aliases,
  },
  docs: documentation('Signed statements of days, the newest first', [['', 'and the days that have none']]),
})

const show = buildCommand<ShowFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).attestShow,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'the statement with its signed note'),
      out: { kind: 'parsed', parse: String, optional: true, brief: 'Write the signed note here', placeholder: 'FILE' },
    }),
    aliases,
    positional: { kind: 'tuple', parameters: [textArgument('DAY', '2026-11-20, today or yesterday, in UTC')] },
  },
  docs: documentation(
    'What was covered on a day, stream by stream, and what was not',
    [
      ['yesterday', 'a line a stream, 24 characters for its hours'],
      ['2026-11-20 --out 2026-11-20.note', 'the signed note, for holdfast attest verify'],
    ],
    'A stream that was heard before and sent nothing is silent, never whole. Today is shown as far as it is, and not signed.',
  ),
})

const verify = buildCommand<VerifyFlags, [string], CliContext>({
  loader: async () => (await import('./verify.ts')).attestVerify,
  parameters: {
    flags: bare({
      ...outputFlags(REPORT_FORMATS, 'what the statement says, once it is intact'),
      key: { kind: 'parsed', parse: String, brief: 'Verifier key of the log, or a file with it', placeholder: 'KEY' },
    }),
    aliases,
    positional: { kind: 'tuple', parameters: [textArgument('FILE', 'Signed note; - for standard input')] },
  },
  docs: documentation('Checks the statement of a day; asks no server', [
    ['2026-11-20.note --key prod.key', 'ends with 1 where it is not intact'],
  ]),
})

export const attestCommands = buildRouteMap({
  routes: bare({ list, show, verify }),
  aliases: bare({}),
  docs: { brief: 'One signed statement a day: what was covered, and what was not' },
})
