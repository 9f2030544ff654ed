import { readFileSync } from 'node:fs'
import {
  addressBits,
  parseHostEgress,
  type AllowedAddress,
  type EgressList,
  type HostEgress,
  type PolicyArtifact,
  type PolicyMode,
} from '@holdfast/model'
import { CliError } from '../../../cli-error.ts'
import type { CliContext } from '../../../context.ts'
import type { Api } from '../../../server/api.ts'
import { confinementOf, type Confinement } from '../seccomp/confinement.ts'
import { inMode } from './in-mode.ts'
import { loopbackResolvers } from './resolvers.ts'
import { readArtifacts } from './read-artifacts.ts'
import { standingNote } from './standing.ts'

/** One artifact as a run is under it. */
export type Applied = { readonly artifact: PolicyArtifact; readonly mode: PolicyMode }

/** The policies that one run is under: at most one of each layer. */
export type RunPolicy = {
  readonly seccomp: (Applied & { readonly confinement: Confinement }) | undefined
  readonly egress: (Applied & { readonly list: EgressList }) | undefined
  /** What is to be known of them beforehand, a sentence each. */
  readonly notes: readonly string[]
}

export type PolicyFlags = {
  readonly policy?: readonly string[]
  readonly mode?: PolicyMode
  readonly loopback?: 'own' | 'any'
}

/**
 * What `--policy` names, looked at before anything begins. Undefined where it is not given. Throws {@link CliError} where one
 * is not to be understood, is of no layer of a host, or nothing here can apply it.
 */
export async function readRunPolicy(context: CliContext, flags: PolicyFlags, api: Api): Promise<RunPolicy | undefined> {
  const { policy: named = [], mode = 'monitor', loopback = 'own' } = flags
  if (named.length === 0) return undefined
  const artifacts: PolicyArtifact[] = []
  for (const one of named) {
    const found = (await readArtifacts(one, { cwd: context.cwd, api })).filter(isOfHost)
    if (found.length === 0) throw new CliError('usage', `${one}: holds no artifact of a host: seccomp or host-egress`)
    artifacts.push(...found)
  }
  const [seccomp, egress] = [oneOf(artifacts, 'seccomp'), oneOf(artifacts, 'host-egress')]
  const notes: string[] = []
  for (const one of [seccomp, egress]) {
    const note = one === undefined ? undefined : await standingNote(one, mode, { api, now: Date.now() })
    if (note !== undefined) notes.push(note)
  }
  return {
    seccomp: seccomp === undefined ? undefined : confined({ artifact: seccomp, mode }, context.env),
    egress: egress === undefined ? undefined : listed({ artifact: egress, mode }, loopback),
    notes,
  }
}

function isOfHost({ kind }: PolicyArtifact): boolean {
  return kind === 'seccomp' || kind === 'host-egress'
}

/** The same artifact may be in two files. */
function oneOf(artifacts: readonly PolicyArtifact[], kind: 'seccomp' | 'host-egress'): PolicyArtifact | undefined {
  const found = artifacts.filter((one) => one.kind === kind)
  const ids = new Set(found.map(({ id }) => id))
  if (ids.size > 1)
    throw new CliError('usage', `--policy: names ${ids.size} different policies of ${kind}; a run is under one`)
  return found[0]
}

function confined(applied: Applied, env: NodeJS.ProcessEnv): NonNullable<RunPolicy['seccomp']> {
  const { artifact, mode } = applied
  const text = Buffer.from(JSON.stringify(artifact.document))
  const confinement = confinementOf(text, { name: `the seccomp policy ${artifact.id.slice(0, 12)}`, env })
  return { ...applied, confinement: { ...confinement, profile: inMode(confinement.profile, mode) } }
}

/**
 * Addresses at which the profile saw the names of the list. The kernel knows them from the first instruction, while an answer of
 * the run's own name server reaches the agent before it reaches the list.
 */
function seenAt({ lines }: PolicyArtifact, { egress }: HostEgress): readonly AllowedAddress[] {
  const found = new Map<string, AllowedAddress>()
  for (const { pointer, grounds } of lines) {
    const entry = egress[Number(/^\/egress\/(\d+)$/.exec(pointer)?.[1] ?? -1)]
    if (entry === undefined || !('name' in entry)) continue
    const { port, protocol } = entry
    for (const { key } of grounds) {
      const address = key.slice(0, key.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1')
      const prefix = addressBits(address)
      if (prefix !== undefined) found.set(`${address} ${port} ${protocol}`, { address, prefix, port, protocol })
    }
  }
  return [...found.values()]
}

/** Every address of the loopback interface: what else listens on the machine is let to by an operator's word alone. */
const LOOPBACK = [
  { address: '127.0.0.0', prefix: 8 },
  { address: '::ffff:127.0.0.0', prefix: 104 },
  { address: '::1', prefix: 128 },
]

function listed(applied: Applied, loopback: 'own' | 'any'): NonNullable<RunPolicy['egress']> {
  const { artifact, mode } = applied
  const document = parseHostEgress(artifact.document)
  if ('fault' in document)
    throw new CliError('usage', `the egress policy ${artifact.id.slice(0, 12)}: ${document.fault}`)
  const resolvers = document.egress.some((one) => 'name' in one) ? loopbackResolvers(resolvConf()) : []
  const any = LOOPBACK.flatMap((one) => (['tcp', 'udp'] as const).map((protocol) => ({ ...one, port: 0, protocol })))
  const allow = [...document.egress, ...seenAt(artifact, document), ...resolvers, ...(loopback === 'any' ? any : [])]
  return { ...applied, list: { artifact: artifact.id, mode, validUntil: artifact.validUntil, allow } }
}

/** Empty where the machine has none: then nothing on it resolves names by a server. */
function resolvConf(): string {
  try {
    return readFileSync('/etc/resolv.conf', 'utf8')
  } catch {
    return ''
  }
}
