import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { CABLE } from './limits.ts'
import type { Host } from './private-network.ts'

/** Neighbours are named for good, so that nothing of the kernel's own stands among what an agent sends. */
const MACS = { near: '02:00:00:00:00:01', far: '02:00:00:00:00:02' } as const

/**
 * Joins a host of another network namespace to this one by a virtual cable: what goes to it leaves by a real interface,
 * whose counter says how much. It ends with this process.
 */
export async function joinPeer({ address, port }: Host): Promise<void> {
  const ip = (...words: readonly string[]): void => void execFileSync('ip', words)
  const near = address.replace(/\d+$/, (last) => String(Number(last) ^ 1))
  const program = fileURLToPath(new URL('../../../src/incidents/network/outer-peer.ts', import.meta.url))
  const args = ['--disable-warning=ExperimentalWarning', program, address, String(port), near, MACS.near]
  const peer = spawn('unshare', ['--net', process.execPath, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]()
  const says = async (wanted: string): Promise<void> => {
    const { value } = (await lines.next()) as { readonly value?: string } // a line, or none at its end
    if (value !== wanted) throw new Error(`the host ${address} did not come up: ${value ?? 'it ended'}`)
  }
  await says('ready')
  const far = ['peer', 'name', 'cable', 'address', MACS.far, 'netns', String(peer.pid)]
  ip('link', 'add', CABLE, 'address', MACS.near, 'type', 'veth', ...far)
  writeFileSync(`/proc/sys/net/ipv6/conf/${CABLE}/disable_ipv6`, '1')
  ip('address', 'add', `${near}/31`, 'dev', CABLE)
  ip('link', 'set', CABLE, 'up')
  ip('neighbour', 'add', address, 'lladdr', MACS.far, 'dev', CABLE, 'nud', 'permanent')
  peer.stdin.write('joined\n')
  await says('listening')
  peer.unref()
}
