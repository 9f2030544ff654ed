import { askUpstream, Giver, Taker, type HandOverEnd, type KnownRoster } from '@holdfast/proxy'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import type { Presented } from '../../roster/admission.ts'
import { ownKey } from '../../roster/own-key.ts'
import type { McpFlags } from './command.ts'

/** True where what passes goes from one agent to another. */
export function isHandingOver({ peer, fromPeers }: McpFlags): boolean {
  return peer !== undefined || fromPeers
}

/** Throws where flags do not fit each other, before anything is started. */
export function checkHandOverFlags(flags: McpFlags, { agent, keyFile }: Presented): void {
  if (!isHandingOver(flags)) return
  const { peer, fromPeers, url } = flags
  if (peer !== undefined && fromPeers)
    throw new CliError('usage', '--peer is for who hands work over, --from-peers for who takes it: name one of them')
  if (url === undefined)
    throw new CliError('usage', 'another agent is reached over the network: name its address with --url')
  if (keyFile === undefined)
    throw new CliError('usage', 'both ends prove their names: name the key with --agent-key, or HOLDFAST_AGENT_KEY')
  if (peer === agent) throw new CliError('usage', `${inert(agent)} is no peer of itself`)
}

/** The end of a hand-over that this proxy stands for; undefined where none passes it. */
export function handOverEnd(
  { cwd }: CliContext,
  { peer, url, fromPeers }: McpFlags,
  { presented, roster }: { readonly presented: Presented; readonly roster: KnownRoster },
): HandOverEnd | undefined {
  const { agent, keyFile } = presented
  if (url === undefined || keyFile === undefined || (peer === undefined && !fromPeers)) return undefined
  const own = { name: agent, key: ownKey(cwd, keyFile) }
  const now = (): number => Date.now()
  if (peer === undefined) return new Taker({ own, roster, now })
  return new Giver({ own, peer, roster, now, ask: (request) => askUpstream(url, request) })
}
