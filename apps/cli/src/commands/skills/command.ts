import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, type DataFlags, outputFlags, type OutputFlags, reasonFlag } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type SkillFlags = DataFlags & OutputFlags<ListFormat>
export type ShowSkillFlags = DataFlags & OutputFlags<ReportFormat>
export type DecideSkillFlags = ShowSkillFlags & { readonly reason: string; readonly digest: string }
export type RehearseFlags = SkillFlags & { readonly incident?: string; readonly target?: readonly Target[] }
export type RunSkillFlags = SkillFlags & {
  readonly incident: string
  readonly target?: readonly Target[]
  readonly reason: string
}
export type RunsFlags = SkillFlags & { readonly incident?: string }
export type ContinueFlags = SkillFlags & { readonly reason: string }
export type Target = readonly [name: string, value: string]

const flags = { ...dataFlag, ...outputFlags(LIST_FORMATS, 'skills or runs, with everything about them') }
const oneFlags = { ...dataFlag, ...outputFlags(REPORT_FORMATS, 'the skill with everything about it') }
const aliases = bare({ o: 'output' as const })
const name = { kind: 'tuple', parameters: [textArgument('NAME', 'Skill')] } as const
const incident = {
  kind: 'parsed',
  parse: String,
  optional: true,
  brief: 'Incident that it is for',
  placeholder: 'ID',
} as const
const target = {
  kind: 'parsed',
  parse: parseTarget,
  optional: true,
  variadic: true,
  brief: 'What is meant by an input of the skill; the one agent of the incident is its workload',
  placeholder: 'NAME=VALUE',
} as const

const list = buildCommand<SkillFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).skillsList,
  parameters: { flags: bare(flags), aliases },
  docs: documentation('Response procedures: those that ship, and those in skills/ of the data folder', [
    ['', 'which may run, and what each needs to be told'],
  ]),
})

const show = buildCommand<ShowSkillFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).skillsShow,
  parameters: { flags: bare(oneFlags), aliases, positional: name },
  docs: documentation('One skill: what it is for, its steps, its digest and who approved it', [
    ['host-isolation', 'its text and steps'],
  ]),
})

const approve = buildWritingCommand<DecideSkillFlags, [string]>({
  loader: async () => (await import('./run.ts')).skillsApprove,
  parameters: {
    flags: bare({
      ...oneFlags,
      reason: reasonFlag,
      digest: { kind: 'parsed', parse: String, brief: 'Digest of the bytes that you read', placeholder: 'SHA256' },
    }),
    aliases,
    positional: name,
  },
  docs: documentation('Approve exactly these bytes of a skill of your own; any change needs a new word', [
    ['rotate-keys --digest 9f1c... --reason "read by two of us"', 'recorded with your name, under the log’s signature'],
  ]),
})

const rehearse = buildCommand<RehearseFlags, [string], CliContext>({
  loader: async () => (await import('./run.ts')).skillsRehearse,
  parameters: { flags: bare({ ...flags, incident, target }), aliases, positional: name },
  docs: documentation('What each step of a skill would do; nothing is done', [
    ['host-isolation --incident inc-4bf9', 'with the agent of the incident as its workload'],
    ['credential-freeze --target credential=arn:aws:iam::1:role/refund --target grant=payout', 'with what you name'],
  ]),
})

const run = buildWritingCommand<RunSkillFlags, [string]>({
  loader: async () => (await import('./run.ts')).skillsRun,
  parameters: {
    flags: bare({
      ...flags,
      incident: { kind: 'parsed', parse: String, brief: 'Incident that it is for', placeholder: 'ID' },
      target,
      reason: reasonFlag,
    }),
    aliases,
    positional: name,
  },
  docs: documentation(
    'Runs a skill for an incident, until a person or a plan is needed',
    [['host-isolation --incident inc-4bf9 --reason "it goes on sending"', 'each step is recorded before it is taken']],
    'What holds or cuts becomes a response plan, which is approved and applied like any other.',
  ),
})

const runs = buildCommand<RunsFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).skillsRuns,
  parameters: { flags: bare({ ...flags, incident }), aliases },
  docs: documentation('Runs of skills, the newest first', [['--incident inc-4bf9', 'of one incident']]),
})

const goOn = buildWritingCommand<ContinueFlags, [string]>({
  loader: async () => (await import('./run.ts')).skillsContinue,
  parameters: {
    flags: bare({ ...flags, reason: reasonFlag }),
    aliases,
    positional: { kind: 'tuple', parameters: [textArgument('RUN', 'Run of a skill')] },
  },
  docs: documentation('Goes on with a run that waits', [
    ['5f0c... --reason "platform named the successor"', 'the task is done, or the plan was applied'],
  ]),
})

export const skillsCommands = buildRouteMap({
  routes: bare({ list, show, approve, rehearse, run, runs, continue: goOn }),
  aliases: bare({}),
  docs: { brief: 'Response procedures: rehearse them, run them on record' },
})

function parseTarget(text: string): Target {
  const at = text.indexOf('=')
  if (at < 1 || at === text.length - 1)
    throw new SyntaxError('a target reads NAME=VALUE, such as workload=support-desk')
  return [text.slice(0, at), text.slice(at + 1)]
}
