import { RUNGS, type Rung } from '@holdfast/model'
import { buildWritingCommand } from '../../writing-command.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { REPORT_FORMATS, type ReportFormat } from '../../render/formats.ts'
import { documentation, idArgument } from '../documentation.ts'

const YES_NO = ['yes', 'no'] as const
const HARMS = ['fast', 'slow'] as const
const REACHES = ['inside', 'neighbour', 'host'] as const
const TAKEOVERS = ['working', 'not-tried', 'failed'] as const

type YesNo = (typeof YES_NO)[number]

export type PlanFlags = DataFlags &
  OutputFlags<ReportFormat> & {
    readonly live?: YesNo
    readonly restartable?: YesNo
    readonly harm?: (typeof HARMS)[number]
    readonly reversible?: YesNo
    readonly reach?: (typeof REACHES)[number]
    readonly narrow?: string
    readonly duties?: string
    readonly takeover?: (typeof TAKEOVERS)[number]
    readonly failedProbe?: Rung
    readonly make: boolean
  }

const oneOf = <const V extends readonly string[], const B extends string>(values: V, brief: B) =>
  ({ kind: 'enum', values, optional: true, brief, placeholder: 'ANSWER' }) as const
const text = <const B extends string>(brief: B, placeholder: string) =>
  ({ kind: 'parsed', parse: String, optional: true, brief, placeholder }) as const

export const planCommand = buildWritingCommand<PlanFlags, [string]>({
  loader: async () => (await import('./plan.ts')).incidentsPlan,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(REPORT_FORMATS, 'the rung, who decides, by when, and why'),
      live: oneOf(YES_NO, 'Somebody is being served now'),
      restartable: oneOf(YES_NO, 'It may be ended and started again'),
      harm: oneOf(HARMS, 'The next harmful act is likely within five minutes, or later'),
      reversible: oneOf(YES_NO, 'The harm can be undone'),
      reach: oneOf(REACHES, 'How far an escape came'),
      narrow: text('The one tool, scope or destination that all harm went through', 'WHAT'),
      duties: text('Regimes under which stopping it is reportable', 'ID,ID'),
      takeover: oneOf(TAKEOVERS, 'Lives depend on it: whether people can take over'),
      failedProbe: oneOf(RUNGS, 'The rung whose probe got through'),
      make: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Make a plan of it that people can approve: the evidence is sealed, and nothing else is done',
      },
    }),
    aliases: bare({ o: 'output' }),
    positional: { kind: 'tuple', parameters: [idArgument('incident', 'ID', 'Incident')] },
  },
  docs: documentation(
    'What an incident asks for: rung, cuts, deadline and who decides, with the reasons',
    [
      ['inc-4bf92f3577b34da6', 'what is not known is taken as the worse, and named'],
      ['inc-4bf92f3577b34da6 --make', 'seals, and plans what is connected can do; prints its hash'],
      ['inc-4bf9 --live yes --harm fast --reversible no', 'once it is known that people are served and money leaves'],
    ],
    'Nothing is done: with --make it becomes a plan, which `incidents approve` and `incidents apply` carry out.',
  ),
})
