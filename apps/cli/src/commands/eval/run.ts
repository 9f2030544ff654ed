import { resolve } from 'node:path'
import type { CliContext } from '../../context.ts'
import { becomeProgram, nodeArguments } from '../../server/server-program.ts'
import type { EvalFlags } from './command.ts'

/** Hands over to the evaluation, a program of its own: it reads recordings, which this command cannot. */
export async function runEval(this: CliContext, flags: EvalFlags): Promise<void> {
  const { labels, runs, neutralise, behaviourOnly, learn, iam, split, allOrdinary, json } = flags
  await becomeProgram(this, [
    ...nodeArguments('../../../server/src/eval/main.ts', '../../server/dist/eval/main.js'),
    '--runs',
    resolve(this.cwd, runs),
    ...(labels === undefined ? [] : ['--labels', resolve(this.cwd, labels)]),
    ...(neutralise ? ['--neutralise'] : []),
    ...(behaviourOnly ? ['--behaviour-only'] : []),
    ...(learn ? ['--learn'] : []),
    ...(iam ? ['--iam'] : []),
    ...(allOrdinary ? ['--all-ordinary'] : []),
    ...(split === undefined ? [] : ['--split', split]),
    ...(json ? ['--json'] : []),
  ])
}
