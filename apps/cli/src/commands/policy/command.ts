import { buildCommand, buildRouteMap } from '@stricli/core'
import { AGENT_CLASSES, ARTIFACT_KINDS, type AgentClass, type ArtifactKind } from '@holdfast/model'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, parseCount, type DataFlags, type OutputFlags, reasonFlag } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation, idArgument, textArgument } from '../documentation.ts'

export type PolicyFlags = DataFlags & OutputFlags<ListFormat>
export type Kinds = { readonly kind?: readonly ArtifactKind[] }
export type GenerateFlags = PolicyFlags &
  Kinds & { readonly at?: string; readonly out?: string; readonly reason?: string }
export type ExplainFlags = PolicyFlags & Kinds & { readonly artifact?: string; readonly line?: number }
export type VerifyFlags = PolicyFlags & { readonly artifact?: string }
export type WindowFlags = { readonly from?: string; readonly to?: string; readonly days?: number }
export type SimulateFlags = PolicyFlags & Kinds & WindowFlags & { readonly artifact?: readonly string[] }
export type ReasonFlags = PolicyFlags & { readonly reason: string }
export type GroupFlags = PolicyFlags & { readonly class?: AgentClass; readonly agent?: string }
export type StepFlags = GroupFlags & { readonly reason: string }
export type ReportFlags = StepFlags & WindowFlags & { readonly acceptShortWindow: boolean }
export type AdvanceFlags = StepFlags & Kinds & { readonly only?: readonly string[]; readonly acceptDenials: boolean }
export type PlaceFlags = ReasonFlags & { readonly yes: boolean; readonly clusterWide: boolean }
export type ApplyFlags = PlaceFlags & GroupFlags & { readonly monitor: boolean; readonly plan?: string }
export type RollbackFlags = ReasonFlags & Kinds

const flags = { ...dataFlag, ...outputFlags(LIST_FORMATS, 'with everything about them') }
const aliases = bare({ o: 'output' as const })
const text = <const B extends string>(brief: B, placeholder: string) =>
  ({ kind: 'parsed', parse: String, optional: true, brief, placeholder }) as const
const kind = {
  kind: 'enum',
  values: ARTIFACT_KINDS,
  optional: true,
  variadic: true,
  brief: 'Only this layer; may be given more than once',
} as const
const group = {
  class: { kind: 'enum', values: AGENT_CLASSES, optional: true, brief: 'Agents of this class, together' },
  agent: text('One agent of the pre-enforced track, which goes alone', 'AGENT'),
} as const
const window = {
  from: text('Begin of the window, RFC 3339', 'TIME'),
  to: text('Its end (default: now; of a history its own end)', 'TIME'),
  days: {
    kind: 'parsed',
    parse: parseCount,
    optional: true,
    brief: 'Days before the end (default: 14)',
    placeholder: 'N',
  },
} as const
const bareYes = { kind: 'boolean', default: false, brief: 'Carry it out' } as const
const artifact = {
  kind: 'tuple',
  parameters: [textArgument('ARTIFACT', 'Id of the policy, or its first characters')],
} as const
const agent = { kind: 'tuple', parameters: [idArgument('agent', 'AGENT', 'Agent id or name')] } as const

const generate = buildWritingCommand<GenerateFlags, [string]>({
  loader: async () => (await import('./generate.ts')).policyGenerate,
  parameters: {
    flags: bare({
      ...flags,
      kind,
      at: text('As the profile was at this time', 'TIME'),
      out: text('Folder to write files to: documents, kustomization, text of a pull request', 'DIR'),
      reason: text('Why; it is recorded', 'TEXT'),
    }),
    aliases,
    positional: agent,
  },
  docs: documentation(
    'Makes the policies of an agent of what it was seen to do; nothing comes into force by it',
    [
      ['exporter', 'every layer, and why a layer has none'],
      ['exporter --kind seccomp --kind host-egress', 'two layers'],
      ['exporter --out policies/exporter', 'files for a repository'],
    ],
    'A profile that is still observed, began late or is tainted is refused, with what is missing.',
  ),
})

const list = buildCommand<PolicyFlags, [], CliContext>({
  loader: async () => (await import('./read.ts')).policyList,
  parameters: { flags: bare(flags), aliases },
  docs: documentation('Agents with their stage and their policies', [
    ['', 'who is enforced, watched, or waits for what'],
  ]),
})

