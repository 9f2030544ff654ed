import { buildWritingCommand } from '../../writing-command.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type ImportFlags = DataFlags &
  OutputFlags<ListFormat> & {
    readonly name?: string
    readonly agent?: string
    readonly cluster?: string
    readonly at?: string
  }

export const importCommand = buildWritingCommand<ImportFlags, string[]>({
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
      agent: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Agent that documents declare which name none: its id, or a name that is known',
        placeholder: 'A',
      },
      cluster: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Cluster that manifests are of',
        placeholder: 'C',
      },
      at: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Since when documents hold; now unless told',
        placeholder: 'T',
      },
    }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'array',
      parameter: textArgument(
        'PATH',
        'Recording, history, or document that declares an agent, or a folder of them; - is standard input',
      ),
      minimum: 1,
    },
  },
  docs: documentation(
    'Load recordings, histories, and documents that declare agents',
    [
      ['traces.pb run-17.json', 'says what was read, accepted and rejected'],
      ['history.jsonl', 'any number of lines, with the clock that the first of them names'],
      ['--agent support-desk requirements.txt .mcp.json', 'what documents declare of an agent'],
      ['--cluster prod manifests/deployment.yaml', 'a workload names its agent itself'],
      ['recordings/', 'every recording in the folder and below it'],
      ['- --name export.jsonl < export.jsonl', 'from standard input'],
    ],
    'Exits with 3 where anything was rejected. Every event of a recording whose clock is made up says so.',
  ),
})
