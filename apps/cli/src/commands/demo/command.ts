import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { REPORT_FORMATS, type ReportFormat } from '../../render/formats.ts'
import { documentation } from '../documentation.ts'

export type DemoFlags = DataFlags &
  OutputFlags<ReportFormat> & {
    readonly only?: readonly string[]
    readonly otlp?: string
    readonly respond?: boolean
    readonly stay?: boolean
    readonly own?: boolean
    readonly remove?: boolean
    readonly yes?: boolean
  }

export const demoCommand = buildCommand<DemoFlags, string[], CliContext>({
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
        brief: 'Only this story or small agent; may be repeated',
        placeholder: 'NAME',
      },
      respond: {
        kind: 'boolean',
        optional: true,
        brief: 'With "incident": agents stay, are held for real, and the case is worked; takes root',
      },
      own: {
        kind: 'boolean',
        optional: true,
        brief: 'With "incident": on a temporary server of its own, also where one runs',
      },
      stay: {
        kind: 'boolean',
        optional: true,
        brief:
          'The refund agent goes on until Ctrl-C, 20 minutes at most, so that there is somebody to hold; takes root and a sensor',
      },
      remove: {
        kind: 'boolean',
        optional: true,
        brief: 'Destroy the content of all demo data and list nothing of it any more; asks first on a terminal',
      },
      yes: { kind: 'boolean', optional: true, withNegated: false, brief: 'With --remove: do not ask' },
      otlp: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Where agents send OTLP over HTTP, where the server does not say',
        placeholder: 'URL',
      },
    }),
    aliases: bare({ o: 'output' }),
    positional: {
      kind: 'array',
      parameter: {
        brief:
          '"agents": four small ones; "incident" and the name of one; or "envelopes": two agents under two policies at once',
        parse: String,
        placeholder: 'agents|incident NAME|envelopes',
      },
    },
  },
  docs: documentation(
    'Four incidents as they happen, by real agents, so that there is something to look at',
    [
      ['', 'four stories at once into the running server, or into one that runs as long as the demo'],
      ['--only sanctioned-bucket', 'one story'],
      ['--stay', 'the refund agent goes on paying after its story, 20 minutes at most'],
      ['--remove', 'says what goes, asks on a terminal, and destroys the content of all demo data'],
      ['agents', 'four small agents on public frameworks, and no incident'],
      ['incident sanctioned-bucket --json', 'one incident to its end, on a temporary server where none runs'],
      [
        'incident refund-agent --respond --own',
        'held in the kernel and in a cloud account, and worked by people; on a server of its own, which has that account',
      ],
      ['incident sanctioned-bucket-twin', 'its benign twin, which gives none'],
      ['envelopes', 'two agents at once, each under the policies made of its own behaviour; takes root'],
    ],
    'Agents are real programs on public frameworks; only the model behind them answers from a script, and their quiet weeks ' +
      'are simulated, which every event of them says. What the demo brings is marked, and the workspace says so on every page.',
  ),
})
