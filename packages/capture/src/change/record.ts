import { agentIdOf, parseAgentId, parseRfc3339 } from '@holdfast/model'
import { field, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import type { ForeignEvent } from '../import/foreign-entries.ts'
import { readGitDeployment } from './git.ts'
import { readGitMerge } from './git-merge.ts'
import { readKubernetesChange } from './kubernetes.ts'
import { changeKind, readPlainChange } from './plain.ts'
import type { ChangeReading } from './stated-change.ts'

/**
 * The frame that names the agent of a record which does not: `{"holdfastChange": {"agent", "at", "record"}}`, with the
 * record of the other system verbatim, or the change in plain words. `as` says what a push or a merge of a Git host is. Bare records of Kubernetes and of Git hosts are read
 * as they come. Undefined for anything else.
 */
export function readChange(json: Json): ChangeReading | undefined {
  const frame = field(json, 'holdfastChange')
  if (frame === undefined) return readKubernetesChange(json) ?? readGitDeployment(json)
  const record = field(frame, 'record') ?? frame
  const as = changeKind(textField(frame, 'as'))
  const read =
    readKubernetesChange(record) ??
    readGitDeployment(record) ??
    (as === undefined ? undefined : readGitMerge(record, as)) ??
    readPlainChange(record)
  if (read === undefined) return undefined
  const at = parseRfc3339(textField(frame, 'at') ?? '') ?? read.at
  return { ...read, at, agent: agentOf(frame) ?? read.agent }
}

/** The record as the importer stores it; undefined where it is none, or is nobody's. */
export function changeRecord(json: Json): ForeignEvent | undefined {
  const read = readChange(json)
  if (read?.agent === undefined) return undefined
  return {
    format: 'change',
    channel: 'change',
    encoding: 'change-json',
    tier: read.tier,
    agent: read.agent.id,
    agentName: read.agent.name,
    at: read.at,
  }
}

/** `k8s:<cluster>/<namespace>/<workload>` or `host:<host>/<service>` as text, or the same parts by name. */
function agentOf(frame: Json): ChangeReading['agent'] {
  const stated = field(frame, 'agent')
  if (typeof stated === 'string') {
    const id = parseAgentId(stated)
    return id === undefined ? undefined : { id, name: id.slice(id.lastIndexOf('/') + 1) }
  }
  if (!isJsonObject(stated)) return undefined
  const workload = textField(stated, 'workload')
  if (workload !== undefined)
    return { id: agentIdOf({ kind: 'k8s', workload, ...parts(stated, 'cluster', 'namespace') }), name: workload }
  const service = textField(stated, 'service')
  if (service === undefined) return undefined
  return { id: agentIdOf({ kind: 'host', service, ...parts(stated, 'host') }), name: service }
}

function parts<K extends string>(object: JsonObject, ...names: readonly K[]): { readonly [N in K]?: string } {
  const found: { [N in K]?: string } = {}
  for (const name of names) {
    const text = textField(object, name)
    if (text !== undefined) found[name] = text
  }
  return found
}
