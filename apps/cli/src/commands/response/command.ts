import { RUNGS, type Rung } from '@holdfast/model'
import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, parseCount, type DataFlags, type OutputFlags, reasonFlag } from '../../flags.ts'
import { REPORT_FORMATS, type ReportFormat } from '../../render/formats.ts'
import { documentation } from '../documentation.ts'

const AUTOMATIC = ['off', 'reversible', 'table'] as const

export type PolicyShowFlags = DataFlags & OutputFlags<ReportFormat>
export type PolicySetFlags = PolicyShowFlags & {
  readonly automatic?: (typeof AUTOMATIC)[number]
  readonly twoPersonRungs?: readonly (Rung | 'none')[]
  readonly twoPersonAgent?: readonly string[]
  readonly agentsAMinute?: number
  readonly reason: string
}

const shared = { ...dataFlag, ...outputFlags(REPORT_FORMATS, 'the policy, who decided it, and why') }
const aliases = bare({ o: 'output' } as const)

const show = buildCommand<PolicyShowFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).policyShow,
  parameters: { flags: bare(shared), aliases },
  docs: documentation('What may be done about an incident without a person', [['', 'off until somebody decides']]),
})

const set = buildWritingCommand<PolicySetFlags, []>({
  loader: async () => (await import('./run.ts')).policySet,
  parameters: {
    flags: bare({
      ...shared,
      automatic: {
        kind: 'enum',
        values: AUTOMATIC,
        optional: true,
        brief: 'What the ladder lets go by itself: nothing, what can be undone, or all of its table',
      },
      twoPersonRungs: {
        kind: 'enum',
        values: [...RUNGS, 'none'],
        variadic: ',',
        optional: true,
        brief: 'Rungs that two people say yes to, whatever the ladder says; none takes them off',
        placeholder: 'RUNG,RUNG',
      },
      twoPersonAgent: {
        kind: 'parsed',
        parse: String,
        variadic: true,
        optional: true,
        brief:
          'Agent that takes two people, by id or name, repeatable; the list replaces the one before, none empties it',
        placeholder: 'AGENT',
      },
      agentsAMinute: {
        kind: 'parsed',
        parse: parseCount,
        optional: true,
        brief: 'Agents held in one minute without a person, 10 at most',
        placeholder: 'N',
      },
      reason: reasonFlag,
    }),
    aliases,
  },
  docs: documentation(
    'Decide what may be done without a person; what is not named stays as it is',
    [
      [
        '--automatic reversible --reason "agreed with the service owners"',
        'what can be undone goes by itself where the ladder says so; incidents of before stay with people',
      ],
      ['--automatic off --reason "freeze"', 'everything waits for a person'],
    ],
    'Nothing ever goes by itself on what agents say of themselves alone, nor on what is only assumed.',
  ),
})

const policyCommands = buildRouteMap({
  routes: bare({ show, set }),
  aliases: bare({}),
  docs: { brief: 'What may be done about an incident without a person' },
})

export const responseCommands = buildRouteMap({
  routes: bare({ policy: policyCommands }),
  aliases: bare({}),
  docs: { brief: 'What may be done about an incident without a person' },
})
