import { resolve } from 'node:path'
import type { CliContext } from '../../context.ts'
import { formatOf } from '../../render/output.ts'
import { becomeProgram, nodeArguments } from '../../server/server-program.ts'
import type { RulesCheckFlags, RulesFlags, RulesWriteFlags } from './command.ts'

/** Each hands over to the program of rules, which needs no server. */
export async function rulesList(this: CliContext, flags: RulesFlags, ...paths: readonly string[]): Promise<void> {
  await becomeRules(this, { name: 'list', paths, flags })
}

export async function rulesTest(this: CliContext, flags: RulesCheckFlags, ...paths: readonly string[]): Promise<void> {
  await becomeRules(this, { name: 'test', paths, flags: { ...flags, json: formatOf(flags, 'table') === 'json' } })
}

export async function rulesLint(this: CliContext, flags: RulesCheckFlags, ...paths: readonly string[]): Promise<void> {
  await becomeRules(this, { name: 'lint', paths, flags: { ...flags, json: formatOf(flags, 'table') === 'json' } })
}

export async function rulesImport(
  this: CliContext,
  flags: RulesWriteFlags,
  ...paths: readonly string[]
): Promise<void> {
  await becomeRules(this, { name: 'import', paths, flags })
}

export async function rulesExport(
  this: CliContext,
  flags: RulesWriteFlags,
  ...paths: readonly string[]
): Promise<void> {
  await becomeRules(this, { name: 'export', paths, flags })
}

export async function rulesCoverage(this: CliContext, flags: RulesFlags): Promise<void> {
  await becomeRules(this, { name: 'coverage', paths: [], flags })
}

type Asked = {
  readonly name: string
  readonly paths: readonly string[]
  readonly flags: RulesFlags & Partial<RulesWriteFlags> & Pick<RulesCheckFlags, 'output'>
}

async function becomeRules(context: CliContext, { name, paths, flags }: Asked): Promise<void> {
  const at = (path: string): string => resolve(context.cwd, path)
  await becomeProgram(context, [
    ...nodeArguments('../../../server/src/rules/main.ts', '../../server/dist/rules/main.js'),
    ...(flags.json ? ['--json'] : []),
    ...(flags.output === 'sarif' || flags.output === 'junit' ? ['--form', flags.output] : []),
    ...(flags.out === undefined ? [] : ['--out', at(flags.out)]),
    ...(flags.force === true ? ['--force'] : []),
    name,
    '--',
    ...paths.map(at),
  ])
}