const show = buildCommand<PolicyFlags, [string], CliContext>({
  loader: async () => (await import('./read.ts')).policyShow,
  parameters: {
    flags: bare(flags),
    aliases,
    positional: { kind: 'tuple', parameters: [textArgument('ARTIFACT', 'Id of a policy, or its first digits')] },
  },
  docs: documentation('One policy: its document, decisions, lines, blind spots and effective result', [
    ['3f9a1c', 'the lines; --json has the document'],
  ]),
})

const explain = buildCommand<ExplainFlags, [string, (string | undefined)?], CliContext>({
  loader: async () => (await import('./read.ts')).policyExplain,
  parameters: {
    flags: bare({
      ...flags,
      kind,
      artifact: text('This policy, in place of the newest', 'ID'),
      line: { kind: 'parsed', parse: parseLine, optional: true, brief: 'Line by its number, from 0', placeholder: 'N' },
    }),
    aliases,
    positional: {
      kind: 'tuple',
      parameters: [
        idArgument('agent', 'AGENT', 'Agent id or name'),
        { ...textArgument('POINTER', 'Line by its pointer into the document'), optional: true },
      ],
    },
  },
  docs: documentation('What each line rests on: the events in the log, as they are now', [
    ['exporter --kind host-egress', 'every line of one layer'],
    ['exporter --line 3 --json', 'one line with its events and their permalinks'],
  ]),
})

const verify = buildCommand<VerifyFlags, [(string | undefined)?], CliContext>({
  loader: async () => (await import('./read.ts')).policyVerify,
  parameters: {
    flags: bare({ ...flags, artifact: text('This policy alone', 'ID') }),
    aliases,
    positional: {
      kind: 'tuple',
      parameters: [{ ...idArgument('agent', 'AGENT', 'Policies of this agent alone'), optional: true }],
    },
  },
  docs: documentation(
    'Looks up what every line rests on and names the lines that lost it; ends with 1 where one has',
    [
      ['', 'every policy'],
      ['exporter', 'those of one agent'],
    ],
    'Erased content, and what a mark takes out of a profile, is lost ground.',
  ),
})

const simulate = buildCommand<SimulateFlags, [string], CliContext>({
  loader: async () => (await import('./simulate.ts')).policySimulate,
  parameters: {
    flags: bare({
      ...flags,
      kind,
      ...window,
      artifact: { ...text('This policy; may be given more than once', 'ID'), variadic: true },
    }),
    aliases,
    positional: agent,
  },
  docs: documentation('Replays a recorded window against the policies: what they would have stopped', [
    ['exporter', 'the last 14 days'],
    ['exporter --from 2026-11-01T00:00:00Z --to 2026-11-02T00:00:00Z', 'one day'],
    ["exporter --days 7 --json | jq '.byToolCall'", 'for scripts'],
  ]),
})

const choose = buildWritingCommand<ReasonFlags, [string, string, (string | undefined)?]>({
  loader: async () => (await import('./steps.ts')).policyChoose,
  parameters: {
    flags: bare({ ...flags, reason: reasonFlag }),
    aliases,
    positional: {
      kind: 'tuple',
      parameters: [
        idArgument('agent', 'AGENT', 'Agent id or name'),
        textArgument('DECISION', 'granularity, closure, confidence or validity'),
        { ...textArgument('VALUE', 'Left out: the class decides again'), optional: true },
      ],
    },
  },
  docs: documentation('Decides for the next derivation; without it the class of the agent does', [
    ['exporter confidence "days>=1" --reason "a nightly job that is two days old"', 'thin entries become lines'],
    ['exporter validity 7d --reason "a release is near"', 'derived again within a week'],
  ]),
})

const status = buildCommand<PolicyFlags, [], CliContext>({
  loader: async () => (await import('./steps.ts')).rolloutStatus,
  parameters: { flags: bare(flags), aliases },
  docs: documentation('Classes and agents on their way into enforcement', [['', 'watched, reported, enforced']]),
})

const start = buildWritingCommand<StepFlags, []>({
  loader: async () => (await import('./steps.ts')).rolloutStart,
  parameters: { flags: bare({ ...flags, ...group, reason: reasonFlag }), aliases },
  docs: documentation('Begins to watch a class with its newest policies; they stop nothing', [
    ['--class support --reason "first class of the quarter"', 'refused while another class has no report'],
  ]),
})

