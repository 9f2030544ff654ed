import { type Agent, ApiError, createClient } from '@holdfast/api'
import { ours } from '../called-as.ts'
import { CliError } from '../cli-error.ts'
import { EXIT, exitOfStatus } from '../exit-codes.ts'
import { faultTexts } from '../fault-texts.ts'
import { inert } from '../render/inert.ts'
import { runCli, type CliEnvironment } from '../run-cli.ts'
import { allAgents } from '../server/resolve-id.ts'
import { parsePluginArguments, type PluginArguments } from './arguments.ts'
import { Kubectl } from './kubectl.ts'
import { findServerInCluster, USUAL_NAMESPACE } from './server-in-cluster.ts'
import { agentOfWorkload, parseWorkloadWord, scopeOf, workloadOf } from './workloads.ts'

/** What commands that it prints begin with, so that they can be pasted. */
const PROGRAM = 'kubectl holdfast'
const WITHOUT_EXEC = ours`set HOLDFAST_TOKEN to the token of an account of yours, which an admin makes with holdfast accounts add`

/**
 * Runs one line of `kubectl holdfast`: the command of `holdfast` against the server of the cluster that kubectl is at. Its port is
 * forwarded for as long as the command runs. Returns the exit code; throws for a fault of ours alone.
 */
export async function runPlugin(args: readonly string[], environment: CliEnvironment): Promise<number> {
  const named = { ...environment, program: PROGRAM }
  try {
    const parsed = parsePluginArguments(args)
    if (asksNobody(parsed.command)) return await runCli(parsed.command, named)
    return await runAtServer(parsed, named)
  } catch (fault) {
    if (environment.signal.aborted) return EXIT.interrupted
    if (!(fault instanceof CliError)) throw fault
    environment.stderr.write(`${faultTexts(PROGRAM).exceptionWhileRunningCommand(fault, false)}\n`)
    return EXIT[fault.code]
  }
}

async function runAtServer(parsed: PluginArguments, environment: CliEnvironment): Promise<number> {
  const { access, namespace, selector } = parsed
  const { env, signal } = environment
  const kubectl = new Kubectl({ access, env, signal })
  const command = isListOfIncidents(parsed.command) ? ['incidents', 'list', ...parsed.command.slice(1)] : parsed.command
  refuseUnused(parsed, command)
  // Anybody who may make a Service can label it as ours: a token of one's own goes to no namespace that was not named.
  const usual = env['HOLDFAST_TOKEN'] === undefined ? undefined : USUAL_NAMESPACE
  const server = await findServerInCluster(kubectl, parsed.serverNamespace ?? usual)
  await using forward = await kubectl.forward(server)
  const url = `http://127.0.0.1:${forward.port}`
  // The owner's own token is what a person has who may exec into the server; everybody else has an account.
  const own = async (): Promise<string> => kubectl.exec(server, ['cat', '/data/log/token'], { remedy: WITHOUT_EXEC })
  const token = env['HOLDFAST_TOKEN'] ?? (await own()).trim()
  const words = await withAgents(command, async (word) => {
    const within = namespace ?? (await kubectl.namespace())
    const workload = await workloadOf(kubectl, word, within)
    return agentOfWorkload(await agentsAt(url, token), within, workload)
  })
  const scope = isNarrowed(command) ? await scopeOf(kubectl, { namespace, selector }) : undefined
  const at = { ...env, HOLDFAST_URL: url, HOLDFAST_TOKEN: token }
  return await runCli(words, { ...environment, env: at, ...(scope === undefined ? {} : { scope }) })
}

async function agentsAt(url: string, token: string): Promise<readonly Agent[]> {
  const client = createClient({ baseUrl: url, token, fetch: (to, init) => fetch(to, init) })
  try {
    return await allAgents(client)
  } catch (fault) {
    if (!(fault instanceof ApiError)) throw fault
    throw new CliError(exitOfStatus(fault.status), `the server of the cluster: ${inert(fault.message)}`, {
      cause: fault,
    })
  }
}

/** Commands that ask no server: their words say so before a cluster is looked for. */
function asksNobody(command: readonly string[]): boolean {
  const before = command.slice(0, command.includes('--') ? command.indexOf('--') : undefined)
  return command.length === 0 || before.some((word) => ['--help', '-h', '--help-all', '--version', '-v'].includes(word))
}

/** `kubectl holdfast incidents`, as one says `kubectl get pods`. */
function isListOfIncidents([first, second]: readonly string[]): boolean {
  return first === 'incidents' && (second === undefined || second.startsWith('-'))
}

function isNarrowed([first, second]: readonly string[]): boolean {
  return first === 'agents' || (first === 'incidents' && second === 'list')
}

/** A flag that cannot apply is an error, never ignored. */
function refuseUnused({ namespace, selector, allNamespaces }: PluginArguments, command: readonly string[]): void {
  if (isNarrowed(command)) return
  const what = command.slice(0, 2).map(inert).join(' ')
  if (selector !== undefined || allNamespaces)
    throw new CliError('usage', `-l and -A narrow agents and incidents list: "${what}" has nothing to be narrowed`)
  if (namespace !== undefined && !command.some((word) => parseWorkloadWord(word) !== undefined))
    throw new CliError('usage', `-n is where a workload is that is named as deploy/NAME: "${what}" names none`, {
      remedy: 'where the server is says --server-namespace',
    })
}

async function withAgents(
  command: readonly string[],
  agentOf: (word: { readonly kind: string; readonly name: string }) => Promise<string>,
): Promise<readonly string[]> {
  const words: string[] = []
  for (const [at, word] of command.entries()) {
    // The command itself is no workload, and what follows `--` is somebody else's.
    const workload = at === 0 || command.slice(0, at).includes('--') ? undefined : parseWorkloadWord(word)
    words.push(workload === undefined ? word : await agentOf(workload))
  }
  return words
}
