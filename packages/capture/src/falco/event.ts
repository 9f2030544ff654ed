import { hash } from 'node:crypto'
import { agentIdOf } from '@holdfast/model'
import type { AgentId, ProcessKey } from '@holdfast/model'
import { field, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { workloadOf } from '../tetragon/event.ts'

/** One alert of Falco's JSON output. Untrusted. */
export type FalcoEvent = { readonly whole: JsonObject; readonly fields: JsonObject; readonly rule: string }

/** Undefined for anything else. */
export function falcoEvent(json: Json): FalcoEvent | undefined {
  const fields = field(json, 'output_fields')
  const rule = textField(json, 'rule')
  if (!isJsonObject(json) || !isJsonObject(fields) || rule === undefined) return undefined
  return field(json, 'priority') === undefined ? undefined : { whole: json, fields, rule }
}

/** The agent that an alert belongs to: the workload of its pod, else its container, else its host. */
export function falcoAgent({ whole, fields }: FalcoEvent): { readonly agent: AgentId; readonly agentName: string } {
  const workload = textField(fields, 'k8s.deployment.name') ?? workloadOf(textField(fields, 'k8s.pod.name'))
  if (workload !== undefined) {
    const namespace = textField(fields, 'k8s.ns.name')
    const agent = agentIdOf({ kind: 'k8s', workload, ...(namespace === undefined ? {} : { namespace }) })
    return { agent, agentName: workload }
  }
  const host = textField(whole, 'hostname')
  const container = textField(fields, 'container.id')
  // Falco calls what runs outside of containers the container `host`.
  const isHost = container === undefined || container === 'host'
  const service = isHost ? '' : (textField(fields, 'container.name') ?? `container ${container.slice(0, 12)}`)
  const agent = agentIdOf({ kind: 'host', service, ...(host === undefined ? {} : { host }) })
  return { agent, agentName: service === '' ? (host ?? 'unknown') : service }
}

/**
 * Names a process by its pid and its start, where the rule's output has both (`proc.pid.ts`). A pid alone is used again
 * and names nothing.
 */
export function falcoProcess({ whole, fields }: FalcoEvent, pid: string): ProcessKey | undefined {
  const [number, start] = [numberText(fields[pid]), numberText(fields[`${pid}.ts`])]
  if (number === undefined || start === undefined) return undefined
  return `${hash('sha256', `node ${textField(whole, 'hostname') ?? ''}`, 'hex').slice(0, 8)}.${number}.${start}`
}

function numberText(value: Json | undefined): string | undefined {
  const text = typeof value === 'number' || typeof value === 'bigint' ? `${value}` : value
  return typeof text === 'string' && /^\d{1,20}$/.test(text) ? text : undefined
}