const report = buildWritingCommand<ReportFlags, []>({
  loader: async () => (await import('./simulate.ts')).rolloutReport,
  parameters: {
    flags: bare({
      ...flags,
      ...group,
      ...window,
      acceptShortWindow: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'A window of fewer than 14 days is enough, and the record says so',
      },
      reason: reasonFlag,
    }),
    aliases,
  },
  docs: documentation('Measures what a class would lose, by replay, and puts it on record', [
    ['--class support --days 14 --reason "two weeks, month end included"', 'acts, agents, conversations, tool calls'],
  ]),
})

const advance = buildWritingCommand<AdvanceFlags, []>({
  loader: async () => (await import('./steps.ts')).rolloutAdvance,
  parameters: {
    flags: bare({
      ...flags,
      ...group,
      kind,
      only: { ...text('Only this agent of the class; may be given more than once', 'AGENT'), variadic: true },
      acceptDenials: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'What the report says would be stopped is to be stopped',
      },
      reason: reasonFlag,
    }),
    aliases,
  },
  docs: documentation('Enforces what was watched and measured, or a part of it', [
    ['--class support --kind host-egress --reason "nothing denied in two weeks"', 'one layer first'],
    ['--class support --reason "all layers"', 'the rest'],
  ]),
})

const rollback = buildWritingCommand<RollbackFlags, [string]>({
  loader: async () => (await import('./steps.ts')).policyRollback,
  parameters: { flags: bare({ ...flags, kind, reason: reasonFlag }), aliases, positional: agent },
  docs: documentation('Gives an agent the policies that it had before, to the byte', [
    ['exporter --reason "the new release calls a host that was not observed"', 'every layer'],
    ['exporter --kind seccomp --reason "test"', 'one layer'],
  ]),
})

const placing = {
  ...flags,
  reason: reasonFlag,
  yes: bareYes,
  clusterWide: {
    kind: 'boolean',
    default: false,
    withNegated: false,
    brief: 'As ClusterNetworkPolicies, which no namespace undoes; of a network-policy alone',
  },
} as const

const apply = buildWritingCommand<ApplyFlags, [(string | undefined)?]>({
  loader: async () => (await import('./place.ts')).policyApply,
  parameters: {
    flags: bare({
      ...placing,
      ...group,
      plan: text('Carry out what a rehearsal named by this id, and nothing else', 'PLAN'),
      monitor: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Instead, watch a class or an agent with its newest policies: rollout start',
      },
    }),
    aliases,
    positional: {
      kind: 'tuple',
      parameters: [{ ...textArgument('ARTIFACT', 'Id of the policy, or its first characters'), optional: true }],
    },
  },
  docs: documentation('Puts an enforced policy into the cluster of its agent; rehearses it without --yes', [
    ['4f1c9a --reason CHG-12', 'the cluster checks it and keeps nothing'],
    ['4f1c9a --reason CHG-12 --yes', 'it is applied, and what stood there is kept to the byte'],
    ['4f1c9a --cluster-wide --reason CHG-14 --yes', 'as ClusterNetworkPolicies, which no namespace undoes'],
    ['--monitor --class support --reason "first class of the quarter"', 'watched, and nothing is stopped'],
  ]),
})

const withdraw = buildWritingCommand<PlaceFlags, [string]>({
  loader: async () => (await import('./place.ts')).policyWithdraw,
  parameters: { flags: bare(placing), aliases, positional: artifact },
  docs: documentation('Gives a cluster back what stood there before a policy; rehearses it without --yes', [
    ['4f1c9a --reason "it cuts the new supplier" --yes', 'to the byte, or to nothing where nothing was'],
    ['4f1c9a --cluster-wide --reason CHG-15 --yes', 'what was applied with --cluster-wide'],
  ]),
})

const rollout = buildRouteMap({
  routes: bare({ status, start, report, advance }),
  aliases: bare({}),
  docs: { brief: 'From watching over a measured report to enforcement, class by class' },
})

export const policyCommands = buildRouteMap({
  routes: bare({
    generate,
    list,
    show,
    explain,
    verify,
    simulate,
    choose,
    rollout,
    promote: advance,
    rollback,
    apply,
    withdraw,
  }),
  aliases: bare({}),
  docs: { brief: 'Policies made of behaviour: derived, proven, replayed and rolled out' },
})

function parseLine(given: string): number {
  if (!/^[0-9]{1,5}$/.test(given)) throw new SyntaxError('a line is a number from 0')
  return Number(given)
}
