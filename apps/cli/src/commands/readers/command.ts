import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type ReadersFlags = DataFlags &
  OutputFlags<ListFormat> & { readonly from?: string; readonly to?: string; readonly text?: string }

const text = <const B extends string>(brief: B, placeholder: string) =>
  ({ kind: 'parsed', parse: String, optional: true, brief, placeholder }) as const

export const readersCommand = buildCommand<ReadersFlags, string[], CliContext>({
  loader: async () => (await import('./run.ts')).readers,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'executions with how often and when they read it'),
      from: text('Only what happened from then on', 'T'),
      to: text('Only what happened before', 'T'),
      text: text('Instead, a value from the text: contexts that it entered under whatever name', 'VALUE'),
    }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'array',
      maximum: 1,
      parameter: textArgument('DOCUMENT', 'Id of a document or memory record; * stands for anything'),
    },
  },
  docs: documentation(
    'Every execution that read a document, whichever agent it was of',
    [
      ['policy-7', 'who read it, how often, first and last'],
      ['"policy-*" --from 7d', 'a week of all of them'],
      ['--text audit-desk@ledger-mirror.example', 'where a value of it came to, by its text'],
    ],
    'What a sender did not name as a document is found by --text alone.',
  ),
})
