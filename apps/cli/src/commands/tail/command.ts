import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, noInputFlag, parseCount, type DataFlags } from '../../flags.ts'
import { documentation } from '../documentation.ts'

type TailFormat = 'table' | 'wide' | 'json' | 'ndjson'

export type TailFlags = DataFlags & {
  readonly output?: TailFormat
  readonly json: boolean
  readonly noInput: boolean
  readonly agent?: string
  readonly kind?: readonly string[]
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly highlight?: readonly string[]
  readonly since?: string
  readonly limit?: number
}

const words = (brief: string) =>
  ({ kind: 'parsed', parse: String, optional: true, variadic: true, brief, placeholder: 'TEXT' }) as const

export const tailCommand = buildCommand<TailFlags, string[], CliContext>({
  loader: async () => (await import('./run.ts')).tail,
  parameters: {
    flags: bare({
      ...dataFlag,
      output: { kind: 'enum', values: ['table', 'wide', 'json', 'ndjson'], optional: true, brief: 'Output format' },
      json: { kind: 'boolean', default: false, withNegated: false, brief: 'One event a line, as JSON' },
      ...noInputFlag,
      agent: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'One agent: id, name or prefix',
        placeholder: 'AGENT',
      },
      kind: { ...words('Only events of this kind; may be repeated'), placeholder: 'KIND' },
      include: words('Only lines that hold this text; may be repeated, any of them is enough'),
      exclude: words('No lines that hold this text; may be repeated'),
      highlight: words('Mark this text; may be repeated'),
      since: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Begin earlier: 10m, 2h, a time with its zone, or #N for a log entry',
        placeholder: 'TIME',
      },
      limit: {
        kind: 'parsed',
        parse: parseCount,
        optional: true,
        brief: 'End after this many events',
        placeholder: 'N',
      },
    }),
    positional: {
      kind: 'array',
      parameter: { brief: 'Terms of a hunt: field:value, -field:value, word', parse: String, placeholder: 'QUERY' },
    },
    aliases: bare({ o: 'output', n: 'limit' }),
  },
  docs: documentation('Follow what agents do while they do it', [
    ['', 'everything from now on, until Ctrl-C'],
    ['--agent support-desk --kind tool-call', 'the tool calls of one agent'],
    ["'tool:wire_refund -agent:billing'", 'a query, as hunt takes it'],
    ['--since 10m --exclude step --highlight refund', 'from ten minutes ago, without plain steps'],
    ['--json -n 100 | jq .label', 'for scripts'],
  ]),
})
