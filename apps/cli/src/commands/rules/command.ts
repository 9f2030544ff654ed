import { buildCommand, buildRouteMap } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, noInputFlag, outputFlags, type OutputFlags } from '../../flags.ts'
import { documentation } from '../documentation.ts'

export type RulesFlags = { readonly json: boolean; readonly noInput: boolean }
export type RulesCheckFlags = OutputFlags<'table' | 'json' | 'sarif' | 'junit'>
export type RulesWriteFlags = RulesFlags & { readonly out: string; readonly force: boolean }

const json = {
  json: { kind: 'boolean', default: false, withNegated: false, brief: 'One JSON document (docs/cli.md)' },
  ...noInputFlag,
} as const
const write = {
  ...json,
  out: { kind: 'parsed', parse: String, brief: 'Folder to write into', placeholder: 'DIR' },
  force: { kind: 'boolean', default: false, withNegated: false, brief: 'Replace files that exist' },
} as const
const folders = {
  kind: 'array',
  parameter: {
    brief: 'Folder of rules, or a rule file; those that ship unless told',
    parse: String,
    placeholder: 'PATH',
  },
} as const

const list = buildCommand<RulesFlags, string[], CliContext>({
  loader: async () => (await import('./run.ts')).rulesList,
  parameters: { flags: bare(json), positional: folders },
  docs: documentation('Rules: name, level, what they look at, what they say', [
    ['', 'those that ship'],
    ["--json | jq -r '.[].tags[]' | sort | uniq -c", 'for scripts'],
  ]),
})

const test = buildCommand<RulesCheckFlags, string[], CliContext>({
  loader: async () => (await import('./run.ts')).rulesTest,
  parameters: {
    flags: bare(outputFlags(['table', 'json', 'junit'], 'how many were tried, and every problem')),
    aliases: bare({ o: 'output' }),
    positional: folders,
  },
  docs: documentation('Hold each rule against the data beside it; ends with 1 where one differs', [
    ['', 'the rules that ship'],
    ['./my-rules', 'your own, before `holdfast up --rules ./my-rules`'],
    ['./my-rules -o junit > rules.xml', 'for a pipeline: one case for each rule'],
  ]),
})

const lint = buildCommand<RulesCheckFlags, string[], CliContext>({
  loader: async () => (await import('./run.ts')).rulesLint,
  parameters: {
    flags: bare(outputFlags(['table', 'json', 'sarif'], 'how many files, and every problem')),
    aliases: bare({ o: 'output' }),
    positional: folders,
  },
  docs: documentation('What is wrong with rule files, by line and column; ends with 1 where there is anything', [
    ['./my-rules', 'unknown fields, ids, data that is missing'],
    ['./my-rules -o sarif > rules.sarif', 'for a pipeline: each problem at its line'],
  ]),
})

const importCommand = buildCommand<RulesWriteFlags, string[], CliContext>({
  loader: async () => (await import('./run.ts')).rulesImport,
  parameters: {
    flags: bare(write),
    positional: {
      kind: 'array',
      minimum: 1,
      parameter: { brief: 'Rule file of Sigma, or folder of them', parse: String, placeholder: 'PATH' },
    },
  },
  docs: documentation('Take rules of Sigma; ends with 3 where one is refused, which is said with its reason', [
    ['./sigma/rules/linux --out ./my-rules', 'what can be read here is written as a rule of its own'],
  ]),
})

const exportCommand = buildCommand<RulesWriteFlags, string[], CliContext>({
  loader: async () => (await import('./run.ts')).rulesExport,
  parameters: { flags: bare(write), positional: folders },
  docs: documentation('Write rules as plain Sigma, one file each', [['--out ./sigma', 'those that ship']]),
})

const coverage = buildCommand<RulesFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).rulesCoverage,
  parameters: { flags: bare(json) },
  docs: documentation('Which techniques are spoken of, and which nothing here can tell', [
    ["--json | jq -r '.notCovered[].technique'", 'what to look for elsewhere'],
  ]),
})

export const rulesCommands = buildRouteMap({
  routes: bare({ list, test, lint, import: importCommand, export: exportCommand, coverage }),
  aliases: bare({}),
  docs: { brief: 'Rules: list, test by their data, lint, take from Sigma and give to it; what they cover' },
})
