import { parseHostEgress, type Allowed, type EnvelopeCitation, type PolicyArtifact } from '@holdfast/model'
import { addressOf } from '@holdfast/observe'

/** What stays reachable of an egress list, and where each of it stands in the list. */
export type Restricted = { readonly allow: readonly Allowed[]; readonly envelope: EnvelopeCitation }

/**
 * An agent's own egress list without the hosts that are to be shut: the list by which its violations are found is the one by which
 * it is held. The same artifact and the same hosts give the same bytes. Undefined for any other kind of artifact.
 */
export function restrictedBy(artifact: PolicyArtifact, shut: readonly string[]): Restricted | undefined {
  const list = artifact.kind === 'host-egress' ? parseHostEgress(artifact.document) : undefined
  if (list === undefined || 'fault' in list) return undefined
  const closed = new Set(shut.map(hostOf))
  const lines = new Map(artifact.lines.map((line) => [line.pointer, line]))
  const entries = list.egress.map((entry, at) => {
    const pointer = `/egress/${at}`
    const line = lines.get(pointer)
    // A host goes by its name, by the addresses that it was seen at, and in words by both.
    const named = /\(([^()]+)\)$/.exec(line?.what ?? '')?.[1]
    const hosts = [
      'name' in entry ? entry.name : entry.address,
      ...(line?.grounds.map(({ key }) => key) ?? []),
      ...(named === undefined ? [] : [named]),
    ]
    // A hold takes no patterns: who is held reaches no more than what it can be told.
    const isPattern = 'name' in entry && entry.name.includes('*')
    return { entry, pointer, isShut: isPattern || hosts.some((host) => closed.has(hostOf(host))) }
  })
  return {
    allow: entries.filter(({ isShut }) => !isShut).map(({ entry }) => entry),
    envelope: {
      artifact: artifact.id,
      kind: artifact.kind,
      profile: artifact.profile.digest,
      lines: entries.filter(({ isShut }) => !isShut).map(({ pointer }) => pointer),
      shut: entries.filter(({ isShut }) => isShut).map(({ pointer }) => pointer),
    },
  }
}

/** Whatever of it the port is: who sends harm to a host does not send good to another door of it. */
export function hostOf(name: string): string {
  const bare = name.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').toLowerCase()
  const bracketed = /^\[([0-9a-f:.]+)\]/.exec(bare)?.[1]
  return bracketed ?? addressOf(bare) ?? addressOf(`${bare}:0`) ?? bare.replace(/[:/].*$/, '')
}
