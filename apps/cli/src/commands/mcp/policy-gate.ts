import { parseToolPolicy, type PolicyArtifact } from '@holdfast/model'
import { PolicyGate } from '@holdfast/proxy'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { openApi } from '../../server/api.ts'
import { readArtifacts } from '../run/policy/read-artifacts.ts'
import type { McpFlags } from './command.ts'

/** The gate of `--policy`; undefined without one. Throws {@link CliError} where the file names no policy for tools. */
export async function policyGate(context: CliContext, flags: McpFlags): Promise<PolicyGate | undefined> {
  const { policy: named, mode = 'monitor' } = flags
  if (named === undefined) {
    if (flags.mode !== undefined) throw new CliError('usage', '--mode is of --policy')
    return undefined
  }
  const artifacts = await readArtifacts(named, {
    cwd: context.cwd,
    // A file needs no server.
    get api() {
      return openApi(context, flags)
    },
  })
  const own = artifacts.filter(({ kind }) => kind === 'mcp-tools')
  const [artifact] = own
  if (artifact === undefined || own.length > 1)
    throw new CliError('usage', `${named}: holds ${own.length} policies for tools, and one is wanted`)
  const policy = parseToolPolicy(artifact.document)
  if ('fault' in policy) throw new CliError('usage', `${named}: ${policy.fault}`)
  const watches = 'what it would withhold or refuse is recorded, and stopped by nothing'
  if (mode === 'monitor')
    context.stderr.write(`holdfast: policy ${artifact.id.slice(0, 12)} monitors: ${watches}; --mode enforce stops it\n`)
  else if (isOver(artifact))
    context.stderr.write(
      `holdfast: ${inert(`the policy held until ${artifact.validUntil}: it only monitors: ${watches}`)}\n`,
    )
  // Whatever runs for long outlives its policy: from then on it watches.
  return new PolicyGate({ artifact: artifact.id, policy, mode: () => (isOver(artifact) ? 'monitor' : mode) })
}

function isOver({ validUntil }: PolicyArtifact): boolean {
  return Date.parse(validUntil) <= Date.now()
}
