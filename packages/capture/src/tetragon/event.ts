import { hash } from 'node:crypto'
import { agentIdOf, parseRfc3339, parseUnixNano } from '@holdfast/model'
import type { AgentId, ProcessKey, UnixNano } from '@holdfast/model'
import { field, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'

/** One event of Tetragon's JSON export: the name of its kind and what stands below it. Untrusted. */
export type TetragonEvent = { readonly kind: string; readonly body: Json; readonly whole: Json }

const KIND = /^process_[a-z_]{2,32}$/

/** Undefined for anything else. Events quoted in a record (`{"event": {...}}`) count as well. */
export function tetragonEvent(json: Json): TetragonEvent | undefined {
  for (const whole of [json, field(json, 'event')]) {
    if (!isJsonObject(whole)) continue
    const kind = Object.keys(whole).find((key) => KIND.test(key))
    const body = kind === undefined ? undefined : field(whole, kind)
    if (kind === undefined || !isJsonObject(field(body, 'process'))) continue
    return { kind, body: body ?? null, whole }
  }
  return undefined
}

/** The agent that an event belongs to: the workload of its pod, else its container, else its node. */
export function tetragonAgent({ body, whole }: TetragonEvent): { readonly agent: AgentId; readonly agentName: string } {
  const process = field(body, 'process')
  const pod = field(process, 'pod')
  const node = textField(whole, 'node_name')
  const workload = textField(pod, 'workload') ?? workloadOf(textField(pod, 'name'))
  if (workload !== undefined) {
    const cluster = textField(whole, 'cluster_name')
    const namespace = textField(pod, 'namespace')
    const agent = agentIdOf({
      kind: 'k8s',
      workload,
      ...(cluster === undefined ? {} : { cluster }),
      ...(namespace === undefined ? {} : { namespace }),
    })
    return { agent, agentName: workload }
  }
  const container = textField(process, 'docker')
  const service = container === undefined ? '' : `container ${container.slice(0, 12)}`
  const agent = agentIdOf({ kind: 'host', service, ...(node === undefined ? {} : { host: node }) })
  return { agent, agentName: service === '' ? (node ?? 'unknown') : service }
}

/** `shop-56f8fc6988-pb8c7` is a pod of the Deployment `shop`; a name of another form is the pod's own. */
export function workloadOf(pod: string | undefined): string | undefined {
  return pod?.replace(/-[a-f0-9]{6,10}-[a-z0-9]{5}$/, '')
}

/** When the event says it happened; 0 where it does not. */
export function timeOf(text: string | undefined): UnixNano {
  // 0 is in range.
  return parseRfc3339(text ?? '') ?? (parseUnixNano(0n) as UnixNano)
}

/**
 * Names the process of an `exec_id`, which is `<node>:<ns on the boot clock>:<pid>` in base64 and another one after each
 * exec. Tetragon does not tell the boot, so the node stands in its place.
 */
export function processKey(execId: string | undefined): ProcessKey | undefined {
  if (execId === undefined || execId.length > 1024) return undefined
  const parts = /^(.*):(\d{1,20}):(\d{1,10})$/s.exec(Buffer.from(execId, 'base64').toString('utf8'))
  if (parts === null) return undefined
  return `${hash('sha256', `node ${parts[1]}`, 'hex').slice(0, 8)}.${parts[3]}.${parts[2]}`
}
