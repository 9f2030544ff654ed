import { HUNT_FIELDS, type HuntField } from '@holdfast/model'
import { buildWritingCommand } from '../../writing-command.ts'
import { bare, dataFlag, outputFlags, parseCount, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation } from '../documentation.ts'

export type HuntFlags = DataFlags &
  OutputFlags<ListFormat> & {
    readonly from?: string
    readonly to?: string
    readonly clock?: 'happened' | 'recorded'
    readonly view?: string
    readonly saveAs?: string
    readonly views: boolean
    readonly removeView?: string
    readonly facets: boolean
    readonly stack?: HuntField
    readonly around?: string
    readonly minutes?: number
    readonly limit?: number
  }

const text = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: String, optional: true, brief, placeholder }) as const
const isSaid = (brief: string) => ({ kind: 'boolean', default: false, withNegated: false, brief }) as const

export const huntCommand = buildWritingCommand<HuntFlags, string[]>({
  loader: async () => (await import('./run.ts')).hunt,
  parameters: {
    flags: bare({
      ...dataFlag,
      ...outputFlags(LIST_FORMATS),
      from: text('From this instant on: any form with its zone, or 2h', 'TIME'),
      to: text('Until this instant', 'TIME'),
      clock: {
        kind: 'enum',
        values: ['happened', 'recorded'],
        optional: true,
        brief: 'Whose clock that is: the sender’s, or ours (default: happened)',
      },
      facets: isSaid('Instead of events, how often each value occurs'),
      stack: { kind: 'enum', values: HUNT_FIELDS, optional: true, brief: 'Instead of events, all values of one field' },
      around: text('What happened around this event, of whatever agent', 'EVENT'),
      minutes: {
        kind: 'parsed',
        parse: parseCount,
        optional: true,
        brief: 'With --around: how far (default: 5)',
        placeholder: 'N',
      },
      view: text('A saved view, by name or id; QUERY narrows it', 'NAME'),
      saveAs: text('Save the query under this name, for everybody', 'NAME'),
      views: isSaid('Instead of events, the saved views'),
      removeView: text('Remove a saved view', 'NAME'),
      limit: {
        kind: 'parsed',
        parse: parseCount,
        optional: true,
        brief: 'Rows at most (default: 100)',
        placeholder: 'N',
      },
    }),
    positional: {
      kind: 'array',
      parameter: {
        brief: 'Terms: field:value, -field:value, word, text:"captured text"',
        parse: String,
        placeholder: 'QUERY',
      },
    },
    aliases: bare({ o: 'output', n: 'limit' }),
  },
  docs: documentation('Search all events: by value, word, captured text and time', [
    ['tool:wire_refund --from 2h', 'calls of one tool in the last two hours'],
    ["'kind:exec -file:/usr/*' -o csv", 'programs from elsewhere, for a spreadsheet'],
    ['\'text:"ignore previous instructions"\'', 'what stands in captured texts'],
    ['agent:refund-agent --facets', 'how often each value occurs'],
    ['--stack destination', 'every destination, the rarest last'],
    ['--around EVENT --minutes 5', 'what else happened then'],
    ['tool:wire_refund --save-as refunds', 'saved for everybody; --view refunds opens it'],
  ]),
})
