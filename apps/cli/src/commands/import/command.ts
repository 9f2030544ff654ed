import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type ImportFlags = DataFlags & OutputFlags<ListFormat> & { readonly name?: string }

export const importCommand = buildCommand<ImportFlags, string[], CliContext>({
  loader: async () => (await import('./run.ts')).importFiles,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS, 'read, accepted, duplicates, rejected, and each file'),
      name: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'File name to record for standard input',
        placeholder: 'NAME',
      },
    }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'array',
      parameter: textArgument(
        'PATH',
        'OTLP file (protobuf, JSON, JSON lines), public agent run, or a folder of them; - is standard input',
      ),
      minimum: 1,
    },
  },
  docs: documentation(
    'Load recordings: OTLP files, public agent runs, histories',
    [
      ['traces.pb run-17.json', 'says what was read, accepted and rejected'],
      ['history.jsonl', 'any number of lines, with the clock that the first of them names'],
      ['recordings/', 'every recording in the folder and below it'],
      ['- --name export.jsonl < export.jsonl', 'from standard input'],
    ],
    'Exits with 3 where anything was rejected. Every event of a recording whose clock is made up says so.',
  ),
})
